import { expect } from 'vitest';
import { changeDeal, deleteDeal } from '#db/deal-changes.ts';
import { moveDeal } from '#db/deal-moves.ts';
import { leaveOut } from '#db/left-out.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import { takeSnapshot } from '#db/snapshots.ts';
import type { Waterfall, PastPipeline } from '#domain/waterfall.ts';
import { test } from '#tests/db.ts';
import { seeded } from '#tests/faults/random.ts';
import { dayFromNow, inZone, putDeal, stageBySlug } from '#tests/forecast-deals.ts';

const DAY = 24 * 60 * 60 * 1000;

function ago(days: number): string {
  return new Date(Date.now() - days * DAY).toISOString();
}

const old = { createdAt: ago(40), lastActivityAt: ago(1) };

test('the pipeline of a past day is what it was at its end whatever happened since', async ({
  serve,
  inside,
}) => {
  const [yesterday, close] = await inside(async (scope) => {
    const closeOn = await dayFromNow(scope, 5);
    const kept = await putDeal(scope, { ...old, amountCents: 500_00, expectedCloseOn: closeOn });
    const won = await putDeal(scope, { ...old, amountCents: 300_00, expectedCloseOn: closeOn });
    const gone = await putDeal(scope, { ...old, amountCents: 200_00 });
    await putDeal(scope, { amountCents: 7_00 });
    // After midnight, before the record is made.
    await changeDeal(scope, kept, { amountCents: 900_00, probability: 90 });
    await moveDeal(scope, won, { stageId: (await stageBySlug(scope, 'closed_won')).id });
    await deleteDeal(scope, gone);
    return [await dayFromNow(scope, -1), closeOn];
  });
  const before = (await serve.get(`/api/pipeline/on/${yesterday}`)) as { status: number };
  expect(before.status).toBe(404);
  expect(await inside((scope) => takeSnapshot(scope, new Date().toISOString()))).toBe(3);

  const then = (await serve.get(`/api/pipeline/on/${yesterday}`)).body as PastPipeline;
  expect(then).toMatchObject({ recordedOn: yesterday, count: 3, amountCents: 1000_00 });
  expect(then).toMatchObject({ weightedCents: 500_00, next: null });
  expect(then.items[0]).toMatchObject({
    amountCents: 500_00,
    probability: 50,
    expectedCloseOn: close,
  });
  const today = await inside((scope) => dayFromNow(scope, 0));
  const now = (await serve.get(`/api/pipeline/on/${today}`)).body as PastPipeline;
  expect(now).toMatchObject({ recordedOn: null, count: 2, amountCents: 907_00 });
  expect((await serve.get('/api/pipeline/on/2999-01-01')).status).toBe(422);
});

test('a day is recorded once however often and at its own midnight in each zone', async ({
  db,
  inside,
}) => {
  // Noon in Auckland on the 9th of March is the evening of the 8th in Phoenix.
  const now = '2026-03-08T23:30:00.000Z';
  const made = '2026-03-01T12:00:00.000Z';
  await inside(async (scope) => {
    await inZone(scope, 'Pacific/Auckland');
    await putDeal(scope, { createdAt: made });
  });
  const other = await db
    .insertInto('workspaces')
    .values({ name: 'Phoenix', timeZone: 'America/Phoenix' })
    .returning('id')
    .executeTakeFirstOrThrow();
  async function strike(at: string): Promise<number> {
    const there = { workspaceId: other.id, actor: 'engine' };
    const mine = await inside((scope) => takeSnapshot(scope, at));
    return mine + (await inWorkspace(db, there, (scope) => takeSnapshot(scope, at)));
  }
  expect(await strike(now)).toBe(1);
  const { length } = await db.selectFrom('forecasts').select('madeOn').execute();
  expect(await strike('2026-03-08T23:59:00.000Z')).toBe(0);
  const days = await db
    .selectFrom('forecasts')
    .select(['workspaceId', 'madeOn'])
    .distinct()
    .execute();
  const there = days.filter((one) => one.workspaceId === other.id);
  expect(there.map(({ madeOn }) => madeOn)).toEqual(['2026-03-07']);
  expect(days.map(({ madeOn }) => madeOn)).toContain('2026-03-08');
  const after = await db.selectFrom('forecasts').select('madeOn').execute();
  expect(after).toHaveLength(length);
});

