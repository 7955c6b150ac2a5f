import { sql } from 'kysely';
import type { Mergeable } from '#domain/duplicate.ts';
import { mergeOf, type MergePreview, type MergeWish } from '#domain/merge.ts';
import { countParts } from './merge-parts.ts';
import { lockBoth } from './merges.ts';
import type { Scope } from './scope.ts';

/** What two would come to, field by field, and what would move; nothing is written. */
export async function previewMerge(
  scope: Scope,
  { record, keptId, mergedId }: Omit<MergeWish, 'fields'>,
): Promise<MergePreview> {
  const { kept, merged } = await lockBoth(scope, record, { keptId, mergedId, look: true });
  const { fields } = mergeOf(record, kept, merged);
  const moves = await countParts(scope, record, mergedId);
  const notices = await noticesOf(scope, record, { keptId, mergedId });
  return { record, keptId, mergedId, fields, moves, notices };
}

async function noticesOf(
  { db }: Scope,
  record: Mergeable,
  { keptId, mergedId }: { keptId: string; mergedId: string },
): Promise<string[]> {
  if (record === 'company') return [];
  const { rows } = await sql<{ open: number; double: number }>`
    select (select count(distinct contact_id) from leads
        where contact_id in (${keptId}, ${mergedId}) and is_open) as open,
      (select count(*) from (select sequence_id from enrolments
        where contact_id in (${keptId}, ${mergedId}) and status in ('active', 'paused', 'blocked')
        group by sequence_id having count(*) > 1) both_walk) as double`.execute(db);
  const { open, double } = rows[0]!;
  return [
    ...(open > 1
      ? ['Both have an open lead: the merged one’s is closed and its sequences stop.']
      : []),
    ...(double > 0 ? ['Both are in the same sequence: for one of them it stops.'] : []),
  ];
}
