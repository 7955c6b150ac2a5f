import { expect } from 'vitest';
import { assessDeals } from '#db/risks.ts';
import type { Scope } from '#db/scope.ts';
import type { Backtest } from '#domain/backtest.ts';
import { test } from '#tests/db.ts';
import { daysBefore, dealIn, stageOf, touchesOn } from '#tests/risks.ts';

const closedAt = '2026-03-18T09:00:00.000Z';

/** A deal that came, stood in the proposal from its thirtieth day on, and ended after a hundred. */
async function closed(scope: Scope, status: 'won' | 'lost', ...calls: number[]): Promise<string> {
  const { db, workspaceId } = scope;
  const values = { status, createdAt: daysBefore(closedAt, 100), amountCents: 100 };
  const at = status === 'won' ? { wonAt: closedAt } : { lostAt: closedAt };
  const dealId = await dealIn(scope, `closed_${status}`, { ...values, ...at, name: status });
  await touchesOn(scope, dealId, closedAt, ...calls);
  for (const [slug, ago] of [
    ['discovery', 70],
    ['proposal', 0],
  ] as const) {
    const { id: stageId } = await stageOf(scope, slug);
    await db
      .insertInto('dealEvents')
      .values({
        ...{ workspaceId, dealId, kind: 'stage_changed', actor: 'rep' },
        ...{ at: daysBefore(closedAt, ago), before: JSON.stringify({ stageId, probability: 20 }) },
      })
      .execute();
  }
  return dealId;
}

test('a backtest says which lost deals other settings would have flagged, how much earlier, and the false alarms', async ({
  serve,
  inside,
}) => {
  await inside(async (scope) => {
    await closed(scope, 'lost');
    await closed(scope, 'lost', 60, 45, 30, 15, 1);
    await closed(scope, 'won', 60, 47, 34, 21, 10);
    await dealIn(scope, 'proposal');
  });
  const changes = { decay: { days: 7, fullDays: 14 }, bands: { high: 0.6 } };
  const reply = await serve.post('/api/risk/backtest', { changes, since: '2026-01-01' });
  expect(reply).toMatchObject({
    status: 200,
    body: {
      ...{ lost: 2, won: 1, isPart: false },
      current: { caught: 1, medianDaysBefore: 28, falseAlarms: 0, precision: 1, recall: 0.5 },
      changed: { caught: 2, falseAlarms: 1, precision: 2 / 3, recall: 1 },
      settings: { current: { decay: { days: 14 } }, changed: { decay: { days: 7 } } },
    },
  });
  const { deals, changed } = reply.body as Backtest;
  expect(changed.medianDaysBefore).toBeGreaterThan(28);
  const left = deals.find(({ current }) => current !== null)!;
  expect(left.current).toEqual({ at: '2026-02-18T09:00:00.000Z', daysBefore: 28 });
  expect(left.changed!.daysBefore).toBeGreaterThan(28);
});

test('a backtest tells what was really flagged, and changes nothing', async ({ serve, inside }) => {
  const id = await inside(async (scope) => {
    const values = { lastActivityAt: daysBefore(closedAt, 40), ownerId: 'rep' };
    const stageEnteredAt = daysBefore(closedAt, 60);
    const id = await dealIn(scope, 'proposal', { ...values, stageEnteredAt });
    await assessDeals(scope, [id], daysBefore(closedAt, 10), 'time passed');
    const lost = { status: 'lost', lostAt: closedAt } as const;
    await scope.db.updateTable('deals').set(lost).where('id', '=', id).execute();
    return id;
  });
  const body = { changes: {}, since: '2026-01-01' };
  const { deals } = (await serve.post('/api/risk/backtest', body)).body as Backtest;
  expect(deals).toMatchObject([{ id, really: { daysBefore: 10 } }]);
  const odd = await serve.post('/api/risk/backtest', { changes: { bands: { high: 0.1 } } });
  expect(odd).toMatchObject({
    ...{ status: 422 },
    body: { errors: [{ field: 'bands.high', message: 'High begins above medium.' }] },
  });
  expect((await serve.get('/api/risk/settings')).body).toMatchObject({ changes: {} });
});