test('what changed since a day is told by its causes and adds up to the cent', async ({
  serve,
  inside,
}) => {
  const [yesterday, month] = await inside(async (scope) => {
    const [soon, later] = [await dayFromNow(scope, 5), await dayFromNow(scope, 100)];
    const at = { ...old, expectedCloseOn: soon };
    const ids: string[] = [];
    for (let n = 0; n < 9; n += 1)
      ids.push(await putDeal(scope, { ...at, amountCents: 1000_01 + n, probability: 31 + n }));
    const far = await putDeal(scope, { ...at, expectedCloseOn: later, probability: 33 });
    await takeSnapshot(scope, new Date().toISOString());
    await changeDeal(scope, ids[0]!, { amountCents: 2000_00 });
    await changeDeal(scope, ids[1]!, { amountCents: 500_00 });
    await changeDeal(scope, ids[2]!, { expectedCloseOn: later });
    await moveDeal(scope, ids[3]!, { stageId: (await stageBySlug(scope, 'closed_won')).id });
    await moveDeal(scope, ids[4]!, {
      stageId: (await stageBySlug(scope, 'closed_lost')).id,
      lostReason: 'Price',
    });
    await moveDeal(scope, ids[5]!, { stageId: (await stageBySlug(scope, 'negotiation')).id });
    await leaveOut(scope, ids[6]!, 'A test deal');
    await deleteDeal(scope, ids[7]!);
    await changeDeal(scope, far, { expectedCloseOn: soon });
    await putDeal(scope, { expectedCloseOn: soon, amountCents: 77_77 });
    return [await dayFromNow(scope, -1), soon.slice(0, 7)];
  });
  const path = `/api/pipeline/waterfall?from=${yesterday}`;
  for (const query of [
    '',
    '&measure=amount',
    `&month=${month}`,
    `&month=${month}&measure=amount`,
  ]) {
    const fall = (await serve.get(`${path}${query}`)).body as Waterfall;
    expect(sumUp(fall), query).toBe(fall.endCents);
    for (const { cents, deals } of fall.steps)
      expect(deals.reduce((sum, deal) => sum + deal.cents, 0)).toBe(cents);
  }
  const fall = (await serve.get(`${path}&month=${month}`)).body as Waterfall;
  expect(fall).toMatchObject({ month, to: { isNow: true }, from: { recordedOn: yesterday } });
  expect(fall.steps.map(({ kind, count }) => [kind, count])).toEqual([
    ['new', 1],
    ['pulled_in', 1],
    ['pushed', 1],
    ['amount_up', 1],
    ['amount_down', 1],
    ['stage', 1],
    ['left_out', 1],
    ['won', 1],
    ['lost', 1],
    ['removed', 1],
  ]);
  const live = await serve.get(`/api/sales/forecast?months=2`);
  const { months } = live.body as { months: { month: string; weighted_forecast_cents: number }[] };
  const end = months.find((one) => one.month === month)!;
  expect(end.weighted_forecast_cents).toBe(fall.endCents);
  expect((await serve.get('/api/pipeline/waterfall')).status).toBe(422);
});

test('between any two recorded days the steps add up to the cent', async ({ serve, inside }) => {
  const random = seeded(11);
  const days = await inside(async (scope) => {
    const ids: string[] = [];
    for (let n = 0; n < 40; n += 1) ids.push(await putDeal(scope, await someDeal(scope, random)));
    const recorded = [];
    // Each record is of the day before its moment, so the first three are of days to come.
    for (const ahead of [1, 2, 3]) {
      for (const id of ids) if (random() < 0.4) await someChange(scope, id, random);
      const at = new Date(Date.now() + ahead * DAY).toISOString();
      await takeSnapshot(scope, at);
      recorded.push(await dayFromNow(scope, ahead - 1));
    }
    return recorded;
  });
  serve.deps.now = () => new Date(Date.now() + 4 * DAY).toISOString();
  const month = days[0]!.slice(0, 7);
  for (const [from, to] of [
    [days[0], days[1]],
    [days[0], days[2]],
    [days[1], days[2]],
    [days[1], undefined],
  ])
    for (const rest of ['', '&measure=amount', `&month=${month}`]) {
      const query = `?from=${from}${to ? `&to=${to}` : ''}${rest}`;
      const { status, body } = await serve.get(`/api/pipeline/waterfall${query}`);
      expect(status, JSON.stringify(body)).toBe(200);
      const fall = body as Waterfall;
      expect(sumUp(fall), query).toBe(fall.endCents);
      expect(fall.steps.length, query).toBeGreaterThan(0);
    }
});

function sumUp({ startCents, steps }: Waterfall): number {
  return steps.reduce((sum, { cents }) => sum + cents, startCents);
}

async function someDeal(scope: Scope, random: () => number) {
  return {
    ...old,
    amountCents: Math.floor(random() * 1_000_000),
    probability: random() < 0.1 ? null : Math.floor(random() * 100),
    expectedCloseOn: random() < 0.1 ? null : await dayFromNow(scope, Math.floor(random() * 60)),
  };
}

async function someChange(scope: Scope, id: string, random: () => number): Promise<void> {
  const { status } = await scope.db
    .selectFrom('deals')
    .select('status')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  if (status !== 'open') return;
  const kind = Math.floor(random() * 6);
  if (kind === 0) await changeDeal(scope, id, { amountCents: Math.floor(random() * 1_000_000) });
  if (kind === 1)
    await changeDeal(scope, id, {
      expectedCloseOn: await dayFromNow(scope, Math.floor(random() * 60)),
    });
  if (kind === 2) await changeDeal(scope, id, { probability: Math.floor(random() * 100) });
  if (kind === 3)
    await moveDeal(scope, id, { stageId: (await stageBySlug(scope, 'closed_won')).id });
  if (kind === 4)
    await moveDeal(scope, id, { stageId: (await stageBySlug(scope, 'negotiation')).id });
  if (kind === 5) await leaveOut(scope, id, 'For the test');
}
