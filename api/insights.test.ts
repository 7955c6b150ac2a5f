import { DateTime } from 'luxon';
import { expect } from 'vitest';
import { listInsights } from '#db/insights.ts';
import { assessDeals } from '#db/risks.ts';
import type { Scope } from '#db/scope.ts';
import type { Alerts } from '#domain/alert.ts';
import type { Insight, InsightFilter } from '#domain/insight.ts';
import { test } from '#tests/db.ts';
import { aLead, aMember, aSequence } from '#tests/leads.ts';
import { daysBefore, dealIn, touchesOn } from '#tests/risks.ts';

const now = '2026-03-18T09:00:00.000Z';
const fresh = { lastActivityAt: now, stageEnteredAt: now, createdAt: now };

async function kindsAt(scope: Scope, at = now): Promise<string[]> {
  const { insights } = await listInsights(scope, { now: at, limit: 100 });
  return insights.map(({ kind }) => kind).toSorted();
}

test('a deal of $85,000 that stalled for 15 days is a warning with its value and its days', async ({
  inside,
}) => {
  const insights = await inside(async (scope) => {
    const quiet = { lastActivityAt: daysBefore(now, 15), nextAction: 'Call' };
    const values = { ...fresh, ...quiet, amountCents: 8_500_000, source: 'hubspot' };
    await dealIn(scope, 'proposal', { ...values, name: 'X', createdAt: daysBefore(now, 20) });
    return (await listInsights(scope, { now, limit: 10 })).insights;
  });
  expect(insights).toEqual([
    {
      ...{ anomaly_id: expect.stringMatching(/^stalled:/), kind: 'stalled', severity: 'warning' },
      title: "Deal 'X' stalled for 15 days",
      description: '$85,000 in Proposal, no activity for 15 days.',
      affected_entities: [{ type: 'deal', id: expect.any(String), name: 'X' }],
      ...{ platforms: ['hubspot'], recommendation: 'Follow up, or close it as lost.' },
      action_type: 'create_task',
      action_payload: expect.objectContaining({ kind: 'call', title: 'Follow up on X' }),
    },
  ]);
});

test('a deal is stalled at exactly fourteen days without activity and not a moment before', async ({
  inside,
}) => {
  await inside((scope) =>
    dealIn(scope, 'proposal', { ...fresh, lastActivityAt: daysBefore(now, 14) }),
  );
  const before = new Date(Date.parse(now) - 1).toISOString();
  expect(await inside((scope) => kindsAt(scope))).toEqual(['stalled']);
  expect(await inside((scope) => kindsAt(scope, before))).toEqual([]);
});

test('more than $50,000 with less than 40 percent is a high value at risk and neither alone', async ({
  inside,
}) => {
  const kinds = await inside(async (scope) => {
    const counts = [];
    for (const [amountCents, probability] of [
      [5_000_001, 39],
      [5_000_000, 39],
      [5_000_001, 40],
      [5_000_001, null],
    ] as const) {
      await dealIn(scope, 'proposal', { ...fresh, amountCents, probability });
      counts.push((await kindsAt(scope)).length);
    }
    return counts;
  });
  expect(kinds).toEqual([1, 1, 1, 1]);
});

test('a stage is too long after more than thirty days and not at thirty', async ({ inside }) => {
  const found = await inside(async (scope) => {
    await dealIn(scope, 'proposal', { ...fresh, stageEnteredAt: daysBefore(now, 30) });
    const later = new Date(Date.parse(now) + 1).toISOString();
    return [await kindsAt(scope), await kindsAt(scope, later)];
  });
  expect(found).toEqual([[], ['long_cycle']]);
});

// A day after the clocks changed; the workspace's date is not the date in UTC.
test.for([
  ['America/New_York', '2026-03-08T23:30', '2026-03-15', '2026-03-16'],
  ['Australia/Sydney', '2026-04-05T00:30', '2026-04-12', '2026-04-13'],
  ['Asia/Kolkata', '2026-03-09T00:30', '2026-03-16', '2026-03-17'],
] as const)(
  'a quiet deal closes within seven days of the calendar of %s over a change of clocks',
  async ([zone, local, seventh, eighth], { inside }) => {
    const at = DateTime.fromISO(local, { zone }).toUTC().toISO()!;
    const found = await inside(async (scope) => {
      await scope.db.updateTable('workspaces').set({ timeZone: zone }).execute();
      const quiet = { createdAt: at, stageEnteredAt: at, lastActivityAt: daysBefore(at, 7) };
      const kinds = [];
      for (const expectedCloseOn of [seventh, eighth]) {
        const id = await dealIn(scope, 'proposal', { ...quiet, expectedCloseOn });
        kinds.push(await kindsAt(scope, at));
        const live = new Date(Date.parse(quiet.lastActivityAt) + 1).toISOString();
        await scope.db
          .updateTable('deals')
          .set({ lastActivityAt: live })
          .where('id', '=', id)
          .execute();
        kinds.push(await kindsAt(scope, at));
      }
      return kinds;
    });
    expect(found).toEqual([['closing_soon'], [], [], []]);
  },
);

