import { sql } from 'kysely';
import { changed } from './changes.ts';
import type { Scope } from './scope.ts';

/** Promises the intake of those that a file brought, once, when no more of it will be read. */
export async function gatherDue(scope: Scope, importId: string): Promise<void> {
  await sql`
    with ended as (
      update imports set read_at = now() where id = ${importId} and read_at is null returning id)
    insert into outbox (workspace_id, kind, workflow, input)
    select ${scope.workspaceId}, 'gather', 'leadIntake', to_jsonb(lead_id)
    from import_rows
    where import_id in (select id from ended) and is_due
    group by lead_id order by min(line)`.execute(scope.db);
  changed(scope, 'outbox');
}
