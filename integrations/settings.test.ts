import { expect, test } from 'vitest';
import { addressGuard } from './address.ts';
import { integrations } from './index.ts';
import { readSettings } from './settings.ts';

const with_ = { secret: 'made-by-us', guard: addressGuard([]) };

function named(name: string) {
  return integrations.find((integration) => integration.name === name)!;
}

test('what was filled in is parted into what may be shown and what is sealed', () => {
  const given = { url: 'https://sms.example.com', username: 'user', password: 'pass' };
  expect(readSettings(named('sms-gateway'), given, with_)).toEqual({
    settings: { url: 'https://sms.example.com', username: 'user' },
    secrets: { secret: 'made-by-us', password: 'pass' },
  });
});

test('a webhook needs nothing filled in', () => {
  for (const integration of integrations.filter(({ webhook }) => webhook)) {
    expect(readSettings(integration, {}, with_).secrets).toEqual({ secret: 'made-by-us' });
  }
});

test('a secret that the system brings is kept', () => {
  const { secrets } = readSettings(named('resend'), { secret: 'whsec_theirs' }, with_);
  expect(secrets).toEqual({ secret: 'whsec_theirs' });
});

test.each([
  'http://127.0.0.1/',
  'http://169.254.169.254/',
  'ftp://example.com',
  'http://a:b@example.com',
])('an address that may not be called is refused when it is saved: %s', (url) => {
  expect(() => readSettings(named('resend'), { url }, with_)).toThrow(
    expect.objectContaining({
      reason: 'invalid',
      faults: [expect.objectContaining({ field: 'url' })],
    }),
  );
});

test('what is missing is named', () => {
  expect(() => readSettings(named('smtp'), { port: 0 }, with_)).toThrow(
    expect.objectContaining({
      faults: [
        expect.objectContaining({ field: 'host' }),
        expect.objectContaining({ field: 'port' }),
      ],
    }),
  );
});
