import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { afterDeals } from './deal-follow.ts';
import { noteUndone } from './deal-undone.ts';
import { unfix } from './fix-undo.ts';
import { tryOut } from './race.ts';
import { restoreRows, type RowChange } from './row-changes.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';
import { type TagChange, tableOf, topicsOf, type Undo, type Undoable } from './undos.ts';

/**
 * Takes a change of many back: each value that nobody changed since is what it was. A walk that ended stays ended, and
 * what a tag began goes on. Answers how many records were restored, and how many somebody had changed since.
 */
export async function takeBack(
  scope: Scope,
  id: string,
): Promise<{ restored: number; left: number }> {
  const { record, undo } = await lockUndo(scope, id);
  const { [tableOf[record]]: rows = [], ...others } = undo.changes;
  const left = new Set(await changedSince(scope, tableOf[record], rows));
  const restored = new Set<string>();
  for (const id of await restoreEach(scope, tableOf[record], rows)) restored.add(id);
  for (const { id } of rows) if (!restored.has(id)) left.add(id);
  // What went with a record comes back with it.
  for (const [table, changes] of Object.entries(others)) await restoreEach(scope, table, changes);
  await restoreTags(scope, record, undo.tags);
  for (const { id } of undo.tags) restored.add(id);
  for (const id of left) restored.delete(id);
  await scope.db
    .updateTable('undos')
    .set({ undoneAt: sql`now()` })
    .where('id', '=', id)
    .execute();
  if (record === 'deal') {
    await noteUndone(scope, [...restored], rows);
    await unfix(scope, id, [...restored]);
  }
  await tell(scope, record, [...restored]);
  changed(scope, ...topicsOf[record]);
  return { restored: restored.size, left: left.size };
}

async function lockUndo({ db }: Scope, id: string): Promise<{ record: Undoable; undo: Undo }> {
  const row = await db
    .selectFrom('undos')
    .select(['record', 'before', 'undoneAt'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is nothing of that name to be undone.');
  if (row.undoneAt) throw new Refusal('conflict', 'This has been undone already.');
  return { record: row.record as Undoable, undo: row.before as unknown as Undo };
}

/** Those in which somebody has written since what the change had written. */
async function changedSince({ db }: Scope, table: string, changes: RowChange[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select t.id from ${sql.table(table)} t
      join jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) r (id uuid, after jsonb) on t.id = r.id
    where exists (select from jsonb_each(r.after) a
      where a.key not in ('updated_at', 'last_activity_at') and to_jsonb(t)->a.key is distinct from a.value)`.execute(
    db,
  );
  return rows.map(({ id }) => id);
}

/** Together if it can be; else one by one, without those whose place somebody else has taken since. */
async function restoreEach(scope: Scope, table: string, rows: RowChange[]): Promise<string[]> {
  if (rows.length === 0) return [];
  const together = await tryOut(scope, () => restoreRows(scope, table, rows));
  if (together.is === 'done') return together.result;
  if ((together.error as { code?: string }).code !== '23505') throw together.error;
  if (rows.length === 1) return [];
  const restored: string[] = [];
  for (const row of rows) restored.push(...(await restoreEach(scope, table, [row])));
  return restored;
}

async function restoreTags(
  { db, workspaceId, actor }: Scope,
  record: Undoable,
  tags: TagChange[],
): Promise<void> {
  if (tags.length === 0) return;
  const given = sql`jsonb_to_recordset(${JSON.stringify(tags)}::jsonb) r (id uuid, added text[], removed text[])`;
  if (record === 'lead') {
    await sql`update lead_tags t set removed_at = now() from ${given}
      where t.lead_id = r.id and t.slug = any(r.added) and t.removed_at is null`.execute(db);
    await sql`update lead_tags t set removed_at = null from ${given}
      where t.lead_id = r.id and t.slug = any(r.removed)`.execute(db);
    return;
  }
  await sql`delete from record_tags t using ${given}
    where t.record = ${record} and t.record_id = r.id and t.slug = any(r.added)`.execute(db);
  await sql`insert into record_tags (workspace_id, record, record_id, slug, applied_by)
    select ${workspaceId}::uuid, ${record}, r.id, slug, ${actor} from ${given}, unnest(r.removed) slug
    on conflict do nothing`.execute(db);
}

/** A line on each; a deal is judged again as well. */
async function tell(scope: Scope, record: Undoable, ids: string[]): Promise<void> {
  const { workspaceId, actor } = scope;
  const lines = ids.map((id) => ({
    ...{ workspaceId, actor, kind: 'change_undone', title: 'A change was taken back' },
    ...{ [`${record}Id`]: id },
  }));
  await insertRows(scope, 'activities', lines as never, ['id']);
  if (record === 'deal') await afterDeals(scope, ids, 'a change of many deals was taken back');
}
