import { sql } from 'kysely';
import { changed } from './changes.ts';
import type { Scope } from './scope.ts';

/** What was fixed by a change that is taken back stands open again, where it was taken back. */
export async function unfix(scope: Scope, undoId: string, dealIds: string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update tasks set cancelled_at = now(), outcome = 'taken back'
    where id in (select t::uuid from undos, jsonb_array_elements_text(before->'tasks') t where undos.id = ${undoId})
      and done_at is null and cancelled_at is null
    returning id`.execute(scope.db);
  const tasks = rows.map(({ id }) => id);
  await sql`
    update findings f set fixed_at = null, undo_id = null,
      task_id = case when f.task_id = any(${tasks}::uuid[]) then null else f.task_id end
    from analysis_deals d
    where f.undo_id = ${undoId} and d.analysis_id = f.analysis_id and d.line = f.line and (
      f.task_id = any(${tasks}::uuid[]) or d.deal_id = any(${dealIds}::uuid[])
        and not exists (select from undos where id = ${undoId} and before->'tasks' ? f.task_id::text))`.execute(
    scope.db,
  );
  changed(scope, 'analyses', 'today');
}
