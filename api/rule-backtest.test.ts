import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Scope } from '#db/scope.ts';
import { test } from '#tests/db.ts';
import { daysBefore, dealIn, stageOf, touchesOn } from '#tests/risks.ts';

const now = new Date().toISOString();

function rule(values: object = {}): object {
  return {
    ...{ id: 'large_deal', name: 'Large deal', category: 'CUSTOM', severity: 'CRITICAL' },
    description: 'A deal that is large.',
    condition: { field: 'amountCents', operator: 'greater_than', value: { threshold: 'size' } },
    thresholds: { size: { value: 2_500_000, unit: 'cents', label: 'Size' } },
    ...{ message: '{{amountCents}} is large', remediation_action: 'Look at it' },
    ...{ remediation_owner: 'manager', automatable: false, examples: [] },
    ...values,
  };
}

/** A deal that was closed so many days ago, with what was recorded of it so many days before that. */
async function closed(
  scope: Scope,
  { status, ago, days }: { status: 'won' | 'lost'; ago: number; days: [number, number][] },
): Promise<string> {
  const at = daysBefore(now, ago);
  const end = status === 'won' ? { wonAt: at } : { lostAt: at, lostReason: 'price' };
  const id = await dealIn(scope, `closed_${status}`, {
    ...{ status, ...end, createdAt: daysBefore(now, ago + 60), amountCents: 1, typedCents: 1 },
  });
  const stage = await stageOf(scope, 'proposal');
  for (const [before, amountCents] of days) {
    const row = { workspaceId: scope.workspaceId, dealId: id, stageId: stage.id };
    const takenOn = daysBefore(now, ago + before).slice(0, 10);
    await scope.db
      .insertInto('dealSnapshots')
      .values({ ...row, pipelineId: stage.pipelineId, takenOn, status: 'open', amountCents })
      .execute();
  }
  return id;
}

test('a rule is held against the deals that were closed, as each day recorded them', async ({
  serve,
  inside,
}) => {
  await inside(async (scope) => {
    await closed(scope, {
      status: 'lost',
      ago: 10,
      days: [
        [20, 900_000],
        [12, 3_000_000],
        [2, 3_000_000],
      ],
    });
    await closed(scope, { status: 'lost', ago: 20, days: [[21, 9_000_000]] });
    await closed(scope, { status: 'lost', ago: 30, days: [[5, 1_600_000]] });
    await closed(scope, { status: 'won', ago: 40, days: [[5, 3_000_000]] });
    await closed(scope, { status: 'won', ago: 50, days: [[5, 100]] });
    await closed(scope, { status: 'lost', ago: 500, days: [[5, 9_000_000]] });
  });
  const { status, body } = await serve.post('/api/rules/backtest', { rule: rule() });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    ...{ closed: 5, recorded: 5, isPart: false, unknown: [] },
    ...{ fired: { lost: 2, won: 1 }, notFired: { lost: 1, won: 1 } },
    others: [
      { value: 1_500_000, isCurrent: false, fires: 4, lostShare: 0.75 },
      { value: 2_500_000, isCurrent: true, fires: 3, lostShare: 2 / 3 },
      { value: 4_000_000, isCurrent: false, fires: 1, lostShare: 1 },
    ],
  });
  // The end of the twelfth and of the twenty-first day before, as the clock of the workspace has it.
  const { warnedDaysBefore } = body as { warnedDaysBefore: number };
  expect(warnedDaysBefore).toBeGreaterThanOrEqual(15);
  expect(warnedDaysBefore).toBeLessThanOrEqual(16.5);
});

