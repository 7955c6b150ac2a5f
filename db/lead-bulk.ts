import { sql } from 'kysely';
import type { LeadBulk } from '#domain/bulk.ts';
import type { BulkOutcome } from '#domain/deal-bulk.ts';
import { Refusal } from '#domain/refusal.ts';
import { type Entered, enrol } from './entering.ts';
import { changeLead } from './lead-changes.ts';
import { tryOut } from './race.ts';
import type { Scope } from './scope.ts';
import { deleteLead } from './lead-removal.ts';
import { applyTags, removeTag } from './tags.ts';
import { withUndo } from './undos.ts';

/** What became of many leads: of each, and by what it is undone. */
export interface LeadsDone extends BulkOutcome {
  items: Entered[];
}

/** Does one thing to many leads and keeps what it replaced; an enrolment is left, it is not undone. */
export async function doToMany(scope: Scope, ids: string[], doing: LeadBulk): Promise<LeadsDone> {
  // In one order, so that two who do something to the same leads never wait for each other for ever.
  const asked = [...new Set(ids)].toSorted();
  const { done: items, undoId } = await withUndo(
    scope,
    { record: 'lead', what: doing.action, ids: asked },
    () => doToLeads(scope, asked, doing),
  );
  const refused = items.flatMap(({ leadId, refused }) =>
    refused === undefined ? [] : [{ id: leadId, because: refused }],
  );
  const isUndoable = doing.action !== 'enrol';
  return {
    ...{ items, refused, count: items.length - refused.length },
    undoId: isUndoable ? undoId : null,
  };
}

/** Does one thing to many leads and says for each what became of it; what is refused to one is done to the others. */
export async function doToLeads(scope: Scope, ids: string[], doing: LeadBulk): Promise<Entered[]> {
  const leadIds = [...new Set(ids)];
  const there = await existing(scope, leadIds);
  if (doing.action === 'enrol') {
    const { sequenceId } = doing;
    return enrol(scope, { sequenceId, leadIds, enteredBy: scope.actor });
  }
  if (doing.action === 'tag') {
    const { slug } = doing;
    await applyTags(
      scope,
      [...there].map((leadId) => ({ leadId, slug })),
    );
    return leadIds.map((leadId) => (there.has(leadId) ? { leadId } : missing(leadId)));
  }
  const outcomes: Entered[] = [];
  for (const leadId of leadIds) outcomes.push(await doToOne(scope, leadId, doing));
  return outcomes;
}

async function doToOne(
  scope: Scope,
  leadId: string,
  doing: Exclude<LeadBulk, { action: 'enrol' | 'tag' }>,
): Promise<Entered> {
  const tried = await tryOut(scope, () => {
    if (doing.action === 'untag') return removeTag(scope, leadId, doing.slug);
    if (doing.action === 'delete') return deleteLead(scope, leadId);
    if (doing.action === 'update') return changeLead(scope, leadId, doing.values);
    if (doing.action === 'assign') return changeLead(scope, leadId, { ownerId: doing.ownerId });
    return changeLead(scope, leadId, { status: doing.status });
  });
  if (tried.is === 'done') return { leadId };
  if (tried.error instanceof Refusal) return { leadId, refused: tried.error.message };
  throw tried.error;
}

async function existing({ db }: Scope, ids: string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('leads')
    .select('id')
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .where('deletedAt', 'is', null)
    .execute();
  return new Set(rows.map(({ id }) => id));
}

function missing(leadId: string): Entered {
  return { leadId, refused: 'There is no such lead.' };
}
