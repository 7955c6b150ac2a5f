import { sql } from 'kysely';
import { expect } from 'vitest';
import { listenTo } from '#db/listen.ts';
import type { Dashboard } from '#domain/dashboard.ts';
import { test } from '#tests/db.ts';
import { dayFromNow, putDeal, stageBySlug } from '#tests/forecast-deals.ts';
import { aLead } from '#tests/leads.ts';

test('the feed tells of a mail a call a stage change and a new deal as they happen', async ({
  serve,
  inside,
}) => {
  const [leadId, stageId] = await inside(async (scope) => [
    await aLead(scope),
    (await stageBySlug(scope, 'negotiation')).id,
  ]);
  const made = await serve.post('/api/deals', { name: 'Bauer Cold Storage' });
  const { id } = (made.body as { deal: { id: string } }).deal;
  await serve.post(`/api/deals/${id}/stage`, { stageId });
  for (const kind of ['call', 'email'])
    expect((await serve.post('/api/activities', { kind, leadId, title: kind })).status).toBe(201);
  const { activity } = (await serve.get('/api/dashboard')).body as Dashboard;
  expect(activity.items.slice(0, 4).map(({ kind }) => kind)).toEqual([
    ...['email', 'call', 'stage_change', 'deal_created'],
  ]);
  expect(activity.items[2]).toMatchObject({ href: `/deals/${id}`, about: 'Bauer Cold Storage' });
});

test('the analysis of the open deals says their health and how many are at which risk', async ({
  serve,
  inside,
}) => {
  await inside(async (scope) => {
    for (const [band, health] of [
      ['high', 30],
      ['high', 40],
      ['low', 95],
    ] as const) {
      const id = await putDeal(scope);
      await sql`update deals set risk_band = ${band}, health_score = ${health}, assessed_at = now()
        where id = ${id}`.execute(scope.db);
    }
    await putDeal(scope);
  });
  const { analysis } = (await serve.get('/api/dashboard')).body as Dashboard;
  expect(analysis).toMatchObject({
    ...{ health: 55, high: { count: 2 }, medium: { count: 0 }, low: { count: 1 }, because: null },
    assessedAt: expect.any(String),
  });
});

test('open pages hear at once that the figures of a dashboard or a forecast are others', async ({
  serve,
  inside,
  who,
}) => {
  const [id, soon] = await inside(async (scope) => [
    await putDeal(scope),
    await dayFromNow(scope, 9),
  ]);
  let isListening = false;
  let heard = new Set<string>();
  const ear = listenTo(serve.databaseUrl, 'changes', (payload) => {
    if (payload === undefined) return void (isListening = true);
    const { workspaceId, topics } = JSON.parse(payload) as {
      workspaceId: string;
      topics: string[];
    };
    if (workspaceId === who.workspaceId) for (const topic of topics) heard.add(topic);
  });
  await expect.poll(() => isListening).toBe(true);
  const month = soon.slice(0, 7);
  const writes = [
    () => serve.patch(`/api/deals/${id}`, { expectedCloseOn: soon }),
    () => serve.patch(`/api/forecast/deals/${id}`, { leftOutBecause: 'A test deal' }),
    () => serve.put('/api/quotas', { month, amountCents: 5000_00 }),
    () => serve.post('/api/forecast/commit', { month }),
  ];
  for (const write of writes) {
    heard = new Set();
    expect((await write()).status).toBeLessThan(300);
    await expect.poll(() => [...heard]).toContain('forecast');
  }
  await ear.stop();
});
