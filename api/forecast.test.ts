import { expect } from 'vitest';
import type { Scope } from '#db/scope.ts';
import { takeSnapshot } from '#db/snapshots.ts';
import { test as base } from '#tests/db.ts';
import { inZone, putDeal, stageBySlug } from '#tests/forecast-deals.ts';
import { serving } from '#tests/serve.ts';
import type { Backtest, CountedDeal, ForecastPage, SalesForecast } from '#domain/forecast-page.ts';

const NOW = '2026-03-17T15:24:00.000Z';

/** The API on a day in March. */
const test = base.extend('march', async ({ db, who }, { onCleanup }) => {
  const api = await serving(db, who, { now: () => NOW });
  onCleanup(api.stop);
  return api;
});

const fresh = { lastActivityAt: '2026-03-16T12:00:00.000Z' };

test('the forecast by month has the names and the sums that other systems read', async ({
  march,
  inside,
}) => {
  await inside(async (scope) => {
    const big = { amountCents: 60_000_00, probability: 65 };
    const small = { amountCents: 2_500_00, probability: 60 };
    for (const month of ['03', '04', '05'])
      for (const one of [big, small, small])
        await putDeal(scope, { ...one, ...fresh, expectedCloseOn: `2026-${month}-20` });
    await putDeal(scope, { ...big, expectedCloseOn: '2026-06-01' });
  });
  const { status, body } = await march.get('/api/sales/forecast?months=3');
  expect(status).toBe(200);
  const { months, summary } = body as SalesForecast;
  expect(months.map(({ month }) => month)).toEqual(['2026-03', '2026-04', '2026-05']);
  expect(months[0]).toEqual({
    ...{ month: '2026-03', weighted_forecast: 42_000, best_case: 65_000, worst_case: 21_000 },
    ...{ won: 0, won_cents: 0, won_count: 0, deal_count: 3, confidence: 65 },
    weighted_forecast_cents: 42_000_00,
    ...{ best_case_cents: 65_000_00, worst_case_cents: 21_000_00 },
  });
  expect(summary).toMatchObject({
    ...{ total_weighted_forecast: 126_000, total_best_case: 195_000, total_worst_case: 63_000 },
    ...{ total_deals: 9, avg_confidence: 65, total_weighted_forecast_cents: 126_000_00 },
  });
  expect((await march.get('/api/sales/forecast?months=0')).status).toBe(422);
});

test('the page says its formulas and its deals add up to its figures', async ({
  march,
  inside,
}) => {
  await inside(async (scope) => {
    const wonAt = '2026-03-03T12:00:00.000Z';
    await putDeal(scope, { status: 'won', amountCents: 87_300_01, probability: 100, wonAt });
    for (let n = 0; n < 7; n += 1)
      await putDeal(scope, {
        ...{ amountCents: 33_333_33 + n, probability: 17 + 11 * n, expectedCloseOn: '2026-03-30' },
        ...{ ownerId: n % 2 ? 'ines' : null, ...fresh },
      });
    await putDeal(scope, { amountCents: 5_400_00, probability: 15, expectedCloseOn: '2026-09-30' });
  });
  const page = (await march.get('/api/forecast')).body as ForecastPage;
  const [month] = page.months;
  expect(page.formulas.find(({ name }) => name === 'weighted')!.text).toBe(
    'won + Σ amount × probability',
  );
  expect(month).toMatchObject({ month: '2026-03', wonCents: 87_300_01, dealCount: 7, wonCount: 1 });
  expect(page.later).toMatchObject({ dealCount: 1, weightedCents: 810_00 });
  for (const parts of [month!.owners, month!.pipelines])
    for (const figure of ['weightedCents', 'bestCents', 'worstCents', 'wonCents'] as const)
      expect(parts.reduce((sum, part) => sum + part[figure], 0)).toBe(month![figure]);

  const seen = [];
  let next: string | null = '0';
  while (next) {
    const { body } = await march.get(`/api/forecast/deals?month=2026-03&limit=3&cursor=${next}`);
    const some = body as { items: CountedDeal[]; next: string | null };
    seen.push(...some.items);
    next = some.next;
  }
  expect(new Set(seen.map(({ id }) => id)).size).toBe(8);
  expect(seen.every(({ stageId }) => stageId)).toBe(true);
  expect(seen.reduce((sum, { weightedCents }) => sum + weightedCents, 0)).toBe(
    month!.weightedCents,
  );
  const mine = (await march.get('/api/forecast?owner=ines')).body as ForecastPage;
  expect(mine.months[0]!.weightedCents).toBe(
    month!.owners.find(({ ownerId }) => ownerId === 'ines')!.weightedCents,
  );
});

