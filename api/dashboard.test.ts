import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Scope } from '#db/scope.ts';
import { takeSnapshot } from '#db/snapshots.ts';
import type { Dashboard, SalesStats } from '#domain/dashboard.ts';
import { test } from '#tests/db.ts';
import { dayFromNow, inZone, putDeal } from '#tests/forecast-deals.ts';
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

test('what is done and open this week and what changed since Sunday stand beside the figures', async ({
  serve,
  inside,
  who,
}) => {
  await inside(async (scope) => {
    await aMember(scope, { userId: 'ines' });
    const leadId = await aLead(scope);
    const { workspaceId } = scope;
    const task = { workspaceId, leadId, kind: 'task', title: 'Call', assigneeId: 'ines' };
    const done = { doneAt: new Date().toISOString(), doneBy: 'ines' };
    await scope.db
      .insertInto('tasks')
      .values([{ ...task }, { ...task, dueAt: ago(1) }, { ...task, ...done }])
      .execute();
    await putDeal(scope, {
      amountCents: 100_00,
      createdAt: ago(80),
      expectedCloseOn: await dayFromNow(scope, 40),
    });
    // The record of last Sunday, as if it had been taken then.
    const monday = new Date(Date.now() - ((new Date().getUTCDay() + 6) % 7) * DAY);
    monday.setUTCHours(0, 30);
    await scope.db.updateTable('workspaces').set({ timeZone: 'UTC' }).execute();
    await takeSnapshot(scope, monday.toISOString());
    await putDeal(scope, { amountCents: 40_00, expectedCloseOn: await dayFromNow(scope, 40) });
  });
  const board = (await serve.get('/api/dashboard')).body as Dashboard;
  expect(board.team.items).toEqual([{ userId: 'ines', name: 'ines', done: 1, open: 2 }]);
  expect(board.attention.overdueTasks.count).toBe(1);
  expect(board.pipeline).toMatchObject({ cents: 140_00, sinceMondayCents: 40_00 });
  expect(board.weighted).toMatchObject({ cents: 70_00, sinceMondayCents: 20_00 });
  const mine = (await serve.get('/api/dashboard?owner=ines')).body as Dashboard;
  expect(mine.comparison.me.thisMonth).toMatchObject({ tasksDone: 1, newDeals: 0 });
  expect(board.comparison.team.thisMonth).toMatchObject({ newDeals: 1, newLeads: 1, tasksDone: 1 });
  expect(board.activity.items.map(({ kind }) => kind)).toContain('lead_received');
  expect(who.actor).toBe('rep');
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

test('a touch that went out is a promise kept and one that failed or is late is not', async ({
  serve,
  inside,
}) => {
  await inside(async (scope) => {
    const leadId = await aLead(scope);
    const { contactId } = await scope.db
      .selectFrom('leads')
      .select('contactId')
      .executeTakeFirstOrThrow();
    const states = ['accepted', 'delivered', 'failed', 'planned', 'skipped', 'held'];
    for (const [n, state] of states.entries()) {
      const row = { leadId, contactId, channel: 'email', state, key: `k${n}` };
      const untilAt = state === 'held' ? new Date(Date.now() + DAY).toISOString() : null;
      await scope.db
        .insertInto('touches')
        .values({
          workspaceId: scope.workspaceId,
          ...row,
          dueAt: new Date(Date.now() - 20 * 60_000).toISOString(),
          untilAt,
        })
        .execute();
    }
  });
  const { promises } = (await serve.get('/api/dashboard')).body as Dashboard;
  expect(promises).toMatchObject({ kept: 2, missed: 2, due: 4, percent: 50, because: null });
});

test('this month stands beside the last one for everybody and for the one who asks', async ({
  serve,
  inside,
}) => {
  const now = '2026-03-17T15:24:00.000Z';
  serve.deps.now = () => now;
  await inside(async (scope) => {
    await inZone(scope, 'America/Chicago');
    await aMember(scope, { userId: 'ines' });
    const made = { createdAt: '2026-01-05T12:00:00.000Z', ownerId: 'ines' };
    // Half past eleven on the last evening of February, in Chicago.
    const february = '2026-03-01T05:30:00.000Z';
    await putDeal(scope, { ...made, status: 'won', amountCents: 700_00, wonAt: february });
    await putDeal(scope, {
      ...made,
      status: 'won',
      amountCents: 300_00,
      wonAt: '2026-03-01T06:30:00.000Z',
    });
    await putDeal(scope, { ...made, ownerId: null, status: 'won', amountCents: 50_00, wonAt: now });
    await putDeal(scope, { ...made, status: 'lost', lostAt: '2026-02-10T12:00:00.000Z' });
    await putDeal(scope, { ownerId: 'ines', createdAt: '2026-03-02T12:00:00.000Z' });
    await putDeal(scope, { ownerId: null, createdAt: '2026-02-02T12:00:00.000Z' });
    const leadId = await aLead(scope);
    const task = {
      workspaceId: scope.workspaceId,
      leadId,
      kind: 'task',
      title: 'Call',
      doneBy: 'ines',
    };
    await scope.db
      .insertInto('tasks')
      .values([
        { ...task, doneAt: february },
        { ...task, doneAt: now },
      ])
      .execute();
    await sql`update leads set owner_id = 'ines', created_at = ${now}`.execute(scope.db);
  });
  const all = (await serve.get('/api/dashboard')).body as Dashboard;
  expect(all.comparison.team).toEqual({
    thisMonth: { wonCents: 350_00, won: 2, lost: 0, newDeals: 1, newLeads: 1, tasksDone: 1 },
    lastMonth: { wonCents: 700_00, won: 1, lost: 1, newDeals: 1, newLeads: 0, tasksDone: 1 },
  });
  const { comparison } = (await serve.get('/api/dashboard?owner=ines')).body as Dashboard;
  expect(comparison.me).toEqual({
    thisMonth: { wonCents: 300_00, won: 1, lost: 0, newDeals: 1, newLeads: 1, tasksDone: 1 },
    lastMonth: { wonCents: 700_00, won: 1, lost: 1, newDeals: 0, newLeads: 0, tasksDone: 1 },
  });
});
