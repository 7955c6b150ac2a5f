import { expect } from 'vitest';
import { override } from '#db/overrides.ts';
import { assessDeals } from '#db/risks.ts';
import type { DealRisk } from '#domain/risk-history.ts';
import { RiskSettings } from '#domain/risk-settings.ts';
import { test } from '#tests/db.ts';
import { daysBefore, dealIn } from '#tests/risks.ts';

const now = '2026-03-18T09:00:00.000Z';

test('a deal shows its risk as it was on any past day of its workspace, and why it moved since', async ({
  serve,
  inside,
}) => {
  const id = await inside(async (scope) => {
    await scope.db.updateTable('workspaces').set({ timeZone: 'America/New_York' }).execute();
    const values = { lastActivityAt: daysBefore(now, 10), stageEnteredAt: daysBefore(now, 2) };
    const id = await dealIn(scope, 'proposal', values);
    // 03:59:59 and 04:00 in UTC are the end of a day and the beginning of the next in New York.
    await assessDeals(scope, [id], '2026-03-19T03:59:59.000Z', 'time passed');
    await assessDeals(scope, [id], '2026-03-25T04:00:00.000Z', 'time passed');
    return id;
  });
  const then = (await serve.get(`/api/deals/${id}/risk?on=2026-03-18`)).body as DealRisk;
  expect(then.risk).toMatchObject({ score: 0.1429, band: 'low' });
  expect(then.now).toMatchObject({ score: 0.3143 });
  expect(then.moves).toEqual([
    {
      ...{ name: 'decay', from: 0.1429, to: 0.3143, by: 0.1714 },
      because: 'No activity for 16 days',
    },
  ]);
  const eve = (await serve.get(`/api/deals/${id}/risk?on=2026-03-24`)).body as DealRisk;
  expect(eve.risk!.score).toBe(0.1429);
  const before = (await serve.get(`/api/deals/${id}/risk?on=2026-03-17`)).body as DealRisk;
  expect(before).toMatchObject({ risk: null, moves: [] });
  const today = (await serve.get(`/api/deals/${id}/risk`)).body as DealRisk;
  expect(today).toMatchObject({ on: null, risk: { score: 0.3143 }, moves: [] });
  expect(today.history.map(({ score }) => score)).toEqual([0.3143, 0.1429]);
});

test('a manager sets other weights and thresholds, and every open deal is judged by them at once', async ({
  serve,
  inside,
}) => {
  const lastActivityAt = daysBefore(new Date().toISOString(), 10);
  const id = await inside((scope) => dealIn(scope, 'proposal', { lastActivityAt }));
  const changes = { decay: { days: 7, fullDays: 10 } };
  const set = await serve.put('/api/risk/settings', { changes });
  expect(set).toMatchObject({
    status: 200,
    body: {
      changes,
      defaults: { decay: { days: 14 } },
      settings: { decay: { days: 7, at: 0.75 } },
    },
  });
  const { now } = (await serve.get(`/api/deals/${id}/risk`)).body as DealRisk;
  expect(now!.factors[0]).toMatchObject({ contribution: 0.4 });
  const odd = await serve.put('/api/risk/settings', { changes: { decay: { weight: 0.9 } } });
  expect(odd).toMatchObject({
    ...{ status: 422 },
    body: { errors: [{ message: 'The weights add up to 1.' }] },
  });
  const unknown = await serve.put('/api/risk/settings', { changes: { decay: { dayz: 3 } } });
  expect(unknown).toMatchObject({ status: 422, body: { errors: [{ field: 'decay' }] } });
  expect((await serve.get('/api/risk/settings')).body).toMatchObject({ changes });
  const back = await serve.put('/api/risk/settings', { changes: {} });
  expect(back).toMatchObject({ body: { changes: {}, settings: { decay: { days: 14 } } } });
});

test('a deal of another workspace has no risk that one may see', async ({ serve }) => {
  const id = '00000000-0000-7000-8000-000000000000';
  expect((await serve.get(`/api/deals/${id}/risk`)).status).toBe(404);
});

test('what the database judges by is what the file says', async ({ inside }) => {
  const { loadRisk } = await import('#rules/risk.ts');
  const taken = await inside(async (scope) => {
    await override(scope, 'risk', RiskSettings, {});
    return scope.db.selectFrom('ruleFiles').select('settings').where('name', '=', 'risk').execute();
  });
  expect(taken).toEqual([{ settings: loadRisk() }]);
});
