import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'vitest';
import { tokenScopes } from '#domain/permissions.ts';
import { test } from '#tests/db.ts';
import type { Calling } from '#tests/serve.ts';
import { openapiOf } from './openapi.ts';
import { routes } from './routes.ts';

interface Operation {
  operationId: string;
  security: Record<string, string[]>[];
  parameters?: { name: string; in: string }[];
}
interface Contract {
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: Record<string, { type: string; name?: string }> };
}

test('the contract is valid by the official schema of OpenAPI 3.1', async ({ serve }) => {
  const { status, body } = await serve.get('/api/openapi.json');
  expect(status).toBe(200);
  const validator = new Validator();
  const { valid, errors } = await validator.validate(body as Record<string, unknown>);
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  expect(validator.version).toBe('3.1');
});

test('the contract holds every route, under a name of its own and with what stands in its path', async ({
  serve,
}) => {
  const operations = await operationsOf(serve);
  const there = routes.map(
    ({ method, path }) => `${method} /api${path.replaceAll(/:(\w+)/g, '{$1}')}`,
  );
  expect([...operations.keys()].toSorted()).toEqual(there.toSorted());
  const names = [...operations.values()].map(({ operationId }) => operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const [at, { parameters = [] }] of operations) {
    const named = parameters.filter((one) => one.in === 'path').map(({ name }) => `{${name}}`);
    expect(named, at).toEqual(at.match(/\{\w+\}/g) ?? []);
  }
});

test('the contract says of each route who may call it: a token with its scope, a person, or anybody', async ({
  serve,
}) => {
  const operations = await operationsOf(serve);
  const scopes = tokenScopes as readonly string[];
  for (const { method, path, needs } of routes) {
    const at = `${method} /api${path.replaceAll(/:(\w+)/g, '{$1}')}`;
    const person = { session: [] };
    const either = scopes.includes(needs) ? [{ token: [needs] }, person] : [person];
    expect(operations.get(at)!.security, at).toEqual(needs === 'nobody' ? [] : either);
  }
  expect(operations.get('post /api/v1/leads')!.security).toContainEqual({ token: ['leads:write'] });
  expect(operations.get('post /api/tokens')!.security).toEqual([{ session: [] }]);
});

test('the contract names the cookie that signing in sets, on http and on https', async ({
  serve,
}) => {
  const { cookie } = await serve.signedUp();
  expect(cookie).toMatch(new RegExp(`^${cookieNamedAt('http://crm.example')}=`));
  expect(cookieNamedAt('https://crm.example')).toBe('__Host-throughline');
});

test('the pages of the contract come from this host alone', async ({ serve }) => {
  const page = await serve.get('/api-docs');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toMatch("default-src 'self'");
  const html = String(page.body);
  for (const [, address] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
    expect(address).toMatch(/^\/api-docs\//);
    expect((await serve.get(address!)).status, address).toBe(200);
  }
});

test('the server is told to start by nothing but its settings', () => {
  expect(readFileSync('api/server.ts', 'utf8')).not.toMatch(/process\.env/);
});

async function operationsOf(serve: Calling): Promise<Map<string, Operation>> {
  const { paths } = (await serve.get('/api/openapi.json')).body as Contract;
  return new Map(
    Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => [`${method} ${path}`, operation]),
    ),
  );
}

function cookieNamedAt(url: string): string | undefined {
  return (openapiOf(routes, url) as Contract).components.securitySchemes['session']!.name;
}
