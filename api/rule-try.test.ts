import { expect } from 'vitest';
import { test as base } from '#tests/db.ts';
import { dealIn } from '#tests/risks.ts';
import type { Calling } from '#tests/serve.ts';

const large = {
  ...{ id: 'large_deal', name: 'Large deal', category: 'CUSTOM', severity: 'CRITICAL' },
  description: 'A deal that is large.',
  applies_to_stages: ['proposal', 'negotiation'],
  condition: {
    all_of: [
      { field: 'amountCents', operator: 'greater_than', value: { threshold: 'size' } },
      { field: 'contactCount', operator: 'less_than', value: 2 },
    ],
  },
  thresholds: { size: { value: 3_000_000, unit: 'cents', label: 'Size' } },
  ...{ message: '{{amountCents}} is large', remediation_action: 'Look at it' },
  ...{ remediation_owner: 'manager', automatable: false },
  examples: [{ title: 'a large one', facts: { amountCents: 1, contactCount: 1 }, fires: true }],
};

const test = base.extend('deals', async ({ inside }) =>
  inside(async (scope) => {
    for (const [name, cents, stage] of [
      ['Small', 900_000, 'proposal'],
      ['Middle', 4_000_000, 'proposal'],
      ['Large', 9_000_000, 'negotiation'],
      ['Early', 9_000_000, 'discovery'],
    ] as const)
      await dealIn(scope, stage, { name, amountCents: cents, typedCents: cents });
    return 4;
  }),
);

interface Trial {
  faults: { line: number; path: string; message: string }[];
  deals: { fire: number; pass: number; notMeant: number; fresh: number };
  rows: { name: string; result: string; isNew: boolean; sees: string; message: string | null }[];
  health: { before: number; after: number };
  examples: { passed: number; failed: { title: string }[] };
}

async function tried(serve: Calling, body: object): Promise<Trial> {
  const reply = await serve.post('/api/rules/try', body);
  expect(reply.status).toBe(200);
  return reply.body as Trial;
}

test('a rule that is being written shows where it would fire on the deals as they are', async ({
  serve,
  deals,
}) => {
  const trial = await tried(serve, { rule: large });
  expect(trial.deals).toEqual({ fire: 2, pass: 1, notMeant: deals - 3, fresh: 2 });
  expect(trial.rows.map(({ name, result }) => `${name} ${result}`)).toEqual([
    ...['Large fires', 'Middle fires', 'Small passes', 'Early not-meant'],
  ]);
  expect(trial.rows[0]).toMatchObject({ sees: 'Contacts 0', message: '$90,000 is large' });
  expect(trial.health.after).toBeLessThan(trial.health.before);
  expect(trial.examples).toMatchObject({ passed: 0, failed: [{ title: 'a large one' }] });
});

test('a rule that holds already says what a change of it would add', async ({ serve, deals }) => {
  expect(deals).toBe(4);
  await serve.post('/api/rules', { rule: { ...large, examples: [] } });
  await serve.post('/api/rules/large_deal/publish');
  const wider = { ...large, thresholds: { size: { ...large.thresholds.size, value: 0 } } };
  const trial = await tried(serve, { rule: wider });
  expect(trial.deals).toMatchObject({ fire: 3, fresh: 1 });
  expect(trial.rows[0]).toMatchObject({ name: 'Small', isNew: true });
  const narrower = await tried(serve, {
    id: 'large_deal',
    override: { thresholds: { size: 5_000_000 } },
  });
  expect(narrower.deals).toMatchObject({ fire: 1, fresh: 0 });
  expect(narrower.health.after).toBeGreaterThan(narrower.health.before);
  const off = await tried(serve, { id: 'large_deal', override: { enabled: false } });
  expect(off.deals).toMatchObject({ fire: 0 });
  const same = await tried(serve, { id: 'large_deal' });
  expect(same.health.after).toBe(same.health.before);
});

test('a mistake while typing is no refusal: it comes with its line', async ({ serve }) => {
  const trial = await tried(serve, { text: 'id: large_deal\nname: [' });
  expect(trial.faults[0]).toMatchObject({ line: 2 });
  expect(trial.deals.fire).toBe(0);
  expect((await serve.post('/api/rules/try', {})).status).toBe(400);
  expect((await serve.post('/api/rules/try', { id: 'nothing' })).status).toBe(404);
});

test('a deal that was changed is seen as it is by the next try', async ({
  serve,
  inside,
  deals,
}) => {
  expect(deals).toBe(4);
  expect((await tried(serve, { rule: large })).deals.fire).toBe(2);
  await inside((scope) =>
    dealIn(scope, 'proposal', { name: 'Another', amountCents: 5_000_000, typedCents: 5_000_000 }),
  );
  expect((await tried(serve, { rule: large })).deals.fire).toBe(3);
});