test('where no day was recorded a deal is seen as its changes say that it was', async ({
  serve,
  inside,
}) => {
  await inside(async (scope) => {
    const { workspaceId, db } = scope;
    const lostAt = daysBefore(now, 5);
    const dealId = await dealIn(scope, 'closed_lost', {
      ...{ status: 'lost', lostAt, lostReason: 'price', createdAt: daysBefore(now, 60) },
      ...{ amountCents: 100, typedCents: 100 },
    });
    const [from, to] = [await stageOf(scope, 'proposal'), await stageOf(scope, 'closed_lost')];
    for (const [at, before, after] of [
      [daysBefore(now, 15), { amountCents: 5_000_000 }, { amountCents: 100 }],
      [lostAt, { stageId: from.id, status: 'open' }, { stageId: to.id, status: 'lost' }],
    ] as const)
      await db
        .insertInto('dealEvents')
        .values({
          ...{ workspaceId, dealId, kind: 'changed', actor: 'rep', at },
          ...{ before: JSON.stringify(before), after: JSON.stringify(after) },
        })
        .execute();
  });
  const { body } = await serve.post('/api/rules/backtest', { rule: rule() });
  expect(body).toMatchObject({
    ...{ closed: 1, recorded: 0, fired: { lost: 1, won: 0 }, warnedDaysBefore: 51 },
  });
});

test('silence is told from what was said until each day', async ({ serve, inside }) => {
  await inside(async (scope) => {
    const days = [40, 33, 20, 10, 3].map((before): [number, number] => [before, 100]);
    const talked = await closed(scope, { status: 'won', ago: 5, days });
    await touchesOn(scope, talked, now, 48, 40, 16, 8);
    await closed(scope, { status: 'lost', ago: 5, days });
  });
  const silent = rule({
    condition: {
      field: 'lastActivityAt',
      operator: 'older_than_days',
      value: { threshold: 'quiet' },
    },
    thresholds: { quiet: { value: 14, unit: 'days', label: 'Quiet' } },
  });
  const { body } = await serve.post('/api/rules/backtest', { rule: silent });
  expect(body).toMatchObject({
    fired: { lost: 1, won: 1 },
    others: [{ value: 8 }, {}, { value: 22 }],
  });
  const longer = { ...silent, thresholds: { quiet: { value: 22, unit: 'days', label: 'Quiet' } } };
  const again = await serve.post('/api/rules/backtest', { rule: longer });
  expect(again.body).toMatchObject({ fired: { lost: 1, won: 0 } });
});

test('what is not known of the past is told, and nothing fires for want of it', async ({
  serve,
  inside,
}) => {
  await inside((scope) => closed(scope, { status: 'lost', ago: 5, days: [[3, 100]] }));
  const unsigned = rule({
    condition: { not: { field: 'signedDocuments', operator: 'greater_than', value: 0 } },
    thresholds: {},
  });
  const { body } = await serve.post('/api/rules/backtest', { rule: unsigned });
  expect(body).toMatchObject({ unknown: ['signedDocuments'] });
});

test('a backtest of a rule with a mistake says its line, and one of nothing finds nothing', async ({
  serve,
}) => {
  const wrong = await serve.post('/api/rules/backtest', { text: 'id: x\nname: [' });
  expect(wrong).toMatchObject({ status: 400, body: { errors: [{ line: 2 }] } });
  expect((await serve.post('/api/rules/backtest', { id: 'nothing' })).status).toBe(404);
  const { body } = await serve.post('/api/rules/backtest', { id: 'close_date_past', months: 3 });
  expect(body).toMatchObject({ closed: 0, warnedDaysBefore: null, fired: { lost: 0, won: 0 } });
});

test('another workspace’s past is no part of a backtest', async ({ serve, db, inside }) => {
  await inside((scope) => closed(scope, { status: 'lost', ago: 5, days: [[3, 9_000_000]] }));
  const ada = await serve.signedUp('Ada');
  const { body } = await ada.post('/api/rules/backtest', { rule: rule() });
  expect(body).toMatchObject({ closed: 0 });
  const { rows } = await sql<{ count: number }>`select count(*) from deal_snapshots`.execute(db);
  expect(rows[0]!.count).toBeGreaterThan(0);
});
