import { expect } from 'vitest';
import { stringify } from 'yaml';
import { inWorkspace } from '#db/scope.ts';
import { test as base } from '#tests/db.ts';
import { daysBefore, dealIn } from '#tests/risks.ts';
import { caller, type Calling } from '#tests/serve.ts';

const now = new Date().toISOString();

interface Listed {
  id: string;
  enabled: boolean;
  severity: string;
  fires: number | null;
  isCustom: boolean;
  hasDraft: boolean;
  changed: object | null;
  thresholds: Record<string, { value: number }>;
  version: number;
}

/** A workspace with three open deals: one for each amount. */
const test = base.extend('deals', async ({ inside }) =>
  inside(async (scope) => {
    const far = { expectedCloseOn: '2031-01-15', createdAt: daysBefore(now, 3) };
    const ids = [];
    for (const [index, amountCents] of [900_000, 4_000_000, 9_000_000].entries())
      ids.push(
        await dealIn(scope, 'proposal', {
          ...{ ...far, amountCents, typedCents: amountCents, name: `Deal ${index}` },
        }),
      );
    return ids;
  }),
);

const large = {
  ...{ id: 'large_deal', name: 'Large deal', category: 'CUSTOM', severity: 'CRITICAL' },
  description: 'A deal that is large.',
  condition: { field: 'amountCents', operator: 'greater_than', value: { threshold: 'size' } },
  thresholds: { size: { value: 3_000_000, unit: 'cents', label: 'Size', least: 0 } },
  ...{ message: '{{amountCents}} is large', remediation_action: 'Look at it' },
  ...{ remediation_owner: 'manager', automatable: false },
  examples: [
    { title: 'a large one', facts: { amountCents: 3_000_001 }, fires: true },
    { title: 'just not', facts: { amountCents: 3_000_000 }, fires: false },
  ],
};

async function listed(serve: Calling, id: string): Promise<Listed | undefined> {
  const { body } = await serve.get('/api/rules');
  return (body as { rules: Listed[] }).rules.find((rule) => rule.id === id);
}

async function published(serve: Calling, rule: object = large): Promise<void> {
  expect((await serve.post('/api/rules', { rule })).status).toBe(201);
  const { id } = rule as { id: string };
  expect((await serve.post(`/api/rules/${id}/publish`)).status).toBe(200);
}

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

test('a rule is switched off, sharpened and narrowed for a workspace, and taken back', async ({
  serve,
  deals,
}) => {
  expect(deals).toHaveLength(3);
  await published(serve);
  expect((await listed(serve, 'large_deal'))?.fires).toBe(2);
  const path = '/api/rules/large_deal/override';
  await serve.put(path, { severity: 'INFO', thresholds: { size: 8_000_000 } });
  expect(await listed(serve, 'large_deal')).toMatchObject({
    ...{ fires: 1, severity: 'INFO', thresholds: { size: { value: 8_000_000 } } },
    changed: { severity: 'INFO', thresholds: { size: 8_000_000 } },
  });
  await serve.put(path, { applies_to_stages: ['negotiation'] });
  expect((await listed(serve, 'large_deal'))?.fires).toBe(0);
  await serve.put(path, { enabled: false });
  expect(await listed(serve, 'large_deal')).toMatchObject({ fires: null, enabled: false });
  expect((await serve.del(path)).status).toBe(200);
  expect(await listed(serve, 'large_deal')).toMatchObject({ fires: 2, changed: null });
  expect((await serve.del(path)).status).toBe(404);
});

test('a threshold that the rule does not have, or out of its bounds, is refused by its name', async ({
  serve,
}) => {
  await published(serve);
  const path = '/api/rules/large_deal/override';
  const unknown = await serve.put(path, { thresholds: { weight: 3 } });
  expect(unknown).toMatchObject({
    ...{ status: 422, body: { errors: [{ field: 'thresholds.weight' }] } },
  });
  const below = await serve.put(path, { thresholds: { size: -1 } });
  expect(below).toMatchObject({
    ...{ status: 422, body: { errors: [{ field: 'thresholds.size' }] } },
  });
  expect((await serve.put('/api/rules/nothing/override', { enabled: false })).status).toBe(404);
});