test('what the forecast leaves out is listed with the reason and counts when it is put right', async ({
  march,
  inside,
}) => {
  const [undated, test] = await inside(async (scope) => {
    await scope.db
      .updateTable('stages')
      .set({ isActive: false })
      .where('slug', '=', 'discovery')
      .execute();
    await putDeal(scope, { stage: 'discovery', expectedCloseOn: '2026-03-30', amountCents: 1 });
    await putDeal(scope, { expectedCloseOn: '2026-02-27', amountCents: 2 });
    await putDeal(scope, { expectedCloseOn: '2026-03-30', probability: null, amountCents: 3 });
    return [
      await putDeal(scope, { name: 'Quill Harbor Ferries', amountCents: 5 }),
      await putDeal(scope, { expectedCloseOn: '2026-03-30', amountCents: 4 }),
    ];
  });
  const path = `/api/forecast/deals/${test}`;
  const left = await march.patch(path, { leftOutBecause: 'A test deal' });
  expect(left).toMatchObject({ status: 200, body: { leftOutBecause: 'A test deal' } });
  const { leftOut, months } = (await march.get('/api/forecast')).body as ForecastPage;
  expect(leftOut).toMatchObject({ count: 5, amountCents: 15 });
  expect(leftOut.items.map(({ reason, because }) => [reason, because])).toEqual([
    ['no_close_date', 'No close date'],
    ['by_a_person', 'Left out: A test deal'],
    ['no_probability', 'No probability'],
    ['close_date_passed', 'Close date 2026-02-27 passed'],
    ['inactive_stage', 'Its stage is not active'],
  ]);
  expect(leftOut.items[0]).toMatchObject({ id: undated, name: 'Quill Harbor Ferries' });
  expect(months[0]).toMatchObject({ dealCount: 0, weightedCents: 0 });
  const { left_out } = (await march.get('/api/sales/forecast')).body as SalesForecast;
  expect(left_out).toMatchObject({ count: 5, reasons: { inactive_stage: 1, by_a_person: 1 } });

  await march.patch(path, { leftOutBecause: null });
  const again = (await march.get('/api/forecast')).body as ForecastPage;
  expect(again.months[0]).toMatchObject({ dealCount: 1, bestCents: 4 });
  expect(again.leftOut.count).toBe(4);
  expect((await march.patch(path, { leftOutBecause: '' })).status).toBe(422);
  const nobody = `/api/forecast/deals/${crypto.randomUUID()}`;
  expect((await march.patch(nobody, { leftOutBecause: 'x' })).status).toBe(404);
});

test('a quota and a commitment stand beside the month they are for', async ({ march, inside }) => {
  await inside(async (scope) => {
    const row = { userId: 'ines', name: 'Ines', email: 'ines@us.example', role: 'rep' };
    const { workspaceId } = scope;
    await scope.db
      .insertInto('members')
      .values({ workspaceId, ...row })
      .execute();
    await putDeal(scope, { ownerId: 'ines', expectedCloseOn: '2026-03-30', ...fresh });
  });
  await march.put('/api/quotas', { month: '2026-03', amountCents: 90_000_00 });
  await march.put('/api/quotas', { month: '2026-03', ownerId: 'ines', amountCents: 40_000_00 });
  const given = await march.post('/api/forecast/commit', { month: '2026-03' });
  expect(given).toMatchObject({
    status: 201,
    body: { amountCents: 500_00, weightedCents: 500_00 },
  });
  await march.post('/api/forecast/commit', { month: '2026-03', amountCents: 700_00, note: 'Sure' });
  const [month] = ((await march.get('/api/forecast')).body as ForecastPage).months;
  expect(month).toMatchObject({
    ...{ quotaCents: 90_000_00, committed: { amountCents: 700_00, note: 'Sure' } },
    owners: [{ ownerId: 'ines', name: 'Ines', quotaCents: 40_000_00 }],
  });
  await march.put('/api/quotas', { month: '2026-03', amountCents: null });
  const [without] = ((await march.get('/api/forecast')).body as ForecastPage).months;
  expect(without).toMatchObject({ quotaCents: null, owners: [{ quotaCents: 40_000_00 }] });
  const odd = { month: '2026-03', ownerId: 'nobody', amountCents: 1 };
  expect(await march.put('/api/quotas', odd)).toMatchObject({
    ...{ status: 422, body: { errors: [{ field: 'ownerId' }] } },
  });
  expect((await march.put('/api/quotas', { month: '2026-13', amountCents: 1 })).status).toBe(422);
});

