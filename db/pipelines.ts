import { sql } from 'kysely';
import type { Pipeline, Stage } from '#domain/pipeline.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';

export const stageColumns = [
  ...(['id', 'pipelineId', 'slug', 'name', 'colour', 'kind', 'probability', 'position'] as const),
  ...(['required', 'nextSlugs', 'actions', 'isActive', 'archivedAt'] as const),
] as const satisfies (keyof Stage)[];

/** The pipelines of a workspace with their stages, in their order; archived ones only when asked for. */
export async function listPipelines(scope: Scope, { archived = false } = {}): Promise<Pipeline[]> {
  const rows = await scope.db
    .selectFrom('pipelines')
    .select(['id', 'name', 'position', 'archivedAt'])
    .$if(!archived, (all) => all.where('archivedAt', 'is', null))
    .orderBy('position')
    .orderBy('id')
    .execute();
  const stages = await listStages(scope, { archived });
  return rows.map((row) => ({
    ...row,
    stages: stages.filter(({ pipelineId }) => pipelineId === row.id),
  }));
}

export async function getPipeline(scope: Scope, id: string): Promise<Pipeline> {
  const found = (await listPipelines(scope, { archived: true })).find((one) => one.id === id);
  if (!found) throw new Refusal('not-found', 'There is no such pipeline.');
  return found;
}

export async function listStages(
  { db }: Scope,
  { archived = false, pipelineId }: { archived?: boolean; pipelineId?: string } = {},
): Promise<Stage[]> {
  const rows = await db
    .selectFrom('stages')
    .select(stageColumns)
    .$if(!archived, (all) => all.where('archivedAt', 'is', null))
    .$if(pipelineId !== undefined, (all) => all.where('pipelineId', '=', pipelineId!))
    .orderBy('pipelineId')
    .orderBy('position')
    .orderBy('id')
    .execute();
  return rows as unknown as Stage[];
}

/** A pipeline with the six stages that the first one began with. */
export async function addPipeline(scope: Scope, { name }: { name: string }): Promise<Pipeline> {
  const { db, workspaceId } = scope;
  const { id } = await db
    .insertInto('pipelines')
    .values({ workspaceId, name, position: sql`(select count(*) from pipelines)` })
    .returning('id')
    .executeTakeFirstOrThrow();
  const stages = firstStages.map(([slug, label, colour, kind, probability], position) => ({
    ...{ workspaceId, pipelineId: id, slug, name: label, colour, kind, probability, position },
  }));
  await insertRows(scope, 'stages', stages, ['id']);
  changed(scope, 'deals', 'settings');
  return getPipeline(scope, id);
}

/** Renames, moves, archives or brings back a pipeline. The last one stays, and so does one with open deals. */
export async function changePipeline(
  scope: Scope,
  id: string,
  { archived, ...change }: { name?: string; position?: number; archived?: boolean },
): Promise<Pipeline> {
  const { db } = scope;
  await lockPipelines(scope);
  await getPipeline(scope, id);
  if (archived) await refuseInUse(scope, id);
  const archivedAt = archived ? sql<string>`coalesce(archived_at, now())` : null;
  await db
    .updateTable('pipelines')
    .set({ id, ...change, ...(archived === undefined ? {} : { archivedAt }) })
    .where('id', '=', id)
    .execute();
  changed(scope, 'deals', 'settings');
  return getPipeline(scope, id);
}

/** Who changes pipelines and stages takes turns. */
export async function lockPipelines({ db }: Scope): Promise<void> {
  await db.selectFrom('pipelines').select('id').orderBy('id').forNoKeyUpdate().execute();
}

async function refuseInUse({ db }: Scope, id: string): Promise<void> {
  const others = await db
    .selectFrom('pipelines')
    .select('id')
    .where('id', '<>', id)
    .where('archivedAt', 'is', null)
    .executeTakeFirst();
  if (!others) throw new Refusal('conflict', 'A workspace keeps one pipeline.');
  const { count } = await db
    .selectFrom('deals')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('pipelineId', '=', id)
    .where('status', '=', 'open')
    .where('deletedAt', 'is', null)
    .executeTakeFirstOrThrow();
  if (count === 0) return;
  const deals = count === 1 ? 'One open deal is' : `${count} open deals are`;
  throw new Refusal('conflict', `${deals} in this pipeline. Close or move them first.`);
}

/** As begin_pipeline() in the database has them. */
const firstStages = [
  ['discovery', 'Discovery', 'slate', 'open', 20],
  ['qualification', 'Qualification', 'blue', 'open', 40],
  ['proposal', 'Proposal', 'violet', 'open', 60],
  ['negotiation', 'Negotiation', 'amber', 'open', 80],
  ['closed_won', 'Closed won', 'green', 'won', 100],
  ['closed_lost', 'Closed lost', 'red', 'lost', 0],
] as const;
