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
  const done: string[] = [];
  if (doing.action === 'tag' || doing.action === 'untag') {
    const put = doing.action === 'tag' ? tagDeals : untagDeals;
    await put(scope, [...there], doing.slug);
    done.push(...there);
  } else {
    for (const id of there) {
      const because = await refusalOfOne(scope, id, doing);
      if (because === undefined) done.push(id);
      else refused.push({ id, because });
    }
    await afterDeals(scope, done, 'many deals were changed at once');
  }
  return { count: done.length, refused, undoId: null };
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