/** A system of the workspace that may do everything. */
async function systemAt(
  { url, token }: Pick<Calling, 'url'> & { token(scopes?: never, at?: object): Promise<string> },
  workspaceId: string,
): Promise<Calling> {
  const secret = await token(undefined, { workspaceId, actor: 'rep' });
  return caller(url, { authorization: `Bearer ${secret}` });
}

test('what one person sets lies over what the workspace sets, for that person alone', async ({
  db,
  serve,
}) => {
  const ada = await serve.signedUp('Ada');
  await inWorkspace(db, { workspaceId: ada.workspaceId, actor: 'rep' }, (scope) =>
    dealIn(scope, 'proposal', { amountCents: 4_000_000, typedCents: 4_000_000 }),
  );
  await published(ada);
  const system = await systemAt(serve, ada.workspaceId);
  const path = '/api/rules/large_deal/override';
  expect((await system.put(path, { severity: 'WARNING' })).status).toBe(200);
  expect((await ada.put(path, { scope: 'user', enabled: false })).status).toBe(200);
  expect(await listed(ada, 'large_deal')).toMatchObject({ enabled: false, severity: 'WARNING' });
  expect(await listed(system, 'large_deal')).toMatchObject({ enabled: true, fires: 1 });
  expect((await system.put(path, { scope: 'user', enabled: false })).status).toBe(422);
  await ada.del(`${path}?scope=user`);
  expect(await listed(ada, 'large_deal')).toMatchObject({ enabled: true, severity: 'WARNING' });
});

test('a rule of one person is seen and run by nobody else', async ({ serve }) => {
  const ada = await serve.signedUp('Ada');
  const system = await systemAt(serve, ada.workspaceId);
  await ada.post('/api/rules', { rule: large, scope: 'user' });
  await ada.post('/api/rules/large_deal/publish');
  expect(await listed(ada, 'large_deal')).toMatchObject({ isCustom: true, enabled: true });
  expect(await listed(system, 'large_deal')).toBeUndefined();
  expect((await system.get('/api/rules/large_deal')).status).toBe(404);
  expect((await system.get('/api/rules/large_deal/versions/1')).status).toBe(404);
});

test('a rule is written as YAML or as a form, judges when it is published, and is deleted', async ({
  serve,
  deals,
}) => {
  expect(deals).toHaveLength(3);
  const made = await serve.post('/api/rules', { text: stringify(large) });
  expect(made).toMatchObject({ status: 201, body: { id: 'large_deal' } });
  expect(await listed(serve, 'large_deal')).toMatchObject({
    ...{ isCustom: true, hasDraft: true, enabled: false, fires: null },
  });
  expect((await serve.post('/api/rules/large_deal/publish')).body).toEqual({ version: 1 });
  expect(await listed(serve, 'large_deal')).toMatchObject({
    fires: 2,
    hasDraft: false,
    version: 1,
  });
  expect((await serve.post('/api/rules', { rule: large })).status).toBe(409);
  expect((await serve.del('/api/rules/large_deal')).status).toBe(200);
  expect(await listed(serve, 'large_deal')).toBeUndefined();
  const ours = await serve.del('/api/rules/deal_missing_owner');
  expect(ours.status).toBe(409);
});

test('a mistake in a rule is told with its line, and nothing is kept', async ({ serve }) => {
  const text = stringify(large).replace('greater_than', 'larger_than');
  const refused = await serve.post('/api/rules', { text });
  const line = text.split('\n').findIndex((one) => one.includes('larger_than')) + 1;
  expect(refused.status).toBe(400);
  expect(refused.body).toMatchObject({ errors: [{ line }] });
  expect((refused.body as { title: string }).title).toContain(`Line ${line}:`);
  for (const text of [
    '{',
    'a: [',
    'id: x',
    `${'- '.repeat(60)}a`,
    '{'.repeat(9000),
    'a: &a [*a]',
    '',
    'not: '.repeat(9),
  ])
    expect((await serve.post('/api/rules', { text })).status, text.slice(0, 20)).toBe(400);
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map((to, index) => {
      const from = 'abcdefgh'[index];
      return `${to}: &${to} [${Array.from({ length: 9 }, () => `*${from}`).join(',')}]`;
    }),
  ].join('\n');
  expect((await serve.post('/api/rules', { text: bomb })).status).toBe(400);
  expect((await serve.post('/api/rules', {})).status).toBe(400);
  expect((await serve.post('/api/rules', { text: 'x'.repeat(30_000) })).status).toBe(422);
  expect(await listed(serve, 'large_deal')).toBeUndefined();
});

