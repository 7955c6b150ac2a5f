import { expect } from 'vitest';
import { assessmentActivities } from '#activities/assessments.ts';
import { findAssessment } from '#db/assessments.ts';
import { reserveCall, spendOf } from '#db/model-calls.ts';
import { inWorkspace } from '#db/scope.ts';
import { type Assessment, monthAhead } from '#domain/assessment.ts';
import { simulateOpenai } from '#integrations/openai/simulator.ts';
import { anAnalysis } from '#tests/analysis-story.ts';
import { test as base } from '#tests/db.ts';
import { aDeal } from '#tests/deals.ts';
import { connectModel, sensible } from '#tests/models.ts';
import { proposeByModel } from './model-columns.ts';

const test = base.extend('server', async ({}, { onCleanup }) => {
  const server = await simulateOpenai(sensible);
  onCleanup(() => server.stop());
  return server;
});

test('without a model a deal is judged by rules from its facts, at once', async ({ serve }) => {
  const deal = await aDeal(serve, { name: 'Bauer Cold Storage', amountCents: 1_250_000 });
  const shown = await serve.get(`/api/deals/${deal.id}/assessment`);
  expect(shown.status).toBe(200);
  const { text, by, risks, costMicros } = shown.body as Assessment;
  expect(text).toMatch(/^Bauer Cold Storage is worth \$12,500.00 and has stood in /);
  expect([by, costMicros]).toEqual(['rules', 0]);
  expect(risks.length).toBeGreaterThan(0);
  expect(risks.every(({ cites }) => cites.length > 0)).toBe(true);
  const again = await serve.post(`/api/deals/${deal.id}/assessment`);
  expect(again).toMatchObject({ status: 200, body: { by: 'rules', isAsked: false } });
  const moved = await serve.patch(`/api/deals/${deal.id}`, { name: 'Bauer Ice' });
  expect(moved.status).toBe(200);
  const later = await serve.get(`/api/deals/${deal.id}/assessment`);
  expect((later.body as Assessment).text).toMatch(/^Bauer Ice /);
});

test('a model that is asked answers later, once, and what it says stays', async ({
  db,
  who,
  serve,
  inside,
  server,
}) => {
  await inside((scope) => connectModel(scope, server.baseURL));
  const deal = await aDeal(serve);
  const path = `/api/deals/${deal.id}/assessment`;
  const [one, other] = [await serve.post(path), await serve.post(path)];
  expect(one).toMatchObject({ status: 202, body: { by: 'rules', isAsked: true } });
  expect(other.status).toBe(202);
  const starts = await inside(({ db }) =>
    db.selectFrom('outbox').select('input').where('workflow', '=', 'assessment').execute(),
  );
  expect(starts).toHaveLength(1);
  const [input] = JSON.parse(starts[0]!.input) as [{ workspaceId: string; assessmentId: string }];
  // What Temporal sees are ids.
  expect(Object.keys(input)).toEqual(['workspaceId', 'assessmentId']);
  const { encryptionKey, outbound, now } = serve.deps;
  const { assessAnew } = assessmentActivities({ db, encryptionKey, outbound, now });
  await assessAnew(input);
  await assessAnew(input);
  expect(server.asked).toHaveLength(1);
  expect(await serve.get(path)).toMatchObject({
    ...{ status: 200, body: { by: 'model', isAsked: false, text: 'It waits for a word from us.' } },
  });
  const { rows } = await inWorkspace(db, who, async ({ db }) => ({
    rows: await db.selectFrom('deals').select(['name', 'amountCents', 'stageId']).execute(),
  }));
  const { name, amountCents, stageId } = deal;
  expect(rows).toEqual([{ name, amountCents, stageId }]);
});

