import type { Calling } from './serve.ts';

/** What of the pipeline the stranger has. */
export interface OwnDeal {
  deal: string;
  pipeline: string;
  /** Where the deal is, and where it is not. */
  stage: string;
  otherStage: string;
}

/** What each route of the pipeline takes, so that it is the id that is judged. */
export const dealBodies: Record<string, object> = {
  'post /deals/:id/stage': { stageId: '01a00000-0000-7000-8000-000000000001' },
  'post /deals/:id/lines': { name: 'Mine now', unitPriceCents: 1 },
  'post /deals/:id/tags': { slug: 'hot' },
  'post /pipelines/:id/stages': { name: 'Mine now' },
  'put /pipelines/:id/stages': { ids: [] },
};

/** Which table's ids stand in a path of the pipeline. */
export const dealTables = {
  ...{ deals: 'deals', board: 'stages', stages: 'stages' },
  ...{ pipelines: 'pipelines', products: 'products' },
};

const patchDeal = { at: 'patch /deals/:id', path: ({ deal }: OwnDeal) => `/deals/${deal}` };
const moveDeal = {
  at: 'post /deals/:id/stage',
  path: (own: OwnDeal) => `/deals/${own.deal}/stage`,
};
const addStage = {
  ...{ at: 'post /pipelines/:id/stages', table: 'sequences' },
  path: ({ pipeline }: OwnDeal) => `/pipelines/${pipeline}/stages`,
  body: (id: string) => ({ name: 'Mine', actions: [{ do: 'enrol', sequenceId: id }] }),
};
const patchStage = {
  ...{ at: 'patch /stages/:id', table: 'sequences' },
  path: ({ stage }: OwnDeal) => `/stages/${stage}`,
  body: (id: string) => ({ actions: [{ do: 'stop', sequenceId: id }] }),
};
const bulk = { at: 'post /deals/bulk' };

export const dealCases = [
  ...Object.entries({
    ...{ companyId: 'companies', contactId: 'contacts', leadId: 'leads', ownerId: 'members' },
    ...{ pipelineId: 'pipelines', stageId: 'stages' },
  }).map(([field, table]) => ({
    ...{ at: 'post /deals', field, table },
    body: (id: string) => ({ name: 'Mine', [field]: id }),
  })),
  ...Object.entries({ companyId: 'companies', contactId: 'contacts', ownerId: 'members' }).map(
    ([field, table]) => ({ ...patchDeal, field, table, body: (id: string) => ({ [field]: id }) }),
  ),
  {
    ...{ ...moveDeal, field: 'stageId', table: 'stages' },
    body: (id: string) => ({ stageId: id }),
  },
  {
    ...{ ...moveDeal, field: 'fromStageId', table: 'stages' },
    body: (id: string, own: OwnDeal) => ({ stageId: own.otherStage, fromStageId: id }),
  },
  {
    ...{ at: 'post /deals/:id/lines', field: 'productId', table: 'products' },
    path: ({ deal }: OwnDeal) => `/deals/${deal}/lines`,
    body: (id: string) => ({ productId: id }),
  },
  {
    ...{ ...bulk, field: 'ids', table: 'deals' },
    body: (id: string) => ({ ids: [id], action: 'delete' }),
  },
  {
    ...{ ...bulk, field: 'ownerId', table: 'members' },
    body: (id: string, own: OwnDeal) => ({ ids: [own.deal], action: 'assign', ownerId: id }),
  },
  {
    ...{ ...bulk, field: 'stageId', table: 'stages' },
    body: (id: string, own: OwnDeal) => ({ ids: [own.deal], action: 'stage', stageId: id }),
  },
  { ...addStage, field: 'actions' },
  { ...addStage, field: 'sequenceId' },
  { ...patchStage, field: 'actions' },
  { ...patchStage, field: 'sequenceId' },
  {
    ...{ at: 'put /pipelines/:id/stages', field: 'ids', table: 'stages' },
    path: ({ pipeline }: OwnDeal) => `/pipelines/${pipeline}/stages`,
    body: (id: string) => ({ ids: [id] }),
  },
  {
    ...{ at: 'post /stages/:id/archive', field: 'toStageId', table: 'stages' },
    path: ({ stage }: OwnDeal) => `/stages/${stage}/archive`,
    body: (id: string) => ({ toStageId: id }),
  },
];

const dueAt = '2031-01-01T00:00:00.000Z';
const noTask = { dealId: null, leadId: null, kind: 'call', title: 'Mine', dueAt, assigneeId: null };

/** What may be done instead of what an insight proposes. */
export const insightCases = [
  { field: 'instead', table: 'deals', type: 'create_task', payload: taskOf('dealId') },
  { field: 'dealId', table: 'deals', type: 'create_task', payload: taskOf('dealId') },
  { field: 'leadId', table: 'leads', type: 'create_task', payload: taskOf('leadId') },
  { field: 'assigneeId', table: 'members', type: 'create_task', payload: taskOf('assigneeId') },
  {
    ...{ field: 'leadId', table: 'leads', type: 'start_sequence' },
    payload: (leadId: string, { sequence }: OwnWalk) => ({ leadId, sequenceId: sequence }),
  },
  {
    ...{ field: 'sequenceId', table: 'sequences', type: 'start_sequence' },
    payload: (sequenceId: string, { lead }: OwnWalk) => ({ leadId: lead, sequenceId }),
  },
  {
    ...{ field: 'leadIds', table: 'leads', type: 'assign' },
    payload: (id: string) => ({ leadIds: [id], ownerId: null }),
  },
  {
    ...{ field: 'ownerId', table: 'members', type: 'assign' },
    payload: (ownerId: string, { lead }: OwnWalk) => ({ leadIds: [lead], ownerId }),
  },
].map(({ field, table, type, payload }) => ({
  ...{ at: 'post /insights/:id/act', field, table },
  path: ({ deal }: OwnDeal) => `/insights/high_value:${deal}/act`,
  body: (id: string, own: OwnWalk) => ({
    instead: { action_type: type, action_payload: payload(id, own) },
  }),
}));

interface OwnWalk {
  lead: string;
  sequence: string;
}

function taskOf(field: string) {
  return (id: string) => ({ ...noTask, [field]: id });
}

/** A deal of the stranger in the first stage of theirs, large and unlikely enough for an insight. */
export async function ownDeal(stranger: Calling): Promise<OwnDeal> {
  const { body } = await stranger.post('/api/deals', {
    ...{ name: 'Ours', amountCents: 9_000_000, probability: 20 },
  });
  const { deal } = body as { deal: { id: string; pipelineId: string; stageId: string } };
  const { body: all } = await stranger.get('/api/pipelines');
  const [first] = (all as { items: { stages: { id: string }[] }[] }).items;
  const other = first!.stages.find(({ id }) => id !== deal.stageId)!;
  const { id, pipelineId: pipeline, stageId: stage } = deal;
  return { deal: id, pipeline, stage, otherStage: other.id };
}
