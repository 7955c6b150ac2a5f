import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Scope } from '#db/scope.ts';
import type { Dashboard, SalesStats } from '#domain/dashboard.ts';
import { test } from '#tests/db.ts';
import { dayFromNow, putDeal } from '#tests/forecast-deals.ts';
import { aLead, aMember } from '#tests/leads.ts';
import type { Calling } from '#tests/serve.ts';

const DAY = 24 * 60 * 60 * 1000;

function ago(days: number): string {
  return new Date(Date.now() - days * DAY).toISOString();
}

/** Every deal or lead of the list that a number links to, page after page. */
async function behind<Item>(serve: Calling, href: string): Promise<Item[]> {
  const items: Item[] = [];
  const query = href.replace('view=table&', '');
  let cursor = '';
  do {
    const { status, body } = await serve.get(`/api${query}&limit=7${cursor}`);
    expect(status, href).toBe(200);
    const page = body as { items: Item[]; next: string | null };
    items.push(...page.items);
    cursor = page.next ? `&cursor=${encodeURIComponent(page.next)}` : '';
  } while (cursor);
  return items;
}

interface Valued {
  amountCents: number;
  weightedCents: number;
}

function sumOf(deals: Valued[]): number {
  return deals.reduce((sum, { amountCents }) => sum + amountCents, 0);
}

/** Deals in every state, and leads that came as far as they could. */
async function fill(scope: Scope): Promise<void> {
  await aMember(scope, { userId: 'ines' });
  const soon = await dayFromNow(scope, 3);
  for (let n = 0; n < 11; n += 1)
    await putDeal(scope, {
      ...{ amountCents: 10_000_01 + n, probability: 9 * n, expectedCloseOn: n ? soon : null },
      ...{ ownerId: n % 2 ? 'ines' : null, stage: n % 3 ? 'proposal' : 'discovery' },
      lastActivityAt: ago(n === 4 ? 20 : 1),
    });
  for (let n = 0; n < 9; n += 1)
    await putDeal(scope, {
      ...{ status: 'won', amountCents: 2_000_00 + n, source: n < 6 ? 'referral' : 'website' },
      ...{ createdAt: ago(50 + n), wonAt: ago(n === 8 ? 120 : 10), ownerId: 'ines' },
    });
  for (let n = 0; n < 5; n += 1)
    await putDeal(scope, {
      ...{ status: 'lost', amountCents: 700_00 + n, source: 'referral', lostAt: ago(20) },
      createdAt: ago(60),
    });
  const leads = [];
  for (let n = 0; n < 10; n += 1) leads.push(await aLead(scope, { source: 'website' }));
  await sql`update leads set status = 'contacted' where id = any(${leads.slice(0, 6)}::uuid[])`.execute(
    scope.db,
  );
  await sql`update leads set status = 'qualified', next_action_at = now() - interval '1 hour'
    where id = any(${leads.slice(0, 3)}::uuid[])`.execute(scope.db);
  await sql`update leads set status = 'converted', converted_at = now() where id = ${leads[0]!}`.execute(
    scope.db,
  );
  await sql`update leads set status = 'unqualified' where id = ${leads[5]!}`.execute(scope.db);
  await sql`update leads set status = 'spam' where id = ${leads[9]!}`.execute(scope.db);
}

