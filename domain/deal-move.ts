import type { Deal } from './deal.ts';
import type { DealMove } from './deal-change.ts';
import type { requirable, Stage } from './pipeline.ts';
import { type Fault, Refusal } from './refusal.ts';

type Field = (typeof requirable)[number];
type Standing = Pick<Deal, Field> & { status: string };
type Entered = Pick<Stage, 'id' | 'pipelineId' | 'name' | 'kind' | 'required' | 'archivedAt'>;

/** What stands in the way of a deal that enters a stage: what the stage asks for and the deal lacks. */
export function faultsOfEntry(
  deal: Partial<Pick<Deal, Field>>,
  to: Pick<Stage, 'name' | 'kind' | 'required'>,
  given: Pick<DealMove, 'lostReason'>,
): Fault[] {
  const faults = to.required
    .filter((field) => !deal[field])
    .map((field) => ({ field, message: `${to.name} needs ${named[field]}.` }));
  if (to.kind === 'lost' && !given.lostReason) {
    faults.push({ field: 'lostReason', message: 'Say why it was lost.' } as never);
  }
  return faults;
}

/**
 * Why a deal may not go from a stage to another, or nothing: somebody moved it first (conflict), it is won and the
 * mover may not overrule that (forbidden), there is no way between the stages, or something is missing (invalid).
 */
export function refusalOfMove(
  deal: Standing,
  { from, to, stages }: { from: Stage; to: Entered; stages: Pick<Stage, 'slug' | 'name'>[] },
  move: DealMove,
  mayOverrule: boolean,
): Refusal | undefined {
  if (move.fromStageId && move.fromStageId !== from.id) {
    const message = `It is in “${from.name}” by now; you wanted “${to.name}”.`;
    return new Refusal('conflict', 'Somebody else has moved this deal meanwhile.', [
      { field: 'stageId', message },
    ]);
  }
  if (to.archivedAt) return invalid([{ field: 'stageId', message: `${to.name} is archived.` }]);
  if (deal.status === 'won' && to.kind !== 'won' && !mayOverrule) {
    return new Refusal('forbidden', 'A won deal stays won, unless a manager opens it again.');
  }
  const way = faultOfWay(from, to, stages);
  if (way) return invalid([way]);
  const faults = faultsOfEntry({ ...deal, ...present(move) }, to, move);
  return faults.length > 0 ? invalid(faults) : undefined;
}

function faultOfWay(
  from: Stage,
  to: Entered & { slug?: string },
  stages: Pick<Stage, 'slug' | 'name'>[],
): Fault | undefined {
  const { nextSlugs } = from;
  if (!nextSlugs) return undefined;
  if (to.pipelineId === from.pipelineId && nextSlugs.includes(to.slug ?? '')) return undefined;
  const names = stages.filter(({ slug }) => nextSlugs.includes(slug)).map(({ name }) => name);
  const where = names.length > 0 ? `to ${names.join(' or ')} only` : 'nowhere';
  return { field: 'stageId', message: `From ${from.name} a deal goes ${where}.` };
}

/** Given as nothing is taken away; not given stays as it is. */
function present({ nextAction, nextActionAt }: DealMove): Partial<Pick<Deal, Field>> {
  return {
    ...(nextAction !== undefined && { nextAction }),
    ...(nextActionAt !== undefined && { nextActionAt }),
  };
}

function invalid(faults: Fault[]): Refusal {
  return new Refusal('invalid', 'This deal cannot go there.', faults);
}

const named: Record<Field, string> = {
  companyId: 'a company',
  contactId: 'a contact',
  ownerId: 'an owner',
  amountCents: 'an amount',
  expectedCloseOn: 'an expected close date',
  nextAction: 'a next action',
  nextActionAt: 'a date for the next action',
  location: 'a location',
  competitor: 'a competitor',
};
