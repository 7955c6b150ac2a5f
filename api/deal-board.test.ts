import { expect } from 'vitest';
import type { Deal } from '#domain/deal.ts';
import type { Board } from '#domain/deal-board.ts';
import { aDeal, stagesOf } from '#tests/deals.ts';
import { test as base } from '#tests/db.ts';

const test = base.extend('stages', ({ inside }) => inside(stagesOf));

test('a board shows its stages with counts, totals and weighted totals', async ({
  serve,
  stages,
}) => {
  const stageId = stages['negotiation']!.id;
  const thisMonth = new Date().toISOString().slice(0, 8) + '15';
  await aDeal(serve, { amountCents: 101, expectedCloseOn: thisMonth });
  await aDeal(serve, { amountCents: 50, probability: 33, expectedCloseOn: '2031-01-01' });
  await aDeal(serve, { amountCents: 1_000, stageId });
  const lost = await aDeal(serve, { amountCents: 7 });
  await serve.post(`/api/deals/${lost.id}/stage`, {
    ...{ stageId: stages['closed_lost']!.id, lostReason: 'Price' },
  });
  const board = (await serve.get('/api/deals/board')).body as Board;
  expect(
    board.stages.map(({ stage, count, totalCents, weightedCents }) => [
      ...[stage.slug, count, totalCents, weightedCents],
    ]),
  ).toEqual([
    ['discovery', 2, 151, 51 + 17],
    ['qualification', 0, 0, 0],
    ['proposal', 0, 0, 0],
    ['negotiation', 1, 1_000, 800],
    ['closed_won', 0, 0, 0],
    ['closed_lost', 1, 7, 0],
  ]);
  expect(board).toMatchObject({
    open: { count: 3, totalCents: 1_151 },
    weightedCents: 868,
    closingThisMonth: { count: 1, totalCents: 101 },
    atRisk: { judged: 3 },
    since: { added: 4, lost: 1, won: 0, pushed: 0, changeCents: 1_151 },
  });
  const items = board.stages.flatMap((column) => column.items);
  expect(items.reduce((sum, { weightedCents }) => sum + weightedCents!, 0)).toBe(868);
});

test('deals of a stage that is not active count in no weighted number', async ({
  serve,
  stages,
}) => {
  await aDeal(serve, { amountCents: 1_000 });
  await aDeal(serve, { amountCents: 500, stageId: stages['proposal']!.id });
  await serve.patch(`/api/stages/${stages['discovery']!.id}`, { isActive: false });
  const board = (await serve.get('/api/deals/board')).body as Board;
  expect(board).toMatchObject({ open: { totalCents: 500, count: 1 }, weightedCents: 300 });
  expect(board.stages[0]).toMatchObject({ totalCents: 1_000, weightedCents: 0, count: 1 });
});

test('a column goes on where the board ended, the riskiest first, each deal once', async ({
  serve,
  inside,
  stages,
}) => {
  const { discovery } = stages;
  await inside(async ({ db, workspaceId }) => {
    const rows = Array.from({ length: 120 }, (_, n) => ({
      ...{ workspaceId, name: `Deal ${n}`, createdBy: 'rep', amountCents: n, probability: 50 },
      ...{ pipelineId: discovery!.pipelineId, stageId: discovery!.id },
      ...(n % 7 === 0 ? {} : { riskScore: (n % 10) / 10, riskBand: 'low' }),
    }));
    await db.insertInto('deals').values(rows).execute();
  });
  const board = (await serve.get('/api/deals/board')).body as Board;
  expect(board.atRisk).toMatchObject({ count: 0, judged: 102 });
  const [column] = board.stages;
  expect(column).toMatchObject({ count: 120, next: expect.any(String) as string });
  const seen = [...column!.items];
  for (let { next } = column!; next;) {
    const more = await serve.get(`/api/deals/board/${discovery!.id}?cursor=${next}`);
    const page = more.body as { items: Deal[]; next: string | null };
    seen.push(...page.items);
    next = page.next;
  }
  expect(new Set(seen.map(({ id }) => id)).size).toBe(120);
  const risks = seen.map(({ riskScore }) => riskScore ?? 0);
  expect(risks).toEqual(risks.toSorted((a, b) => b - a));
  expect((await serve.get(`/api/deals/board/${discovery!.id}?cursor=x`)).status).toBe(422);
});

test('a board keeps its filters in its address, and they narrow cards and sums alike', async ({
  serve,
}) => {
  await aDeal(serve, { name: 'Bauer Cold Storage', amountCents: 5, source: 'hubspot' });
  await aDeal(serve, { name: 'Keystone Drayage', amountCents: 7 });
  for (const [query, cents] of [
    ['q=bauer', 5],
    ['source=manual', 7],
    ['owner=none', 12],
    ['closeBefore=2030-01-01', 0],
    ['stale=true', 0],
    ['status=won', 0],
  ] as const) {
    const board = (await serve.get(`/api/deals/board?${query}`)).body as Board;
    expect([query, board.open.totalCents]).toEqual([query, cents]);
    const shown = board.stages.flatMap(({ items }) => items);
    expect(shown.reduce((sum, { amountCents }) => sum + amountCents, 0)).toBe(cents);
  }
});