test('the figures of the pipeline have the names that other systems read under both paths', async ({
  serve,
  inside,
  who,
}) => {
  await inside(async (scope) => {
    const soon = await dayFromNow(scope, 3);
    for (let n = 0; n < 16; n += 1)
      await putDeal(scope, { status: 'won', wonAt: ago(10), createdAt: ago(40) });
    for (let n = 0; n < 9; n += 1)
      await putDeal(scope, { status: 'lost', lostAt: ago(10), createdAt: ago(40) });
    await putDeal(scope, { amountCents: 64_800_50, probability: 60, expectedCloseOn: soon });
    await putDeal(scope, { amountCents: 1000_00, expectedCloseOn: null, stage: 'discovery' });
  });
  const { status, body } = await serve.get('/api/sales/dashboard/stats');
  expect(status).toBe(200);
  const stats = body as SalesStats;
  expect(stats).toMatchObject({
    ...{ total_pipeline: 65_800.5, total_pipeline_cents: 65_800_50, active_deals_count: 2 },
    ...{ key_contacts: 0, win_rate: 64, closed_deals_90_days: 25 },
    ...{ weighted_forecast: 38_880.3, weighted_forecast_cents: 38_880_30 },
  });
  expect(stats.deals_by_stage.map(({ stage, count }) => [stage, count])).toEqual([
    ['discovery', 1],
    ['qualification', 0],
    ['proposal', 1],
    ['negotiation', 0],
  ]);
  const own = `workspace_id=${who.workspaceId}&tenant_id=${who.workspaceId}`;
  const twin = await serve.get(`/api/sales/dashboard/summary?${own}`);
  expect(twin).toMatchObject({ status: 200, body: stats });
  for (const query of [`tenant_id=${crypto.randomUUID()}`, 'workspace_id=another']) {
    expect((await serve.get(`/api/sales/dashboard/summary?${query}`)).status).toBe(403);
    expect((await serve.get(`/api/sales/dashboard/stats?${query}`)).status).toBe(403);
  }
});

test('the list behind each number of the dashboard adds up to that number', async ({
  serve,
  inside,
}) => {
  await inside(fill);
  const board = (await serve.get('/api/dashboard?period=year')).body as Dashboard;
  const open = await behind<Valued>(serve, board.pipeline.href);
  expect([open.length, sumOf(open)]).toEqual([board.pipeline.count, board.pipeline.cents]);
  expect(board.pipeline).toMatchObject({ count: 11, because: null });

  const months = board.forecast.months.map(({ month }) => month);
  const counted = [];
  for (const month of months) {
    const { body } = await serve.get(`/api/forecast/deals?month=${month}&limit=200`);
    counted.push(...(body as { items: (Valued & { status: string })[] }).items);
  }
  const weighted = counted.filter(({ status }) => status === 'open');
  expect(weighted.reduce((sum, one) => sum + one.weightedCents, 0)).toBe(board.weighted.cents);

  for (const outcome of [board.outcome.won, board.outcome.lost]) {
    const deals = await behind<Valued>(serve, outcome.href);
    expect([deals.length, sumOf(deals)]).toEqual([outcome.count, outcome.cents]);
  }
  const closed = await behind<{ status: string }>(serve, board.winRate.href);
  expect(closed).toHaveLength(board.winRate.closed);
  expect(closed.filter(({ status }) => status === 'won')).toHaveLength(board.winRate.won);
  expect(await behind(serve, board.cycle.href)).toHaveLength(board.cycle.won);
  for (const { href, closed } of board.sources.items)
    expect(await behind(serve, href)).toHaveLength(closed);
  for (const { href, open } of board.stages.items)
    expect(await behind(serve, href)).toHaveLength(open);
  const { high, medium, low } = board.analysis;
  for (const { href, count } of [high, medium, low, board.attention.staleDeals])
    expect(await behind(serve, href), href).toHaveLength(count);
  expect(board.attention.staleDeals.count).toBe(1);
  for (const { href, count } of [...Object.values(board.leads), ...board.leadStatuses.items])
    expect(await behind(serve, href), href).toHaveLength(count);
  for (const { href, count } of board.funnel.steps)
    expect(await behind(serve, href), href).toHaveLength(count);
  for (const { href, openCents } of board.reps.items)
    expect(sumOf(await behind<Valued>(serve, href))).toBe(openCents);
});

