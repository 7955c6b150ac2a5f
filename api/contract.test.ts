import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { routes } from './routes.ts';

interface Operation {
  summary?: string;
  responses: Record<string, { description?: string }>;
  parameters?: { name: string; in: string; required?: boolean; schema?: object }[];
}
interface Contract {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
}

test('the contract is OpenAPI 3.1 with every route, its parameters, its answers and its problems', async ({
  serve,
}) => {
  const { status, body } = await serve.get('/api/openapi.json');
  const contract = body as Contract;
  expect(status).toBe(200);
  expect(contract.openapi).toMatch(/^3\.1\./);
  expect(faultsIn(contract)).toEqual([]);
  const listed = Object.entries(contract.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );
  const there = routes.map(
    ({ method, path }) => `${method} /api${path.replaceAll(/:(\w+)/g, '{$1}')}`,
  );
  expect(listed.toSorted()).toEqual(there.toSorted());
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

/** What the specification demands of the structure, beyond being JSON. */
function faultsIn(contract: Contract): string[] {
  const faults: string[] = [];
  const ids = new Set<string>();
  const shapes = new Map<string, string>();
  for (const [path, item] of Object.entries(contract.paths)) {
    const shape = path.replaceAll(/\{\w+\}/g, '{}');
    if (shapes.has(shape)) faults.push(`${path} is the same as ${shapes.get(shape)}`);
    shapes.set(shape, path);
    for (const [method, operation] of Object.entries(item)) {
      const name = `${method} ${path}`;
      const { operationId } = operation as { operationId?: string };
      if (!operationId || ids.has(operationId)) faults.push(`${name}: operationId`);
      ids.add(operationId ?? '');
      if (!operation.summary) faults.push(`${name}: summary`);
      const answers = Object.entries(operation.responses);
      if (!answers.some(([code]) => /^2\d\d$/.test(code))) faults.push(`${name}: no good answer`);
      if (!operation.responses['default']) faults.push(`${name}: no problem`);
      if (answers.some(([, { description }]) => !description)) faults.push(`${name}: description`);
      const named = (operation.parameters ?? []).filter((one) => one.in === 'path');
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, one]) => one);
      if (named.map((one) => one.name).join() !== wanted.join()) faults.push(`${name}: path`);
      if (named.some((one) => one.required !== true || !one.schema))
        faults.push(`${name}: required`);
    }
  }
  const text = JSON.stringify(contract);
  for (const [, ref] of text.matchAll(/"\$ref":"([^"]+)"/g)) {
    const found = ref!
      .split('/')
      .slice(1)
      .reduce<unknown>((at, part) => (at as never)?.[part], contract);
    if (found === undefined) faults.push(`${ref}: points nowhere`);
  }
  return faults;
}

test('the server is told to start by nothing but its settings', () => {
  expect(readFileSync('api/server.ts', 'utf8')).not.toMatch(/process\.env/);
});