test('a model that never answered may be asked again after a while', async ({
  serve,
  inside,
  server,
}) => {
  await inside((scope) => connectModel(scope, server.baseURL));
  const path = `/api/deals/${(await aDeal(serve)).id}/assessment`;
  await serve.post(path);
  const askedAt = new Date(Date.now() - 3_600_000).toISOString();
  await inside(({ db }) => db.updateTable('assessments').set({ askedAt }).execute());
  expect((await serve.get(path)).body).toMatchObject({ isAsked: false });
  expect(await serve.post(path)).toMatchObject({ status: 202, body: { isAsked: true } });
});

test('a deal of an analysis is judged as it stood there', async ({ serve, inside }) => {
  const id = await inside((scope) => anAnalysis(scope));
  const shown = await serve.get(`/api/analyze/${id}/deals/1/assessment`);
  expect(shown).toMatchObject({
    ...{ status: 200, body: { by: 'rules', risks: [{ cites: ['name'] }, {}, {}] } },
  });
  expect((await serve.get(`/api/analyze/${id}/deals/99/assessment`)).status).toBe(404);
  expect((await serve.post(`/api/analyze/${id}/deals/2/assessment`)).status).toBe(200);
  const kept = await inside((scope) => findAssessment(scope, { analysisId: id, line: 2 }));
  expect(kept?.text).toMatch(/^Dvořák Tile & Stone/);
});

test('a budget, a forecast of the month and a hard stop are set and shown', async ({
  serve,
  inside,
  server,
}) => {
  const connectionId = await inside((scope) => connectModel(scope, server.baseURL));
  const settings = { connectionId, model: 'gpt-4o', budgetCents: 3, dealsPerAnalysis: 5 };
  expect(await serve.put('/api/assessments/settings', settings)).toMatchObject({
    ...{ status: 200, body: { ...settings, connections: [{ id: connectionId }] } },
  });
  const call = { key: 'a', purpose: 'assessment' as const, provider: 'openai', model: 'gpt-4o' };
  const now = '2026-11-10T00:00:00.000Z';
  serve.deps.now = () => now;
  await inside((scope) => reserveCall(scope, { ...call, mostMicros: 30_000, now }));
  expect((await serve.get('/api/assessments/spend')).body).toEqual({
    ...{ month: '2026-11', spentMicros: 30_000, budgetCents: 3, isStopped: true, calls: 1 },
    ...{ forecastMicros: 100_000, tokensIn: 0, tokensOut: 0, failed: 0 },
  });
  const more = { ...call, key: 'b', mostMicros: 1, now };
  expect(await inside((scope) => reserveCall(scope, more))).toBeUndefined();
  // A new month has its own budget.
  const next = { ...more, now: '2026-12-01T00:00:00.000Z' };
  expect(await inside((scope) => reserveCall(scope, next))).toBeTypeOf('string');
});

test('those who ask at once set aside no more than the budget together', async ({
  db,
  who,
  inside,
}) => {
  await inside((scope) => connectModel(scope, 'https://models.example', { budgetCents: 5 }));
  const now = '2026-11-10T00:00:00.000Z';
  const about = { purpose: 'assessment' as const, provider: 'openai', model: 'gpt-4o', now };
  const ids = await Promise.all(
    Array.from({ length: 12 }, (_, n) =>
      inWorkspace(db, who, (scope) =>
        reserveCall(scope, { ...about, key: `k${n}`, mostMicros: 10_000 }),
      ),
    ),
  );
  expect(ids.filter(Boolean)).toHaveLength(5);
  expect((await inside((scope) => spendOf(scope, now))).spentMicros).toBe(50_000);
});

test('a question that was broken off counts as paid, and may be asked again', async ({
  inside,
}) => {
  const now = '2026-11-10T00:00:00.000Z';
  const about = { purpose: 'assessment' as const, provider: 'openai', model: 'gpt-4o', now };
  const call = { ...about, key: 'same', mostMicros: 1000 };
  await inside((scope) => reserveCall(scope, call));
  await inside((scope) => reserveCall(scope, call));
  expect(await inside((scope) => spendOf(scope, now))).toMatchObject({
    ...{ spentMicros: 2000, calls: 2, failed: 1 },
  });
});

