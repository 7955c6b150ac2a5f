import { sql } from 'kysely';
import type { Mergeable } from '#domain/duplicate.ts';
import { Refusal } from '#domain/refusal.ts';
import { settlePair } from './duplicates.ts';
import { tables } from './merge-parts.ts';
import type { Added } from './merge-people.ts';
import { announceMerge, type Moved } from './merges.ts';
import { restoreRows } from './row-changes.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';

interface Done {
  id: string;
  record: Mergeable;
  keptId: string;
  mergedId: string;
  moved: Moved;
  undoneAt: string | null;
}

/**
 * Makes two of one again: each row as it was, unless somebody changed it since; what was added since stays with the one
 * that was kept. A walk that ended stays ended. Answers how many did.
 */
export async function undoMerge(scope: Scope, id: string): Promise<{ stopped: number }> {
  const done = await lockMerge(scope, id);
  const { record, keptId, mergedId, moved } = done;
  await lockStanding(scope, done);
  const table = tables[record];
  const { [table]: records = [], ...others } = moved.changes;
  // The one that was kept gives back what both were known by before the other is there again.
  await restoreRows(
    scope,
    table,
    records.filter((row) => row.id === keptId),
  );
  await refuseTaken(scope, done);
  await restoreRows(
    scope,
    table,
    records.filter((row) => row.id === mergedId),
  );
  for (const [name, changes] of Object.entries(others)) await restoreRows(scope, name, changes);
  await takeBack(scope, done, moved);
  await scope.db
    .updateTable('merges')
    .set({ undoneAt: sql`now()` })
    .where('id', '=', id)
    .execute();
  await settlePair(scope, record, [keptId, mergedId], 'open');
  await tell(scope, done);
  announceMerge(scope);
  return { stopped: moved.stopped.length };
}

async function lockMerge({ db }: Scope, id: string): Promise<Done> {
  const merge = await db
    .selectFrom('merges')
    .select(['id', 'record', 'keptId', 'mergedId', 'moved', 'undoneAt'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!merge) throw new Refusal('not-found', 'There is no such merge.');
  if (merge.undoneAt) throw new Refusal('conflict', 'This merge has been undone already.');
  return merge as unknown as Done;
}

/** Both in one order; one that was merged or deleted since stands in the way. */
async function lockStanding({ db }: Scope, { record, keptId, mergedId }: Done): Promise<void> {
  const rows = await db
    .selectFrom(tables[record])
    .select(['id', 'mergedInto', 'deletedAt'])
    .where('id', 'in', [keptId, mergedId])
    .orderBy('id')
    .forUpdate()
    .execute();
  const kept = rows.find(({ id }) => id === keptId);
  if (!kept || kept.deletedAt) {
    throw new Refusal('conflict', `The ${record} that was kept has been deleted since.`);
  }
  if (kept.mergedInto) {
    throw new Refusal(
      'conflict',
      `The ${record} that was kept has been merged since. Undo that first.`,
    );
  }
}

/** Somebody else may have come since under what the merged one was known by. */
async function refuseTaken({ db }: Scope, { record, mergedId }: Done): Promise<void> {
  const same =
    record === 'contact'
      ? sql`o.identity = m.identity or o.email_normalized = m.email_normalized`
      : sql`o.place_id = m.place_id or (o.place_id is null and m.place_id is null and (o.domain = m.domain
          or (o.domain is null and m.domain is null and o.name_normalized = m.name_normalized)))`;
  const { rows } = await sql`
    select o.id from ${sql.table(tables[record])} m, ${sql.table(tables[record])} o
    where m.id = ${mergedId} and o.id <> m.id and o.merged_into is null and o.deleted_at is null and (${same})
    limit 1`.execute(db);
  if (rows.length === 0) return;
  throw new Refusal('conflict', `Another ${record} is known by the same since. Merge it first.`);
}

/** What the merge added beside what it changed. */
async function takeBack({ db }: Scope, { record, keptId }: Done, added: Added): Promise<void> {
  await sql`delete from record_tags where record = ${record} and record_id = ${keptId}
    and slug = any(${added.recordTags}::text[])`.execute(db);
  await sql`delete from lead_tags t using jsonb_to_recordset(${JSON.stringify(added.leadTags)}::jsonb)
      r ("leadId" uuid, slug text)
    where t.lead_id = r."leadId" and t.slug = r.slug and t.times = 1 and t.removed_at is null`.execute(
    db,
  );
  const suppressed = JSON.stringify(added.suppressions);
  await sql`delete from suppressions s using jsonb_to_recordset(${suppressed}::jsonb)
      r (channel text, address text, "isNew" boolean)
    where s.channel = r.channel and s.address = r.address and r."isNew" and s.source = 'merge'`.execute(
    db,
  );
  await sql`update suppressions s set lifted_at = r."liftedAt"
    from jsonb_to_recordset(${suppressed}::jsonb) r (channel text, address text, "isNew" boolean, "liftedAt" timestamptz)
    where s.channel = r.channel and s.address = r.address and not r."isNew" and s.lifted_at is null`.execute(
    db,
  );
}

async function tell(scope: Scope, { id, record, keptId, mergedId }: Done): Promise<void> {
  const { workspaceId, actor } = scope;
  const lines = [keptId, mergedId].map((one) => ({
    ...{ workspaceId, actor, kind: 'merge_undone', title: 'Merge undone', data: { mergeId: id } },
    ...(record === 'contact' ? { contactId: one } : { companyId: one }),
  }));
  await insertRows(scope, 'activities', lines as never, ['id']);
}