test('the dashboard tells rates cycles funnel and people as they are', async ({
  serve,
  inside,
}) => {
  await inside(fill);
  const board = (await serve.get('/api/dashboard?period=year')).body as Dashboard;
  expect(board.winRate).toMatchObject({ percent: 62, won: 8, closed: 13, previousPercent: 100 });
  // Won ten days ago, made 50 to 57 days ago.
  expect(board.cycle).toMatchObject({ meanDays: 44, medianDays: 44, won: 8, because: null });
  expect(board.sources.items).toMatchObject([
    { source: 'referral', percent: 55, won: 6, closed: 11 },
    { source: 'website', percent: null, won: 2, closed: 2 },
  ]);
  expect(board.funnel.steps.map(({ name, count, percent }) => [name, count, percent])).toEqual([
    ['new', 9, null],
    ['contacted', 6, 67],
    ['qualified', 3, 50],
    ['open_deal', 1, 33],
    ['won', 0, 0],
  ]);
  expect(board.leads).toMatchObject({
    ...{
      active: { count: 7 },
      qualified: { count: 2 },
      stale: { count: 2 },
      overdue: { count: 2 },
    },
  });
  expect(board.leadStatuses.items.reduce((sum, { count }) => sum + count, 0)).toBe(9);
  expect(board.cohorts.items).toMatchObject([
    { leads: 9, contacted: 6, converted: 1, wonPercent: 0 },
  ]);
  expect(board.reps.items.map(({ name }) => name)).toEqual(['ines', 'Nobody']);
  expect(board.trend.items.reduce((sum, { won }) => sum + won, 0)).toBe(9);
  expect(board.trend.items.reduce((sum, { lost }) => sum + lost, 0)).toBe(5);
  expect(board.forecast.leftOut).toMatchObject({ count: 1, amountCents: 10_000_01 });
  expect(board.analysis).toMatchObject({ because: 'No open deal has been assessed yet.' });
  const mine = (await serve.get('/api/dashboard?period=year&owner=ines')).body as Dashboard;
  expect(mine.pipeline).toMatchObject({ count: 5 });
  expect(mine.winRate).toMatchObject({ won: 8, closed: 8 });
});

test('every widget of an empty workspace says why it is empty', async ({ serve, inside }) => {
  const empty = (await serve.get('/api/dashboard')).body as Dashboard;
  const widgets = [
    ...([empty.pipeline, empty.weighted, empty.winRate, empty.cycle, empty.promises] as const),
    ...([empty.forecast, empty.funnel, empty.leadStatuses, empty.sources, empty.stages] as const),
    ...([empty.outcome, empty.team, empty.cohorts, empty.reps, empty.trend] as const),
    ...([empty.analysis, empty.activity] as const),
  ];
  for (const { because } of widgets) expect(because).toMatch(/^[A-Z].*\.$/);
  expect(empty.winRate.percent).toBeNull();
  await inside((scope) => putDeal(scope, { expectedCloseOn: null }));
  const undated = (await serve.get('/api/dashboard')).body as Dashboard;
  expect(undated.forecast.because).toBe('No open deal counts: 1 without a close date.');
  expect(undated.weighted.because).toBe(undated.forecast.because);
});

test('what somebody writes is in their next look at the figures', async ({ serve, inside }) => {
  const before = (await serve.get('/api/sales/dashboard/stats')).body as SalesStats;
  expect(before.active_deals_count).toBe(0);
  const soon = await inside((scope) => dayFromNow(scope, 3));
  const deal = { name: 'Bauer', amountCents: 5000_00, probability: 40, expectedCloseOn: soon };
  await serve.post('/api/deals', deal);
  const stats = (await serve.get('/api/sales/dashboard/stats')).body as SalesStats;
  expect(stats).toMatchObject({ active_deals_count: 1, weighted_forecast: 2000 });
  const board = (await serve.get('/api/dashboard')).body as Dashboard;
  expect(board).toMatchObject({ pipeline: { cents: 5000_00 }, weighted: { cents: 2000_00 } });
});