test('a connection that answers no questions is no model', async ({ serve }) => {
  const made = await serve.post('/api/connections', { source: 'generic', settings: {} });
  const { id } = made.body as { id: string };
  expect(await serve.put('/api/assessments/settings', { connectionId: id })).toMatchObject({
    ...{ status: 422, body: { errors: [{ field: 'connectionId' }] } },
  });
});

test('a key of a model is sealed and never shown', async ({ serve, inside }) => {
  const settings = { apiKey: 'sk-very-secret' };
  const made = await serve.post('/api/connections', { source: 'anthropic', settings });
  expect(made.status).toBe(201);
  const { id } = made.body as { id: string };
  const set = await serve.put('/api/assessments/settings', { connectionId: id });
  const all = [made, set, await serve.get('/api/connections')];
  expect(JSON.stringify(all.map(({ body }) => body))).not.toContain('sk-very-secret');
  const rows = await inside(({ db }) => db.selectFrom('connections').selectAll().execute());
  expect(JSON.stringify(rows)).not.toContain('sk-very-secret');
});

test('columns are proposed by a model too, from their names and the form of their values', async ({
  who,
  serve,
  inside,
}) => {
  const columns = [{ name: 'Wert (netto)', samples: ['12.500 €', 'Bauer'] }];
  const fields = [{ field: 'amountCents', label: 'Amount' }];
  expect(await proposeByModel(serve.deps, who, columns, fields)).toEqual([]);
  const server = await simulateOpenai(() => ({
    columns: [{ column: 'Wert (netto)', field: 'amountCents', sure: 1 }],
  }));
  await inside((scope) => connectModel(scope, server.baseURL));
  const proposed = await proposeByModel(serve.deps, who, columns, fields);
  expect(proposed).toMatchObject([{ column: 'Wert (netto)', field: 'amountCents' }]);
  expect(proposed[0]!.confidence).toBeLessThan(0.7);
  expect(server.asked[0]!.prompt).not.toMatch(/Bauer|12\.5/);
  server.script({ status: 500 });
  expect(await proposeByModel(serve.deps, who, columns, fields)).toEqual([]);
  await server.stop();
});

test('a file whose columns nothing here knows waits for a person though a model knows them', async ({
  serve,
  inside,
}) => {
  const server = await simulateOpenai(() => ({
    columns: [
      { column: 'Ware', field: 'name', sure: 1 },
      { column: 'Xyz', field: 'amountCents', sure: 1 },
    ],
  }));
  await inside((scope) => connectModel(scope, server.baseURL));
  const form = new FormData();
  const rows = 'Ware,Stage,Close Date,Xyz\nBauer Ice,Proposal,2026-12-01,1200\n';
  form.set('file', new Blob([rows]), 'deals.csv');
  const upload = await fetch(`${serve.url}/api/analyze?start=true`, {
    ...{ method: 'POST', body: form },
    headers: { authorization: `Bearer ${await serve.token()}` },
  });
  await server.stop();
  expect(upload.status).toBe(202);
  const { status, columns } = (await upload.json()) as {
    status: string;
    columns: { name: string; field?: string; because: string }[];
  };
  expect(status).toBe('mapping');
  expect(columns).toMatchObject([
    { name: 'Ware', field: 'name', because: 'A model thinks so: look before you go on.' },
    ...[{ field: 'stage' }, { field: 'expectedCloseOn' }, { field: 'amountCents' }],
  ]);
  expect(server.asked[0]!.prompt).not.toMatch(/Bauer|1200|Close Date/);
});

test('a month comes to what it does when it goes on as it did', () => {
  const november = { from: '2026-11-01T00:00:00Z', until: '2026-12-01T00:00:00Z' };
  expect(monthAhead(1000, { ...november, now: '2026-11-16T00:00:00Z' })).toBe(2000);
  // Of the first hour no month is made.
  expect(monthAhead(1000, { ...november, now: '2026-11-01T01:00:00Z' })).toBe(30_000);
});
