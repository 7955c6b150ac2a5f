import { expect } from 'vitest';
import type { MetricsPerformance, MetricsSummary } from '#domain/metrics.ts';
import { test } from '#tests/db.ts';
import { putDeal } from '#tests/forecast-deals.ts';
import { aLead } from '#tests/leads.ts';

test('a system reads with its key how much there is of everything', async ({ serve, inside }) => {
  await inside(async (scope) => {
    await aLead(scope, { company: 'Acme' });
    await putDeal(scope, { amountCents: 900_00 });
    await putDeal(scope, { status: 'won', wonAt: new Date().toISOString() });
  });
  const token = await serve.token(['leads:read']);
  const reader = serve.as({ 'x-api-key': token });
  const { status, body } = await reader.get('/api/metrics/summary');
  expect(status).toBe(200);
  expect(body as MetricsSummary).toMatchObject({
    ...{ leads: { total: 1, active: 1, converted: 0, new30Days: 1 }, companies: 1, contacts: 1 },
    deals: { open: 1, pipelineCents: 900_00, winRate: 100, closed90Days: 1 },
    tasks: { overdue: 0 },
  });
  expect((await serve.as({ 'x-api-key': 'nonsense' }).get('/api/metrics/summary')).status).toBe(
    401,
  );
  expect((await serve.as({}).get('/api/metrics/summary')).status).toBe(401);
});

test('the process that answers says how it is doing', async ({ serve }) => {
  const { status, body } = await serve.get('/api/metrics/performance');
  expect(status).toBe(200);
  const seen = body as MetricsPerformance;
  expect(seen.memoryBytes).toBeGreaterThan(1_000_000);
  expect(seen.databaseMs).toBeGreaterThan(0);
  expect(seen.outbox.waiting).toBeGreaterThanOrEqual(0);
});

test('what is done in pages is counted without saying who and not without end', async ({
  serve,
  db,
  who,
}) => {
  const event = { name: 'board.dragged', properties: { cards: 3 } };
  expect(await serve.post('/api/analytics/track', event)).toMatchObject({ status: 202 });
  const personal = { name: 'searched', properties: { q: 'ann@acme.example' } };
  expect(await serve.post('/api/analytics/track', personal)).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'properties.q' }] },
  });
  const rows = await db
    .selectFrom('pageEvents')
    .selectAll()
    .where('workspaceId', '=', who.workspaceId)
    .execute();
  expect(rows).toMatchObject([event]);
  expect(Object.keys(rows[0]!).toSorted()).toEqual([
    'at',
    'id',
    'name',
    'properties',
    'workspaceId',
  ]);
  const statuses = [];
  for (let n = 0; n < 70; n += 1)
    statuses.push((await serve.post('/api/analytics/track', event)).status);
  expect(statuses.slice(0, 50).every((status) => status === 202)).toBe(true);
  expect(statuses.at(-1)).toBe(429);
});
