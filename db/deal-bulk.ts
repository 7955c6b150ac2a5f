import { sql } from 'kysely';
import type { BulkOutcome, DealBulk } from '#domain/deal-bulk.ts';
import { Refusal } from '#domain/refusal.ts';
import { writeChange, writeDeletion } from './deal-changes.ts';
import { afterDeals } from './deal-follow.ts';
import { writeMove } from './deal-moves.ts';
import { tagDeals, untagDeals } from './deal-tags.ts';
import { refuseUnknown } from './named.ts';
import { tryOut } from './race.ts';
import type { Scope } from './scope.ts';
import { withUndo } from './undos.ts';

/** Does one thing to many deals; what is refused to one is done to the others. */
export async function doToDeals(
  scope: Scope,
  ids: string[],
  doing: DealBulk,
): Promise<BulkOutcome> {
  if (doing.action === 'assign') await refuseUnknown(scope, 'members', doing.ownerId, 'ownerId');
  // In one order, so that two who do something to the same deals wait for each other and never for ever.
  const asked = [...new Set(ids)].toSorted();
  const there = await existing(scope, asked);
  const refused = asked
    .filter((id) => !there.has(id))
    .map((id) => ({ id, because: 'There is no such deal.' }));
  const { done, undoId } = await withUndo(
    scope,
    { record: 'deal', what: doing.action, ids: [...there] },
    () => doToEach(scope, [...there], doing),
  );
  refused.push(...done);
  return { count: there.size - done.length, refused, undoId };
}

/** Those that were refused, and why. */
async function doToEach(
  scope: Scope,
  ids: string[],
  doing: DealBulk,
): Promise<BulkOutcome['refused']> {
  if (doing.action === 'tag' || doing.action === 'untag') {
    const put = doing.action === 'tag' ? tagDeals : untagDeals;
    await put(scope, ids, doing.slug);
    return [];
  }
  const refused: BulkOutcome['refused'] = [];
  for (const id of ids) {
    const because = await refusalOfOne(scope, id, doing);
    if (because !== undefined) refused.push({ id, because });
  }
  const done = ids.filter((id) => !refused.some((one) => one.id === id));
  await afterDeals(scope, done, 'many deals were changed at once');
  return refused;
}

async function refusalOfOne(
  scope: Scope,
  id: string,
  doing: Exclude<DealBulk, { action: 'tag' | 'untag' }>,
): Promise<string | undefined> {
  const tried = await tryOut(scope, async () => {
    if (doing.action === 'assign') await writeChange(scope, id, { ownerId: doing.ownerId });
    else if (doing.action === 'update') await writeChange(scope, id, doing.values);
    else if (doing.action === 'delete') await writeDeletion(scope, id);
    else await writeMove(scope, id, doing);
  });
  if (tried.is === 'done') return undefined;
  if (!(tried.error instanceof Refusal)) throw tried.error;
  return tried.error.faults[0]?.message ?? tried.error.message;
}

async function existing({ db }: Scope, ids: string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('deals')
    .select('id')
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .where('deletedAt', 'is', null)
    .orderBy('id')
    .execute();
  return new Set(rows.map(({ id }) => id));
}
