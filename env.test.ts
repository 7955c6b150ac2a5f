import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readDatabaseEnv, readEnv, readLocalEnv, settings } from './env.ts';

const complete = {
  NODE_ENV: 'production',
  PUBLIC_BASE_URL: 'https://crm.example/',
  DATABASE_URL: 'postgres://throughline:secret@db.example/throughline',
  TEMPORAL_ADDRESS: 'temporal.example:7233',
  AUTH_SECRET: 'x'.repeat(32),
  ENCRYPTION_KEY: 'ab'.repeat(32),
};

test('everything that is wrong with the settings is listed at once', () => {
  const given = { PORT: '99999', DATABASE_URL: 'mysql://x', ENCRYPTION_KEY: 'short' };
  expect(faultsOf(() => readEnv(given))).toEqual([
    'PORT',
    'DATABASE_URL',
    'ENCRYPTION_KEY',
    'TEMPORAL_ADDRESS',
    'AUTH_SECRET',
  ]);
  expect(() => readEnv(given)).toThrow('- AUTH_SECRET: is missing');
});

test('in production secrets are required and the sandbox and the demo are off', () => {
  expect(faultsOf(() => readLocalEnv({ NODE_ENV: 'production' }))).toEqual([
    'DATABASE_URL',
    'TEMPORAL_ADDRESS',
    'AUTH_SECRET',
    'ENCRYPTION_KEY',
    'PUBLIC_BASE_URL',
  ]);
  expect(readEnv(complete)).toMatchObject({ production: true, sandbox: false, demo: false });
  expect(readLocalEnv({})).toMatchObject({ production: false, sandbox: true, demo: true });
});

test('a setting that is named and left empty is not given', () => {
  expect(readLocalEnv({ PORT: '', DATABASE_URL: '' })).toMatchObject({
    port: 3000,
    databaseUrl: undefined,
  });
});

test.each([
  ['127.0.0.1', 'http://localhost:3000'],
  ['0.0.0.0', 'http://localhost:3000'],
  ['crm.example', 'http://crm.example:3000'],
])('who listens on %s is reached at %s unless told otherwise', (HOST, url) => {
  expect(readLocalEnv({ HOST }).publicBaseUrl).toBe(url);
  expect(readEnv({ ...complete, HOST }).publicBaseUrl).toBe('https://crm.example');
});

test('an encryption key is 32 bytes, in hex or base64', () => {
  const key = Buffer.alloc(32, 7);
  for (const text of [key.toString('hex'), key.toString('base64')])
    expect(readEnv({ ...complete, ENCRYPTION_KEY: text }).encryptionKey).toEqual(key);
});

test('addresses that outbound calls may reach are a list, and a word that is none is refused', () => {
  const given = { OUTBOUND_ALLOW: '10.0.0.0/8, ::1/128,gateway.example' };
  expect(readLocalEnv(given).outboundAllow).toEqual(['10.0.0.0/8', '::1/128', 'gateway.example']);
  for (const bad of ['10.0.0.0/33', 'http://x.example', 'a b'])
    expect(faultsOf(() => readLocalEnv({ OUTBOUND_ALLOW: bad }))).toEqual(['OUTBOUND_ALLOW']);
});

test('half of a group of settings is refused by the name of the other half', () => {
  const given = { ...complete, SMS_GATEWAY_URL: 'http://10.1.0.7', SMS_GATEWAY_USERNAME: 'us' };
  expect(faultsOf(() => readEnv(given))).toEqual(['SMS_GATEWAY_PASSWORD']);
});

test('a migration needs the address of the database only', () => {
  const { DATABASE_URL } = complete;
  const given = { NODE_ENV: 'production', DATABASE_URL };
  expect(readDatabaseEnv(given)).toEqual({ databaseUrl: DATABASE_URL });
  expect(faultsOf(() => readDatabaseEnv({}))).toEqual(['DATABASE_URL']);
});

test('the example file names exactly the settings there are and is accepted as it is', () => {
  const text = readFileSync(new URL('./.env.example', import.meta.url), 'utf8');
  const lines = [...text.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=(.*)$/gm)];
  expect(lines.map(([, name]) => name).sort()).toEqual(Object.keys(settings.shape).sort());
  expect(() =>
    readLocalEnv(Object.fromEntries(lines.map(([, name, value]) => [name, value]))),
  ).not.toThrow();
});

function faultsOf(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    return (error as { faults: { field: string }[] }).faults.map(({ field }) => field);
  }
  return [];
}