test('a drop of engagement and a missing next step are told, what is worst first', async ({
  inside,
}) => {
  const { insights, counts } = await inside(async (scope) => {
    const createdAt = daysBefore(now, 1);
    const id = await dealIn(scope, 'proposal', { ...fresh, createdAt, amountCents: 100 });
    await touchesOn(scope, id, now, 15, 16, 17);
    await dealIn(scope, 'proposal', { ...fresh, amountCents: 6_000_000, probability: 10 });
    await assessDeals(scope, [id], now, 'time passed');
    return listInsights(scope, { now, limit: 100 });
  });
  expect(insights.map(({ kind, severity }) => `${kind} ${severity}`)).toEqual([
    ...['high_value critical', 'engagement_drop warning', 'no_next_step info'],
  ]);
  expect(insights[1]!.description).toBe('$1: 0 touchpoints of late, 3 in the time before.');
  expect(counts).toEqual({ critical: 1, warning: 1, info: 1 });
});

test('insights are narrowed by severity kind and source and counted as they are narrowed, however many there are', async ({
  inside,
}) => {
  const told = await inside(async (scope) => {
    const quiet = { ...fresh, nextAction: 'Call', lastActivityAt: daysBefore(now, 40) };
    for (let n = 0; n < 3; n += 1) {
      await dealIn(scope, 'proposal', { ...quiet, amountCents: 900 + n, source: 'hubspot' });
    }
    await dealIn(scope, 'proposal', { ...fresh, createdAt: daysBefore(now, 3), source: 'api' });
    const filters: InsightFilter[] = [
      ...[{}, { severity: 'info' as const }, { kind: 'stalled' as const }],
      ...[{ source: 'api' }, { source: 'api', severity: 'critical' as const }],
    ];
    const answers = [];
    for (const filter of filters) {
      const { counts, insights } = await listInsights(scope, { now, limit: 2, filter });
      answers.push([counts.critical, counts.info, insights.map(({ kind }) => kind).join(' ')]);
    }
    return answers;
  });
  expect(told).toEqual([
    [3, 1, 'stalled stalled'],
    [0, 1, 'no_next_step'],
    [3, 0, 'stalled stalled'],
    [0, 1, 'no_next_step'],
    [0, 0, ''],
  ]);
});

test('acting on an insight makes the task that it proposes and lets it rest', async ({
  serve,
  inside,
}) => {
  await inside(async (scope) => {
    await aMember(scope, { userId: 'rep' });
    await stalledDeal(scope);
  });
  const [insight] = await insightsOf(serve);
  const path = `/api/insights/${insight!.anomaly_id}/act`;
  const [one, other] = await Promise.all([serve.post(path), serve.post(path)]);
  expect([one.status, other.status].toSorted()).toEqual([200, 409]);
  const tasks = await inside(({ db }) =>
    db.selectFrom('tasks').select(['dealId', 'kind', 'title', 'assigneeId']).execute(),
  );
  expect(tasks).toEqual([
    {
      ...{ dealId: insight!.affected_entities[0]!.id, kind: 'call', assigneeId: 'rep' },
      title: 'Follow up on Cold chain',
    },
  ]);
  expect(await insightsOf(serve)).toEqual([]);
  expect((await serve.post('/api/insights/stalled:nothing/act')).status).toBe(404);
});

test('acting on a stalled deal follows up on its lead with the sequence that was chosen', async ({
  serve,
  inside,
}) => {
  const { sequenceId, leadId } = await inside(async (scope) => {
    const leadId = await aLead(scope, { email: 'ann@acme.example' });
    await stalledDeal(scope, { leadId });
    return { leadId, sequenceId: await aSequence(scope) };
  });
  const changes = { action: { followUpSequenceId: sequenceId } };
  expect((await serve.put('/api/insights/settings', { changes })).status).toBe(200);
  const [insight] = await insightsOf(serve);
  expect(insight).toMatchObject({
    ...{ action_type: 'start_sequence', action_payload: { leadId, sequenceId } },
  });
  const acted = await serve.post(`/api/insights/${insight!.anomaly_id}/act`);
  expect(acted).toMatchObject({ status: 200, body: { enrolmentId: expect.any(String) } });
  const entered = await inside(({ db }) =>
    db.selectFrom('enrolments').select(['leadId', 'sequenceId']).execute(),
  );
  expect(entered).toEqual([{ leadId, sequenceId }]);
});