test('a rule that is nested or compares too much is refused', async ({ serve }) => {
  const leaf = { field: 'amountCents', operator: 'greater_than', value: { threshold: 'size' } };
  const deep = Array.from({ length: 6 }).reduce<object>((all) => ({ not: all }), leaf);
  const refused = await serve.post('/api/rules', { rule: { ...large, condition: deep } });
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'condition' }] } });
  const twenty = { all_of: Array.from({ length: 20 }, () => leaf) };
  const wide = { any_of: [twenty, twenty, twenty] };
  expect((await serve.post('/api/rules', { rule: { ...large, condition: wide } })).status).toBe(
    400,
  );
});

test('a draft is kept with its mistakes, and another’s is not written over', async ({ serve }) => {
  await published(serve);
  const path = '/api/rules/large_deal/draft';
  const saved = await serve.put(path, { text: 'id: large_deal\n', rev: 1 });
  expect(saved.status).toBe(200);
  expect((saved.body as { faults: object[] }).faults.length).toBeGreaterThan(0);
  const late = await serve.put(path, { rule: large, rev: 1 });
  expect(late).toMatchObject({ status: 409 });
  const shown = (await serve.get('/api/rules/large_deal')).body as {
    draft: { rev: number };
    text: string;
  };
  expect(shown).toMatchObject({ draft: { text: 'id: large_deal\n', rev: 2 }, enabled: true });
  expect((await serve.post('/api/rules/large_deal/publish')).status).toBe(400);
  const renamed = await serve.put(path, { rule: { ...large, id: 'other' }, rev: 2 });
  expect(renamed.body).toMatchObject({ faults: [{ path: 'id', line: 1 }] });
  expect((await serve.del(path)).status).toBe(200);
  expect((await serve.get('/api/rules/large_deal')).body).toMatchObject({
    draft: null,
    enabled: true,
  });
  expect((await serve.del(path)).status).toBe(404);
});

test('a rule whose own examples do not hold is not published', async ({ serve }) => {
  const examples = [{ title: 'a small one', facts: { amountCents: 5 }, fires: true }];
  await serve.post('/api/rules', { rule: { ...large, examples } });
  const refused = await serve.post('/api/rules/large_deal/publish');
  expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: 'examples' }] } });
});

test('every state of a rule is kept with who brought it about, and two are compared line by line', async ({
  serve,
}) => {
  await published(serve);
  const sharper = { ...large, name: 'Very large deal' };
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

function changesIn(body: unknown): string[] {
  const { lines } = body as { lines: { kind: string; text: string }[] };
  return lines.flatMap(({ kind, text }) => (kind === 'same' ? [] : [`${kind} ${text}`]));
}

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
  const large = documents.find((one) => one.includes('id: large_deal'))!;
  expect(large).toContain('severity: INFO');
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

function rank(severity: string): number {
  return ['CRITICAL', 'WARNING', 'INFO'].indexOf(severity);
}

test('a viewer reads rules and changes none', async ({ serve }) => {
  const reader = caller(serve.url, {
    authorization: `Bearer ${await serve.token(['rules:read'])}`,
  });
  expect((await reader.get('/api/rules')).status).toBe(200);
  expect((await reader.post('/api/rules/try', { rule: large })).status).toBe(200);
  expect((await reader.post('/api/rules', { rule: large })).status).toBe(403);
  expect((await reader.put('/api/rules/close_date_past/override', {})).status).toBe(403);
  const stranger = caller(serve.url, {
    authorization: `Bearer ${await serve.token(['deals:read'])}`,
  });
  expect((await stranger.get('/api/rules')).status).toBe(403);
  expect((await stranger.get('/api/rules/export.yaml')).status).toBe(403);
});
