import { expect } from 'vitest';
import { caller } from '#tests/serve.ts';
import { largeDeal, type Listed, published, test } from '#tests/rules.ts';

test('the rules of the house are listed with where each fires and how well the pipeline is', async ({
  serve,
  deals,
}) => {
  const { status, body } = await serve.get('/api/rules');
  expect(status).toBe(200);
  const { rules, counts, health, problems } = body as {
    rules: Listed[];
    counts: Record<string, number>;
    health: { score: number; formula: string };
    problems: string[];
  };
  expect(problems).toEqual([]);
  expect(rules.length).toBe(42);
  expect(counts).toMatchObject({ rules: 42, on: 42, deals: deals.length, flagged: deals.length });
  expect(rules.find(({ id }) => id === 'deal_missing_owner')).toMatchObject({
    ...{ fires: 3, enabled: true, isCustom: false, changed: null, version: 0 },
  });
  expect(counts['fire']).toBe(rules.filter(({ fires }) => fires).length);
  expect(health.score).toBeLessThan(100);
  expect(health.formula).toMatch(/\d/);
});

test('every state of a rule is kept with who brought it about, and two are compared line by line', async ({
  serve,
}) => {
  await published(serve);
  const sharper = { ...largeDeal, name: 'Very large deal' };
  await serve.put('/api/rules/large_deal/draft', { rule: sharper });
  const ahead = await serve.get('/api/rules/large_deal/diff?to=draft');
  expect(changesIn(ahead.body)).toEqual([
    'removed name: Large deal',
    'added name: Very large deal',
  ]);
  await serve.post('/api/rules/large_deal/publish');
  await serve.put('/api/rules/large_deal/override', { severity: 'INFO' });
  const { body } = await serve.get('/api/rules/large_deal');
  const { versions } = body as { versions: { version: number; what: string; by: string }[] };
  expect(versions.map(({ version, what }) => `${version} ${what}`)).toEqual([
    ...['3 Severity info', '2 Published', '1 Published'],
  ]);
  expect(versions[0]!.by).toMatch(/^token:/);
  const last = await serve.get('/api/rules/large_deal/diff');
  expect(changesIn(last.body)).toEqual(['removed severity: CRITICAL', 'added severity: INFO']);
  const first = await serve.get('/api/rules/large_deal/diff?from=1&to=2');
  expect(changesIn(first.body)).toEqual([
    'removed name: Large deal',
    'added name: Very large deal',
  ]);
  const { body: old } = await serve.get('/api/rules/large_deal/versions/1');
  expect((old as { text: string }).text).toContain('name: Large deal');
  expect((await serve.get('/api/rules/large_deal/versions/9')).status).toBe(404);
});

test('a rule of the house shows what its file says as its version 0', async ({ serve }) => {
  const rule = '/api/rules/deal_missing_owner';
  await serve.put(`${rule}/override`, { severity: 'INFO' });
  const diff = await serve.get(`${rule}/diff`);
  expect(changesIn(diff.body)).toEqual(['removed severity: CRITICAL', 'added severity: INFO']);
  const { body } = await serve.get(rule);
  expect(body).toMatchObject({
    ...{ isCustom: false, draft: null, override: { severity: 'INFO' }, rule: { severity: 'INFO' } },
    overrides: { workspace: { severity: 'INFO' }, user: null },
  });
});

test('every fact that a rule may ask for is told with where it comes from', async ({ serve }) => {
  const { body } = await serve.get('/api/rules/facts');
  const { facts } = body as { facts: { name: string }[] };
  expect(facts.find(({ name }) => name === 'amountCents')).toMatchObject({
    ...{ type: 'money', label: 'Amount', inFiles: true, from: expect.any(String) as string },
  });
  expect(facts.length).toBeGreaterThan(40);
});

test('all rules as they hold are one file of YAML that can be read again', async ({ serve }) => {
  await published(serve);
  await serve.put('/api/rules/large_deal/override', { severity: 'INFO' });
  await serve.put('/api/rules/deal_missing_owner/override', { enabled: false });
  const { status, body, headers } = await serve.get('/api/rules/export.yaml');
  expect(status).toBe(200);
  expect(headers.get('content-disposition')).toContain('rules.yaml');
  const documents = String(body).split('---\n');
  expect(documents).toHaveLength(43);
  const own = documents.find((one) => one.includes('id: large_deal'))!;
  expect(own).toContain('severity: INFO');
  const off = documents.find((one) => one.includes('id: deal_missing_owner'))!;
  expect(off).toMatch(/^# Switched off here/);
});

test('one deal is looked at by the rules that hold, the worst first', async ({ serve, deals }) => {
  await published(serve);
  const { body } = await serve.get(`/api/deals/${deals[2]}/review`);
  const { violations, health, counts } = body as {
    violations: { ruleId: string; severity: string; message: string }[];
    health: number;
    counts: { critical: number };
  };
  expect(violations.find(({ ruleId }) => ruleId === 'large_deal')).toMatchObject({
    ...{ severity: 'CRITICAL', message: '$90,000 is large', remediation: 'Look at it' },
  });
  expect(violations.map(({ severity }) => severity)).toEqual(
    violations.map(({ severity }) => severity).toSorted((a, b) => rank(a) - rank(b)),
  );
  expect(counts.critical).toBe(violations.filter(({ severity }) => severity === 'CRITICAL').length);
  expect(health).toBeLessThan(80);
  expect((await serve.get(`/api/deals/${crypto.randomUUID()}/review`)).status).toBe(404);
});

test('a viewer reads rules and changes none', async ({ serve }) => {
  const reader = caller(serve.url, {
    authorization: `Bearer ${await serve.token(['rules:read'])}`,
  });
  expect((await reader.get('/api/rules')).status).toBe(200);
  expect((await reader.post('/api/rules/try', { rule: largeDeal })).status).toBe(200);
  expect((await reader.post('/api/rules', { rule: largeDeal })).status).toBe(403);
  expect((await reader.put('/api/rules/close_date_past/override', {})).status).toBe(403);
  const stranger = caller(serve.url, {
    authorization: `Bearer ${await serve.token(['deals:read'])}`,
  });
  expect((await stranger.get('/api/rules')).status).toBe(403);
  expect((await stranger.get('/api/rules/export.yaml')).status).toBe(403);
});

function changesIn(body: unknown): string[] {
  const { lines } = body as { lines: { kind: string; text: string }[] };
  return lines.flatMap(({ kind, text }) => (kind === 'same' ? [] : [`${kind} ${text}`]));
}

function rank(severity: string): number {
  return ['CRITICAL', 'WARNING', 'INFO'].indexOf(severity);
}
