import { sql } from 'kysely';
import type { Deal } from '#domain/deal.ts';
import type { DealMove } from '#domain/deal-change.ts';
import { refusalOfMove } from '#domain/deal-move.ts';
import type { Stage } from '#domain/pipeline.ts';
import { invalid } from '#domain/refusal.ts';
import { actOnEntry, leadOfDeal } from './deal-actions.ts';
import { afterDeals } from './deal-follow.ts';
import { type DealRow, nextInstant, noteActivities, noteEvents, tellOwners } from './deal-story.ts';
import { getDeal, lockDeal } from './deals.ts';
import { record } from './events.ts';
import { mayOverrule } from './overruling.ts';
import { listStages } from './pipelines.ts';
import type { Scope } from './scope.ts';
import { lockContacts } from './standing.ts';

/**
 * Puts a deal into a stage, if it has what the stage asks for. Moved there by two at once, it is moved once; moved to
 * two places at once, the second is refused when they say where they saw it.
 */
export async function moveDeal(scope: Scope, id: string, move: DealMove): Promise<Deal> {
  const to = await writeMove(scope, id, move);
  if (to) await afterDeals(scope, [id], `it was moved to ${to.name}`);
  return getDeal(scope, id);
}

/** The same without what follows from it, which the caller sees to; answers the stage that it entered, if it is another. */
export async function writeMove(
  scope: Scope,
  id: string,
  move: DealMove,
): Promise<Stage | undefined> {
  const stages = await listStages(scope, { archived: true });
  const to = stages.find((stage) => stage.id === move.stageId);
  if (to && to.actions.length > 0) {
    // In the order of a touch: the person, then the deal.
    const leadId = await leadOfDeal(scope, id);
    if (leadId) await lockContacts(scope, { leadId });
  }
  const before = await lockDeal(scope, id);
  if (!to) throw invalid('stageId', 'There is no such stage.');
  if (before.stageId === to.id) return undefined;
  const from = stages.find((stage) => stage.id === before.stageId)!;
  const refusal = refusalOfMove(
    before,
    { from, to, stages: stages.filter(({ pipelineId }) => pipelineId === from.pipelineId) },
    move,
    before.status !== 'won' || (await mayOverrule(scope)),
  );
  if (refusal) throw refusal;
  if (move.wonAt && Date.parse(move.wonAt) > Date.now() + 60_000) {
    throw invalid('wonAt', 'This has not happened yet.');
  }
  const after = await scope.db
    .updateTable('deals')
    .set(valuesOf(to, move))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await tell(scope, { before, after, from, to });
  await actOnEntry(scope, after, to);
  return to;
}

function valuesOf(to: Stage, move: DealMove) {
  const { nextAction, nextActionAt, lostReason, lostNote, wonAt = null } = move;
  const at = sql<string>`coalesce(${wonAt}::timestamptz, now())`;
  const isLost = to.kind === 'lost';
  return {
    ...{ stageId: to.id, pipelineId: to.pipelineId, status: to.kind, archivedAt: null },
    ...(nextAction !== undefined && { nextAction }),
    ...(nextActionAt !== undefined && { nextActionAt }),
    probability: to.kind === 'open' ? (move.probability ?? to.probability) : to.probability,
    wonAt: to.kind === 'won' ? at : null,
    lostAt: isLost ? sql<string>`now()` : null,
    lostReason: isLost ? lostReason! : null,
    lostNote: isLost ? (lostNote ?? null) : null,
    ...{ stageEnteredAt: nextInstant, updatedAt: nextInstant, lastActivityAt: nextInstant },
  };
}

interface Moved {
  before: DealRow;
  after: DealRow;
  from: Stage;
  to: Stage;
}

/** The move, and that it ended or began again, each an event of its own; and a word to whoever owns the deal. */
async function tell(scope: Scope, { before, after, from, to }: Moved): Promise<void> {
  const fields = ['stageId', 'status', 'probability', 'nextAction', 'nextActionAt'] as const;
  const moved = fields.filter((field) => field === 'stageId' || before[field] !== after[field]);
  const outcome = outcomeOf(from, to);
  const ended = ['status', 'wonAt', 'lostAt', 'lostReason', 'lostNote', 'amountCents'] as const;
  await noteEvents(scope, [
    {
      ...{ deal: after, kind: 'stage_changed' },
      ...{ before: pick(before, moved), after: pick(after, moved) },
    },
    ...(outcome
      ? [{ deal: after, kind: outcome, before: pick(before, ended), after: pick(after, ended) }]
      : []),
  ]);
  const body = [after.lostReason, after.lostNote].filter(Boolean).join('. ') || null;
  const data = { from: from.slug, to: to.slug, amountCents: after.amountCents };
  const title = `${after.name}: ${from.name} → ${to.name}`;
  await noteActivities(scope, [{ deal: after, kind: 'stage_change', title, body, data }]);
  await tellOwners(scope, [{ deal: after, what: `moved ${after.name} to ${to.name}` }]);
  const { id: dealId, amountCents: value } = after;
  const ids = { oldStageId: from.id, newStageId: to.id };
  await record(scope, [
    {
      kind: 'deal.stage_changed',
      data: { dealId, oldStage: from.slug, newStage: to.slug, ...ids, value },
    },
    ...(outcome === 'won' ? [{ kind: 'deal.closed_won' as const, data: { dealId, value } }] : []),
    ...(outcome === 'lost' ? [{ kind: 'deal.closed_lost' as const, data: { dealId, value } }] : []),
  ]);
}

function outcomeOf(from: Stage, to: Stage): 'won' | 'lost' | 'reopened' | undefined {
  if (from.kind === to.kind) return undefined;
  return to.kind === 'open' ? 'reopened' : to.kind;
}

function pick(row: DealRow, fields: readonly (keyof DealRow)[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, row[field] ?? null]));
}