test('the range is drawn from how often deals were won and says its seed', async ({
  march,
  inside,
}) => {
  await inside(async (scope) => {
    const createdAt = '2026-01-05T12:00:00.000Z';
    const [wonAt, lostAt] = ['2026-01-20T12:00:00.000Z', '2026-01-20T12:00:00.000Z'];
    for (let n = 0; n < 30; n += 1) {
      const end = n < 27 ? { status: 'lost' as const, lostAt } : { status: 'won' as const, wonAt };
      const id = await putDeal(scope, { createdAt, ...end });
      const { id: stageId } = await stageBySlug(scope, 'proposal');
      await stoodIn(scope, id, stageId);
    }
    for (let n = 0; n < 20; n += 1)
      await putDeal(scope, {
        ...{ probability: 60, amountCents: 1000_00, expectedCloseOn: '2026-03-30', ...fresh },
        createdAt: '2026-03-01T12:00:00.000Z',
      });
  });
  const [month] = ((await march.get('/api/forecast')).body as ForecastPage).months;
  expect(month!.weightedCents).toBe(12_000_00);
  // Three of thirty were won; the stage's own 60 % count as ten deals: (3 + 6) of 40.
  expect(month!.range).toMatchObject({ expectedCents: 4_500_00, samples: 2000 });
  expect(month!.range.p10Cents).toBeLessThan(month!.range.p50Cents);
  expect(month!.range.p90Cents).toBeLessThan(12_000_00);
  const [same] = ((await march.get('/api/forecast')).body as ForecastPage).months;
  expect(same!.range).toEqual(month!.range);
});

test('what was said on the first of a month stands beside what it became', async ({
  march,
  inside,
}) => {
  const none = ((await march.get('/api/forecast')).body as ForecastPage).accuracy;
  expect(none).toMatchObject({ months: [], meanOffPercent: null });
  expect(none.because).toMatch(/^No month has ended/);
  await inside(async (scope) => {
    await inZone(scope, 'America/Chicago');
    const createdAt = '2026-01-05T12:00:00.000Z';
    const ids = [];
    for (let n = 0; n < 10; n += 1)
      ids.push(
        await putDeal(scope, { createdAt, amountCents: 1000_00, expectedCloseOn: '2026-02-20' }),
      );
    // The record of the last day of January, made an hour after its midnight.
    await takeSnapshot(scope, '2026-02-01T07:00:00.000Z');
    const won = { status: 'won', wonAt: '2026-02-15T12:00:00.000Z', probability: 100 };
    const { id: stageId } = await stageBySlug(scope, 'closed_won');
    await scope.db
      .updateTable('deals')
      .set({ ...won, stageId })
      .where('id', 'in', ids.slice(0, 6))
      .execute();
  });
  const { accuracy } = (await march.get('/api/forecast')).body as ForecastPage;
  expect(accuracy).toEqual({
    months: [
      {
        ...{ month: '2026-02', saidOn: '2026-01-31', saidCents: 5000_00, becameCents: 6000_00 },
        ...{ offPercent: 20, inRange: true },
      },
    ],
    ...{ meanOffPercent: 20, inRange: 1, because: null },
  });
});

test('the forecast from history is tried on past months with what was known then', async ({
  march,
  inside,
}) => {
  const none = (await march.get('/api/forecast/backtest')).body as Backtest;
  expect(none).toMatchObject({ months: [], closer: null });
  expect(none.because).toMatch(/^No past month/);
  await inside(async (scope) => {
    await inZone(scope, 'America/Chicago');
    const { id: proposal } = await stageBySlug(scope, 'proposal');
    const createdAt = '2025-12-01T12:00:00.000Z';
    // Of forty proposals eight were won before February; people went on to say half.
    for (let n = 0; n < 40; n += 1) {
      const at = '2026-01-10T12:00:00.000Z';
      const end =
        n < 8 ? { status: 'won' as const, wonAt: at } : { status: 'lost' as const, lostAt: at };
      await stoodIn(scope, await putDeal(scope, { createdAt, ...end }), proposal);
    }
    const open = { createdAt: '2026-01-20T12:00:00.000Z', expectedCloseOn: '2026-02-20' };
    const ids = [];
    for (let n = 0; n < 20; n += 1) ids.push(await putDeal(scope, open));
    await takeSnapshot(scope, '2026-02-01T07:00:00.000Z');
    await scope.db
      .updateTable('deals')
      .set({ status: 'won', wonAt: '2026-02-15T12:00:00.000Z' })
      .where('id', 'in', ids.slice(0, 5))
      .execute();
  });
  const tried = (await march.get('/api/forecast/backtest')).body as Backtest;
  // (8 + 5 of the ten that the typed half counts as) of 50 is 26 %.
  expect(tried.months).toMatchObject([
    {
      ...{ month: '2026-02', deals: 20, typedCents: 10_000_00, historyCents: 5_200_00 },
      ...{ becameCents: 5_000_00, inRange: true },
    },
  ]);
  expect(tried).toMatchObject({ typedOffPercent: 100, historyOffPercent: 4, closer: 'history' });
});

async function stoodIn(scope: Scope, dealId: string, stageId: string): Promise<void> {
  const { workspaceId } = scope;
  const row = { dealId, kind: 'stage_changed', after: JSON.stringify({ stageId }), actor: 'rep' };
  await scope.db
    .insertInto('dealEvents')
    .values({ workspaceId, ...row })
    .execute();
}
