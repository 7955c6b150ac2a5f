import { expect } from 'vitest';
import type { Pipeline, Stage } from '#domain/pipeline.ts';
import { permissions } from '#domain/permissions.ts';
import { aDeal } from '#tests/deals.ts';
import { test as base } from '#tests/db.ts';
import { aSequence } from '#tests/leads.ts';

const test = base.extend('first', async ({ serve }) => {
  const { body } = await serve.get('/api/pipelines');
  const [pipeline] = (body as { items: Pipeline[] }).items;
  return {
    ...pipeline!,
    stage: (slug: string) => pipeline!.stages.find((one) => one.slug === slug)!,
  };
});

test('a workspace begins with a pipeline of six stages and may have several', async ({
  serve,
  first,
}) => {
  expect(first.stages.map(({ slug, probability, kind }) => [slug, probability, kind])).toEqual([
    ['discovery', 20, 'open'],
    ['qualification', 40, 'open'],
    ['proposal', 60, 'open'],
    ['negotiation', 80, 'open'],
    ['closed_won', 100, 'won'],
    ['closed_lost', 0, 'lost'],
  ]);
  const second = await serve.post('/api/pipelines', { name: 'Renewals' });
  expect(second).toMatchObject({ status: 201, body: { name: 'Renewals', position: 1 } });
  const { id, stages } = second.body as Pipeline;
  expect(stages.map(({ slug }) => slug)).toEqual(first.stages.map(({ slug }) => slug));
  const renewal = await aDeal(serve, { pipelineId: id });
  expect(renewal).toMatchObject({ pipelineId: id, stageId: stages[0]!.id });
  expect(await serve.patch(`/api/pipelines/${id}`, { archived: true })).toMatchObject({
    status: 409,
    body: { title: 'One open deal is in this pipeline. Close or move them first.' },
  });
  await serve.post(`/api/deals/${renewal.id}/stage`, { stageId: first.stages[1]!.id });
  expect((await serve.patch(`/api/pipelines/${id}`, { archived: true })).status).toBe(200);
  expect((await serve.patch(`/api/pipelines/${first.id}`, { archived: true })).status).toBe(409);
  expect(((await serve.get('/api/pipelines')).body as { items: object[] }).items).toHaveLength(1);
});

test('stages are named, coloured and ordered by the workspace, with a probability of their own', async ({
  serve,
  first,
}) => {
  const legal = { name: 'Legal review', colour: 'teal', probability: 90 };
  const added = await serve.post(`/api/pipelines/${first.id}/stages`, legal);
  expect(added).toMatchObject({
    status: 201,
    body: { slug: 'legal_review', position: 4, ...legal },
  });
  expect((await serve.post(`/api/pipelines/${first.id}/stages`, legal)).status).toBe(409);
  const { id } = added.body as Stage;
  const renamed = await serve.patch(`/api/stages/${id}`, { name: 'Contract', probability: 85 });
  expect(renamed.body).toMatchObject({ name: 'Contract', probability: 85, slug: 'legal_review' });
  const open = first.stages.slice(0, 4).map((stage) => stage.id);
  const ended = first.stages.slice(4).map((stage) => stage.id);
  const ids = [id, ...open, ...ended];
  const ordered = await serve.put(`/api/pipelines/${first.id}/stages`, { ids });
  expect((ordered.body as Pipeline).stages.map((stage) => stage.id)).toEqual(ids);
  for (const wrong of [ids.slice(1), [...ids.slice(1), ids[1]], [...ended, ...open, id]]) {
    const refused = await serve.put(`/api/pipelines/${first.id}/stages`, { ids: wrong });
    expect(refused.status).toBe(422);
  }
});

test('that won and lost end a deal cannot be edited away', async ({ serve, first }) => {
  const [won, lost] = [first.stage('closed_won'), first.stage('closed_lost')];
  for (const [stage, change] of [
    [won, { kind: 'open' }],
    [won, { probability: 90 }],
    [won, { isActive: false }],
    [lost, { kind: 'won' }],
    [lost, { probability: 10 }],
    [first.stage('proposal'), { kind: 'won' }],
  ] as const) {
    const refused = await serve.patch(`/api/stages/${stage.id}`, change);
    expect([stage.slug, change, refused.status]).toEqual([stage.slug, change, 422]);
    const { errors } = refused.body as { errors: { field: string; message: string }[] };
    expect(errors[0]!.field).toBe(Object.keys(change)[0]);
  }
  for (const { id } of [won, lost]) {
    expect((await serve.post(`/api/stages/${id}/archive`, {})).status).toBe(409);
  }
  const renamed = await serve.patch(`/api/stages/${won.id}`, { name: 'Signed', colour: 'teal' });
  expect(renamed).toMatchObject({ status: 200, body: { name: 'Signed', kind: 'won' } });
});

