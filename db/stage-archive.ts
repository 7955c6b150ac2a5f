import { sql } from 'kysely';
import type { Stage } from '#domain/pipeline.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { afterDeals } from './deal-follow.ts';
import { type DealRow, nextInstant, noteEvents } from './deal-story.ts';
import { listStages, lockPipelines } from './pipelines.ts';
import type { Scope } from './scope.ts';
import { getStage } from './stages.ts';

/** Takes a stage out of use. Its deals go to the stage that is named; without one, a stage with deals stays. */
export async function archiveStage(scope: Scope, id: string, toStageId?: string): Promise<Stage> {
  await lockPipelines(scope);
  const stage = await getStage(scope, id);
  if (stage.archivedAt) return stage;
  if (stage.kind !== 'open') {
    const message = `A pipeline keeps the stage where deals are ${stage.kind}.`;
    throw new Refusal('conflict', message, [{ field: 'id', message }]);
  }
  const stages = await listStages(scope, { pipelineId: stage.pipelineId });
  const rest = stages.filter((one) => one.kind === 'open' && one.id !== id);
  if (rest.length === 0) {
    throw new Refusal('conflict', 'A pipeline keeps a stage in which deals begin.');
  }
  await rehouse(scope, stage, { to: rest.find((one) => one.id === toStageId), asked: toStageId });
  const { db } = scope;
  await db
    .updateTable('stages')
    .set({ archivedAt: sql<string>`now()` })
    .where('id', '=', id)
    .execute();
  await forgetWays(scope, stage);
  changed(scope, 'deals', 'forecast', 'settings');
  return getStage(scope, id);
}

async function rehouse(
  scope: Scope,
  stage: Stage,
  { to, asked }: { to: Stage | undefined; asked: string | undefined },
): Promise<void> {
  const { db } = scope;
  const { count } = await db
    .selectFrom('deals')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('stageId', '=', stage.id)
    .where('deletedAt', 'is', null)
    .executeTakeFirstOrThrow();
  if (count === 0) return;
  if (!to) {
    const deals = count === 1 ? 'One deal is' : `${count} deals are`;
    const message = asked
      ? 'Name another open stage of this pipeline.'
      : `${deals} in ${stage.name}. Say to which stage.`;
    throw new Refusal(asked ? 'invalid' : 'conflict', message, [{ field: 'toStageId', message }]);
  }
  const moved = await db
    .updateTable('deals')
    .set({ stageId: to.id, probability: to.probability })
    .set({ stageEnteredAt: nextInstant, updatedAt: nextInstant })
    .where('stageId', '=', stage.id)
    .where('deletedAt', 'is', null)
    .returningAll()
    .execute();
  await noteEvents(
    scope,
    moved.map((deal) => event(deal, stage)),
  );
  await afterDeals(
    scope,
    moved.map(({ id }) => id),
    `its stage ${stage.name} was archived`,
  );
}

function event(deal: DealRow, from: Stage) {
  const after = { stageId: deal.stageId, probability: deal.probability };
  return { deal, kind: 'stage_changed' as const, before: { stageId: from.id }, after };
}

/** No way leads to what is not there any more; a stage with no other way goes anywhere again. */
async function forgetWays({ db }: Scope, { pipelineId, slug }: Stage): Promise<void> {
  await sql`
    update stages set next_slugs = nullif(next_slugs - ${slug}::text, '[]'::jsonb)
    where pipeline_id = ${pipelineId} and next_slugs ? ${slug}`.execute(db);
}