test('leads that nobody has are given to whoever has room, and those never called are told by source', async ({
  serve,
  inside,
}) => {
  const leadId = await inside(async (scope) => {
    await aMember(scope, { userId: 'rep' });
    const leadId = await aLead(scope, { email: 'ann@acme.example', phone: '602 555 0142' });
    const createdAt = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000).toISOString();
    await scope.db.updateTable('leads').set({ createdAt, ownerId: null }).execute();
    return leadId;
  });
  const [waiting] = await insightsOf(serve);
  expect(waiting).toMatchObject({
    ...{ kind: 'unassigned', title: expect.stringContaining('1 lead from'), action_type: 'assign' },
    description: 'The oldest waits since 2 days.',
    action_payload: { leadIds: [leadId], ownerId: null },
  });
  const acted = await serve.post(`/api/insights/${waiting!.anomaly_id}/act`);
  expect(acted).toMatchObject({ status: 200, body: { leadIds: [leadId] } });
  const lead = await inside(({ db }) =>
    db.selectFrom('leads').select('ownerId').executeTakeFirstOrThrow(),
  );
  expect(lead.ownerId).toBe('rep');
  expect((await insightsOf(serve)).map(({ kind }) => kind)).toEqual(['never_called']);
});

test('an insight that was put off with a reason comes back when its time has come', async ({
  serve,
  inside,
}) => {
  await inside(stalledDeal);
  const [insight] = await insightsOf(serve);
  const until = new Date(Date.now() + 60_000).toISOString();
  const path = `/api/insights/${insight!.anomaly_id}/snooze`;
  expect((await serve.post(path, { until })).status).toBe(422);
  expect((await serve.post(path, { until, reason: 'On holiday' })).status).toBe(200);
  expect(await insightsOf(serve)).toEqual([]);
  const { insights } = await inside((scope) => listInsights(scope, { now: until, limit: 10 }));
  expect(insights.map(({ kind }) => kind)).toEqual(['stalled']);
  const act = await serve.post(`/api/insights/${insight!.anomaly_id}/act`);
  expect(act).toMatchObject({
    ...{ status: 409, body: { title: 'Somebody has seen to this: On holiday' } },
  });
});

test('the alerts sum up the deals at risk with their reasons', async ({ serve, inside }) => {
  await inside(async (scope) => {
    const id = await stalledDeal(scope, { amountCents: 900 }, 40);
    await assessDeals(scope, [id], new Date().toISOString(), 'time passed');
  });
  const alerts = (await serve.get('/api/alerts')).body as Alerts;
  expect(alerts).toMatchObject({
    atRisk: {
      ...{ count: 1, amountCents: 900 },
      deals: [{ name: 'Cold chain', riskScore: 0.65, because: 'No activity for 40 days' }],
    },
    bands: { low: { count: 0 }, high: { count: 1 } },
    alerts: [{ kind: 'stalled', severity: 'critical' }],
  });
});

test('the health of the pipeline is that of its deals, each as much as it is worth', async ({
  serve,
  inside,
}) => {
  expect((await serve.get('/api/alerts')).body).toMatchObject({ pipelineHealth: null });
  await inside(async (scope) => {
    const judged = { riskScore: 0.1, riskBand: 'low' };
    await dealIn(scope, 'proposal', { ...judged, amountCents: 300, healthScore: 100 });
    await dealIn(scope, 'proposal', { ...judged, amountCents: 100, healthScore: 20 });
    await dealIn(scope, 'closed_won', { ...judged, status: 'won', healthScore: 1, amountCents: 9 });
  });
  expect((await serve.get('/api/alerts')).body).toMatchObject({ pipelineHealth: 80 });
});

async function insightsOf(serve: { get(path: string): Promise<{ body: unknown }> }) {
  const body = (await serve.get('/api/sales/insights')).body as {
    status: string;
    count: number;
    insights: Insight[];
  };
  expect(body).toMatchObject({ status: 'success', count: body.insights.length });
  return body.insights;
}

function stalledDeal(scope: Scope, values: object = {}, days = 15): Promise<string> {
  const at = new Date().toISOString();
  return dealIn(scope, 'proposal', {
    ...{ nextAction: 'Call', lastActivityAt: daysBefore(at, days), ownerId: 'rep' },
    ...{ stageEnteredAt: daysBefore(at, days > 15 ? 29 + 13 : 1), ...values },
  });
}
