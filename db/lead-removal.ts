import { sql } from 'kysely';
import { changed } from './changes.ts';
import { lockLead } from './lead-changes.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';
import { stopEnrolments } from './standing.ts';

/** Takes a lead out of every list and every sequence; what happened with it stays. */
export async function deleteLead(scope: Scope, id: string): Promise<void> {
  const { db, workspaceId, actor } = scope;
  const how = { reason: 'deleted', because: 'the lead was deleted' } as const;
  // In the order of a touch: the person, then the lead.
  await stopEnrolments(
    scope,
    { leadId: id },
    { ...how, eventId: `deleted:${crypto.randomUUID()}` },
  );
  await lockLead(scope, id);
  await sql`update tasks set cancelled_at = now(), outcome = 'deleted'
    where lead_id = ${id} and done_at is null and cancelled_at is null`.execute(db);
  await db
    .updateTable('leads')
    .set({ deletedAt: sql`now()`, updatedAt: sql`now()` })
    .where('id', '=', id)
    .execute();
  const line = { kind: 'lead_deleted', title: 'Lead deleted', leadId: id };
  await insertRows(scope, 'activities', [{ workspaceId, actor, ...line }], ['id']);
  changed(scope, 'leads', 'today', 'contacts');
}
