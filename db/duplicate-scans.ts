import { sql } from 'kysely';
import type { DuplicateScan, DuplicateSettings, Mergeable } from '#domain/duplicate.ts';
import { changed } from './changes.ts';
import { likelyPairs } from './duplicate-pairs.ts';
import { notePairs } from './duplicates.ts';
import { startLater } from './outbox.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';

const columns = [
  ...(['id', 'record', 'total', 'done', 'found', 'status', 'startedAt', 'finishedAt'] as const),
];

/** Begins a search among all of them; one that runs already is the answer. */
export async function startScan(scope: Scope, record: Mergeable): Promise<DuplicateScan> {
  const { db, workspaceId } = scope;
  const { rows } = await sql<{ total: number }>`
    select count(*) as total from ${sql.table(tables[record])}
    where merged_into is null and deleted_at is null`.execute(db);
  const row = { workspaceId, record, total: rows[0]!.total };
  const [made] = await insertRows(scope, 'duplicateScans', [row], ['id']);
  if (made) {
    const input = [{ workspaceId, scanId: made.id }];
    const workflowId = `duplicates:${made.id}`;
    await startLater(scope, { workflow: 'scanDuplicates', workflowId, input });
    changed(scope, topics[record]);
  }
  return (await lastScan(scope, record))!;
}

export async function lastScan(
  { db }: Scope,
  record: Mergeable,
): Promise<DuplicateScan | undefined> {
  const scan = await db
    .selectFrom('duplicateScans')
    .select(columns)
    .where('record', '=', record)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return scan as DuplicateScan | undefined;
}

/** Compares the next of them; what is committed is not compared again. Answers whether any are left. */
export async function scanBatch(
  scope: Scope,
  scanId: string,
  { settings, most = 1000 }: { settings: DuplicateSettings; most?: number },
): Promise<boolean> {
  const { db } = scope;
  const scan = await db
    .selectFrom('duplicateScans')
    .select(['record', 'cursor', 'status'])
    .where('id', '=', scanId)
    .forUpdate()
    .executeTakeFirst();
  if (scan?.status !== 'running') return false;
  const record = scan.record as Mergeable;
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(tables[record])}
    where merged_into is null and deleted_at is null
      and ${scan.cursor ? sql`id > ${scan.cursor}::uuid` : sql`true`}
    order by id limit ${most}`.execute(db);
  const ids = rows.map(({ id }) => id);
  const pairs = await likelyPairs(scope, record, ids, { settings, later: true });
  await forgetUnlike(scope, record, ids, pairs);
  const found = await notePairs(scope, record, pairs);
  const isLast = ids.length < most;
  await sql`update duplicate_scans set done = done + ${ids.length},
      found = found + ${found}, cursor = coalesce(${ids.at(-1) ?? null}::uuid, cursor)
      ${
        isLast
          ? sql`, status = 'done', finished_at = now(), total = done + ${ids.length}`
          : sql`, total = greatest(total, done + ${ids.length})`
      }
    where id = ${scanId}`.execute(db);
  changed(scope, topics[record]);
  return !isLast;
}

/**
 * Compares the next of those that came since the last time, a minute after they did: until then some may still be
 * written that stand before them. Answers how many were compared.
 */
export async function compareNew(
  scope: Scope,
  record: Mergeable,
  { settings, most = 500 }: { settings: DuplicateSettings; most?: number },
): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(tables[record])}
    where merged_into is null and deleted_at is null and created_at < now() - interval '1 minute'
      and id > coalesce((select compared_id from duplicate_marks where record = ${record}), ${FIRST}::uuid)
    order by id limit ${most}`.execute(scope.db);
  const ids = rows.map(({ id }) => id);
  const last = ids.at(-1);
  if (!last) return 0;
  const pairs = await likelyPairs(scope, record, ids, { settings });
  const found = await notePairs(scope, record, pairs);
  await sql`
    insert into duplicate_marks (workspace_id, record, compared_id) values (${scope.workspaceId}::uuid, ${record}, ${last}::uuid)
    on conflict (workspace_id, record) do update set compared_id = excluded.compared_id`.execute(
    scope.db,
  );
  if (found > 0) changed(scope, topics[record]);
  return ids.length;
}

const FIRST = '00000000-0000-0000-0000-000000000000';
const tables = { contact: 'contacts', company: 'companies' } as const;
const topics = { contact: 'contacts', company: 'companies' } as const;

/** Pairs that were alike once and are no longer wait for nobody. */
async function forgetUnlike(
  { db }: Scope,
  record: Mergeable,
  ids: string[],
  pairs: { firstId: string; secondId: string }[],
): Promise<void> {
  const seconds = pairs.map(({ secondId }) => secondId);
  await sql`delete from duplicates d
    where record = ${record} and status = 'open' and first_id = any(${ids}::uuid[])
      and not exists (
        select from unnest(${pairs.map(({ firstId }) => firstId)}::uuid[], ${seconds}::uuid[]) p (one, other)
        where p.one = d.first_id and p.other = d.second_id)`.execute(db);
}
