import { sql } from 'kysely';
import type { Stage } from '#domain/pipeline.ts';
import { type NewStage, slugOf, type StageChange } from '#domain/pipeline-change.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { refuseUnknown } from './named.ts';
import { getPipeline, listStages, lockPipelines, stageColumns } from './pipelines.ts';
import type { Scope } from './scope.ts';

/** A stage between the open ones and the two that end a deal. A pipeline has one that wins and one that loses. */
export async function addStage(scope: Scope, pipelineId: string, given: NewStage): Promise<Stage> {
  await lockPipelines(scope);
  const { stages } = await getPipeline(scope, pipelineId);
  const slug = given.slug ?? slugOf(given.name);
  if (!slug) throw refusal('slug', 'Give it a slug of letters and digits.');
  if (stages.some((stage) => stage.slug === slug)) {
    const message = `There is a stage “${slug}” in this pipeline already.`;
    throw new Refusal('conflict', message, [{ field: 'slug', message }]);
  }
  await refuseStrange(scope, stages, given);
  const open = stages.filter(({ kind }) => kind === 'open');
  const position = Math.max(-1, ...open.map((stage) => stage.position)) + 1;
  await scope.db
    .updateTable('stages')
    .set({ position: sql<number>`position + 1` })
    .where('pipelineId', '=', pipelineId)
    .where('position', '>=', position)
    .execute();
  const { db, workspaceId } = scope;
  const { name, colour, probability = 50, isActive } = given;
  const row = await db
    .insertInto('stages')
    .values({
      ...{ workspaceId, pipelineId, slug, name, colour, probability, isActive, position },
      ...asJson(given),
    })
    .returning(stageColumns)
    .executeTakeFirstOrThrow();
  changed(scope, 'deals', 'settings');
  return row as unknown as Stage;
}

/** Changes a stage. That won and lost end a deal, at 100 and 0 %, cannot be edited away. */
export async function changeStage(scope: Scope, id: string, change: StageChange): Promise<Stage> {
  await lockPipelines(scope);
  const stage = await getStage(scope, id);
  refuseTerminal(stage, change);
  await refuseStrange(scope, await listStages(scope, { pipelineId: stage.pipelineId }), change);
  const { name, colour, probability, isActive } = change;
  const row = await scope.db
    .updateTable('stages')
    .set({ id, name, colour, probability, isActive, ...asJson(change) })
    .where('id', '=', id)
    .returning(stageColumns)
    .executeTakeFirstOrThrow();
  changed(scope, 'deals', 'forecast', 'settings');
  return row as unknown as Stage;
}

/** Puts the stages of a pipeline into an order that names each of them; those that end a deal stay last. */
export async function orderStages(scope: Scope, pipelineId: string, ids: string[]): Promise<void> {
  await lockPipelines(scope);
  const { stages } = await getPipeline(scope, pipelineId);
  const there = new Map(stages.filter(({ archivedAt }) => !archivedAt).map((one) => [one.id, one]));
  if (
    ids.length !== there.size ||
    ids.some((id) => !there.has(id)) ||
    new Set(ids).size < ids.length
  )
    throw refusal('ids', 'Name every stage of this pipeline once.');
  const kinds = ids.map((id) => there.get(id)!.kind);
  if (kinds.lastIndexOf('open') > kinds.findIndex((kind) => kind !== 'open'))
    throw refusal('ids', 'The stages that end a deal come last.');
  await sql`
    update stages s set position = n.at from unnest(${ids}::uuid[]) with ordinality n (id, at)
    where s.id = n.id`.execute(scope.db);
  changed(scope, 'deals', 'settings');
}

export async function getStage({ db }: Scope, id: string): Promise<Stage> {
  const row = await db
    .selectFrom('stages')
    .select(stageColumns)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such stage.');
  return row as unknown as Stage;
}

function refuseTerminal({ kind, name, probability }: Stage, change: StageChange): void {
  if (change.kind && change.kind !== kind) {
    const what = kind === 'open' ? 'is one that deals pass through' : `is where deals are ${kind}`;
    throw refusal('kind', `${name} ${what}; that cannot be edited away.`);
  }
  if (kind === 'open') return;
  if (change.probability !== undefined && change.probability !== probability) {
    throw refusal('probability', `${name} is certain: its probability stays ${probability} %.`);
  }
  if (change.isActive === false) {
    throw refusal('isActive', `A pipeline keeps the stage where deals are ${kind}.`);
  }
}

/** Ways that lead nowhere, and sequences that are not there. */
async function refuseStrange(
  scope: Scope,
  stages: Pick<Stage, 'slug'>[],
  { nextSlugs, actions = [] }: Pick<StageChange, 'nextSlugs' | 'actions'>,
): Promise<void> {
  const strange = nextSlugs?.find((slug) => !stages.some((stage) => stage.slug === slug));
  if (strange) throw refusal('nextSlugs', `There is no stage “${strange}” in this pipeline.`);
  for (const { sequenceId } of actions) {
    await refuseUnknown(scope, 'sequences', sequenceId, 'actions');
  }
}

function asJson({ required, nextSlugs, actions }: Omit<StageChange, 'kind'>) {
  return {
    ...(required && { required: JSON.stringify(required) }),
    ...(nextSlugs !== undefined && { nextSlugs: nextSlugs && JSON.stringify(nextSlugs) }),
    ...(actions && { actions: JSON.stringify(actions) }),
  };
}

function refusal(field: string, message: string): Refusal {
  return new Refusal('invalid', message, [{ field, message }]);
}