test('a stage with deals is archived only when it is said where they go', async ({
  serve,
  first,
}) => {
  const [proposal, negotiation] = [first.stage('proposal'), first.stage('negotiation')];
  const deal = await aDeal(serve, { stageId: proposal.id });
  await serve.patch(`/api/stages/${negotiation.id}`, { nextSlugs: ['proposal'] });
  const asked = await serve.post(`/api/stages/${proposal.id}/archive`, {});
  expect(asked).toMatchObject({
    status: 409,
    body: {
      errors: [{ field: 'toStageId', message: 'One deal is in Proposal. Say to which stage.' }],
    },
  });
  const nowhere = { toStageId: first.stage('closed_won').id };
  expect((await serve.post(`/api/stages/${proposal.id}/archive`, nowhere)).status).toBe(422);
  const there = { toStageId: negotiation.id };
  const done = await serve.post(`/api/stages/${proposal.id}/archive`, there);
  expect(done).toMatchObject({ status: 200, body: { archivedAt: expect.any(String) as string } });
  const { body } = await serve.get(`/api/deals/${deal.id}`);
  expect(body).toMatchObject({ deal: { stageId: negotiation.id, probability: 80 } });
  const { items } = (await serve.get('/api/pipelines')).body as { items: Pipeline[] };
  expect(items[0]!.stages).toHaveLength(5);
  // The way to what is gone is gone.
  expect(items[0]!.stages.find(({ slug }) => slug === 'negotiation')).toMatchObject({
    nextSlugs: null,
  });
});

test('a stage leads only to stages, and starts only sequences, that are there', async ({
  serve,
  inside,
  first,
}) => {
  const { id } = first.stage('discovery');
  expect(await serve.patch(`/api/stages/${id}`, { nextSlugs: ['moon'] })).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'nextSlugs' }] },
  });
  const nobody = [{ do: 'enrol', sequenceId: crypto.randomUUID() }];
  expect((await serve.patch(`/api/stages/${id}`, { actions: nobody })).status).toBe(422);
  const actions = [{ do: 'enrol', sequenceId: await inside((scope) => aSequence(scope)) }];
  expect((await serve.patch(`/api/stages/${id}`, { actions })).body).toMatchObject({ actions });
});

test('only owners and admins may edit stages', async ({ serve, first }) => {
  expect(permissions['pipelines:write']).toEqual(['owner', 'admin']);
  const token = await serve.token(['deals:read', 'deals:write']);
  const rep = serve.as({ authorization: `Bearer ${token}` });
  expect((await rep.get('/api/pipelines')).status).toBe(200);
  expect((await rep.patch(`/api/stages/${first.stages[0]!.id}`, { name: 'X' })).status).toBe(403);
  expect((await rep.post('/api/pipelines', { name: 'X' })).status).toBe(403);
});

test('a product is added, found, changed and put away', async ({ serve }) => {
  const camera = { sku: 'DC-2', name: 'Dual camera', priceCents: 28_900, costCents: 15_768 };
  const made = await serve.post('/api/products', camera);
  expect(made).toMatchObject({ status: 201, body: camera });
  expect((await serve.post('/api/products', camera)).status).toBe(409);
  expect((await serve.post('/api/products', { ...camera, priceCents: -1 })).status).toBe(422);
  const { id } = made.body as { id: string };
  expect((await serve.get('/api/products?q=dual')).body).toMatchObject({ items: [{ id }] });
  expect((await serve.get('/api/products?q=100%25')).body).toMatchObject({ items: [] });
  const dearer = await serve.patch(`/api/products/${id}`, { priceCents: 30_000 });
  expect(dearer.body).toMatchObject({ priceCents: 30_000, costCents: 15_768 });
  await serve.patch(`/api/products/${id}`, { archived: true });
  expect((await serve.get('/api/products')).body).toMatchObject({ items: [] });
});
