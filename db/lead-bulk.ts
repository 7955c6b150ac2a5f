import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import { type Entered, enrol } from './entering.ts';
import { changeLead } from './lead-changes.ts';
import { tryOut } from './race.ts';
import type { Scope } from './scope.ts';
import { applyTags, removeTag } from './tags.ts';

export type BulkAction =
  | { action: 'enrol'; sequenceId: string }
  | { action: 'tag'; slug: string }
  | { action: 'untag'; slug: string }
  | { action: 'assign'; ownerId: string | null }
  | { action: 'status'; status: string };

/** Does one thing to many leads and says for each what became of it; what is refused to one is done to the others. */
export async function doToLeads(
  scope: Scope,
  ids: string[],
  doing: BulkAction,
): Promise<Entered[]> {
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
  doing: Exclude<BulkAction, { action: 'enrol' | 'tag' }>,
): Promise<Entered> {
  const tried = await tryOut(scope, () => {
    if (doing.action === 'untag') return removeTag(scope, leadId, doing.slug);
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
