import { sql } from 'kysely';
import type { Deal } from '#domain/deal.ts';
import type { DealInput } from '#domain/deal-change.ts';
import { faultsOfEntry } from '#domain/deal-move.ts';
import type { Stage } from '#domain/pipeline.ts';
import { Refusal } from '#domain/refusal.ts';
import { shownDeals } from './deal-columns.ts';
import { afterDeals } from './deal-follow.ts';
import { refuseStrangers } from './deal-parties.ts';
import { type DealRow, noteActivities, noteEvents, tellOwners } from './deal-story.ts';
import { record } from './events.ts';
import { stageColumns } from './pipelines.ts';
import type { Scope } from './scope.ts';

export async function getDeal(scope: Scope, id: string): Promise<Deal> {
  const deal = await shownDeals(scope)
    .where('d.id', '=', id)
    .where('d.deletedAt', 'is', null)
    .executeTakeFirst();
  if (!deal) throw missing();
  return deal as Deal;
}

/** The row of a deal, which nobody else changes until the end of the transaction. */
export async function lockDeal({ db }: Scope, id: string): Promise<DealRow> {
  const deal = await db
    .selectFrom('deals')
    .selectAll()
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!deal) throw missing();
  return deal;
}

/**
 * Makes a deal: in the first stage of the first pipeline, at 50 % or at the probability of the stage it is put in, and
 * with the company of its contact, unless it says otherwise.
 */
export async function createDeal(
  scope: Scope,
  input: DealInput & { isDemo?: boolean; fields?: object },
): Promise<Deal> {
  const { db, workspaceId, actor } = scope;
  const stage = await stageFor(scope, input);
  const { companyOfContact } = await refuseStrangers(scope, input);
  const { closedAt = null, fields = {}, amountCents = 0, lostReason, lostNote, ...given } = input;
  const companyId = given.companyId ?? companyOfContact;
  const faults = faultsOfEntry({ ...given, companyId, amountCents }, stage, { lostReason });
  if (faults.length > 0) throw new Refusal('invalid', `It cannot begin in ${stage.name}.`, faults);
  const at = sql<string>`coalesce(${closedAt}::timestamptz, now())`;
  const deal = await db
    .insertInto('deals')
    .values({
      ...given,
      ...{ workspaceId, companyId, pipelineId: stage.pipelineId, stageId: stage.id },
      ...{ status: stage.kind, amountCents, typedCents: amountCents, createdBy: actor },
      probability: probabilityIn(stage, input),
      fields: JSON.stringify(fields),
      wonAt: stage.kind === 'won' ? at : null,
      lostAt: stage.kind === 'lost' ? at : null,
      lostReason: stage.kind === 'lost' ? lostReason : null,
      lostNote: stage.kind === 'lost' ? lostNote : null,
      updatedAt: sql<string>`date_trunc('milliseconds', clock_timestamp())`,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await tell(scope, deal, stage);
  await afterDeals(scope, [deal.id], 'it was made');
  return getDeal(scope, deal.id);
}

async function tell(scope: Scope, deal: DealRow, stage: Stage): Promise<void> {
  const { id: dealId, stageId, status, amountCents, probability, ownerId, source } = deal;
  const after = { name: deal.name, stageId, status, amountCents, probability, ownerId, source };
  const what = { ...after, expectedCloseOn: deal.expectedCloseOn };
  await noteEvents(scope, [{ deal, kind: 'created', after: what }]);
  const title = `Deal ${deal.name} begins in ${stage.name}`;
  await noteActivities(scope, [{ deal, kind: 'deal_created', title, data: { amountCents } }]);
  await tellOwners(scope, [{ deal, what: `gave you the deal ${deal.name}` }]);
  await record(scope, [
    { kind: 'deal.created', data: { dealId, stage: stage.slug, value: amountCents } },
    ...(status === 'won'
      ? [{ kind: 'deal.closed_won' as const, data: { dealId, value: amountCents } }]
      : []),
    ...(status === 'lost'
      ? [{ kind: 'deal.closed_lost' as const, data: { dealId, value: amountCents } }]
      : []),
  ]);
}

async function stageFor(
  { db }: Scope,
  { pipelineId, stageId }: Pick<DealInput, 'pipelineId' | 'stageId'>,
): Promise<Stage> {
  const row = await db
    .selectFrom('stages')
    .select(stageColumns)
    .where('archivedAt', 'is', null)
    .where(
      sql<boolean>`exists (select from pipelines p where p.id = pipeline_id and p.archived_at is null)`,
    )
    .$if(stageId !== undefined, (all) => all.where('id', '=', stageId!))
    .$if(pipelineId !== undefined, (all) => all.where('pipelineId', '=', pipelineId!))
    .orderBy(sql`(select (p.position, p.id) from pipelines p where p.id = pipeline_id)`)
    .orderBy(sql`(slug = 'discovery') desc, (kind = 'open') desc`)
    .orderBy('position')
    .orderBy('id')
    .executeTakeFirst();
  if (row) return row as unknown as Stage;
  const field = stageId ? 'stageId' : 'pipelineId';
  const message = `There is no such ${stageId ? 'stage' : 'pipeline'}.`;
  throw new Refusal('invalid', message, [{ field, message }]);
}

/** What is closed is certain. What is open begins even, unless its stage or its probability is said. */
function probabilityIn(
  { kind, probability }: Stage,
  given: Pick<DealInput, 'stageId' | 'probability'>,
): number | null {
  if (kind !== 'open') return probability;
  if (given.probability !== undefined) return given.probability;
  return given.stageId ? probability : 50;
}

function missing(): Refusal {
  return new Refusal('not-found', 'There is no such deal.');
}
