import { sql } from 'kysely';
import type { StepOfWalk } from '#domain/touch.ts';
import { changed } from './changes.ts';
import type { Scope } from './scope.ts';
import type { Walk } from './walks.ts';

/** The task of a step: made up-front or now, with the date it is due by now. */
export async function taskOfStep(
  scope: Scope,
  walk: Walk,
  at: StepOfWalk,
  task: {
    kind: 'task' | 'call';
    title: string;
    text: string | null;
    dueAt: string | null;
    assigneeId: string | null;
  },
): Promise<{ id: string; doneAt: string | null }> {
  const { db, workspaceId } = scope;
  const because = task.text ?? `${walk.enrolment.sequenceName}, step ${at.stepId}`;
  const { rows } = await sql<{ id: string; doneAt: string | null }>`
    insert into tasks (workspace_id, lead_id, enrolment_id, step_id, visit, kind, title, because, assignee_id, due_at)
    values (${workspaceId}, ${walk.enrolment.leadId}, ${at.enrolmentId}, ${at.stepId}, ${at.visit}, ${task.kind},
      ${task.title}, ${because}, ${task.assigneeId}, ${task.dueAt})
    on conflict (workspace_id, enrolment_id, step_id, visit) where enrolment_id is not null do update set
      title = excluded.title, assignee_id = coalesce(tasks.assignee_id, excluded.assignee_id),
      due_at = case when tasks.done_at is null then excluded.due_at else tasks.due_at end
    returning id, done_at`.execute(db);
  changed(scope, 'today');
  return rows[0]!;
}

/** A note to a member, once per key. */
export async function notifyMember(
  { db, workspaceId }: Scope,
  note: {
    userId: string;
    kind: string;
    title: string;
    href: string | null;
    leadId: string | null;
    key: string;
  },
): Promise<void> {
  const { userId, kind, title, href, leadId, key } = note;
  await sql`insert into notifications (workspace_id, user_id, kind, title, href, lead_id, key)
    values (${workspaceId}, ${userId}, ${kind}, ${title}, ${href}, ${leadId}, ${key})
    on conflict do nothing`.execute(db);
}

const contactFields = new Map([
  ['contact.firstName', 'first_name'],
  ['contact.lastName', 'last_name'],
  ['contact.title', 'title'],
  ['contact.city', 'city'],
  ['contact.region', 'region'],
  ['contact.country', 'country'],
]);
const leadFields = new Map([
  ['lead.nextAction', 'next_action'],
  ['lead.nextActionAt', 'next_action_at'],
  ['lead.notes', 'notes'],
  ['lead.campaign', 'campaign'],
]);

/** Sets what a step names: a column of the lead or the contact, else a field of the lead's own. */
export async function setFields(
  { db }: Scope,
  { leadId, contactId }: { leadId: string; contactId: string },
  values: Record<string, string | number | boolean | null>,
): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    const [onLead, onContact] = [leadFields.get(name), contactFields.get(name)];
    if (onLead)
      await sql`update leads set ${sql.ref(onLead)} = ${value}, updated_at = now() where id = ${leadId}`.execute(
        db,
      );
    else if (onContact)
      await sql`update contacts set ${sql.ref(onContact)} = ${value}, updated_at = now() where id = ${contactId}`.execute(
        db,
      );
    else {
      const field = name.replace(/^lead\.(fields\.)?/, '');
      await sql`update leads set fields = fields || jsonb_build_object(${field}::text, ${JSON.stringify(value)}::jsonb),
        updated_at = now() where id = ${leadId}`.execute(db);
    }
  }
}
