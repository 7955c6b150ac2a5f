import { type RawBuilder, sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { TaskRow } from '#domain/task.ts';
import type { Scope } from './scope.ts';

export interface TaskFilter {
  lead?: string;
  contact?: string;
  company?: string;
  deal?: string;
  /** A user's id, `me`, or `none`. */
  assignee?: string;
  kind?: string;
  priority?: string;
  /** Neither done nor cancelled; false for what is. */
  open?: boolean;
  /** Open, and due before now. */
  overdue?: boolean;
  limit?: number;
  cursor?: string;
}

interface Row extends TaskRow {
  closed: boolean;
  due: string;
}

/** Tasks, what is due first; those that are done or cancelled after. */
export async function listTasks(
  { db, actor }: Scope,
  filter: TaskFilter,
): Promise<{ items: TaskRow[]; next: string | null }> {
  const { limit = 200 } = filter;
  const { rows } = await sql<Row>`
    select t.id, t.lead_id, t.contact_id, t.company_id, t.deal_id, t.enrolment_id, t.kind, t.priority, t.title, t.body,
      t.because, t.assignee_id, t.due_at, t.snoozed_until, t.done_at, t.done_by, t.outcome, t.cancelled_at, t.created_by,
      t.created_at, m.name as assignee_name, t.closed, t.due::text as due,
      coalesce(not t.closed and t.due_at < now(), false) as overdue,
      coalesce(d.name, nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email,
        nullif(concat_ws(' ', lc.first_name, lc.last_name), ''), lc.email, co.name, co.domain) as about
    from (
      select *, ${closed} as closed, coalesce(due_at, 'infinity') as due from tasks
      where ${sql.join([sql`true`, ...conditionsOf(filter, actor)], sql` and `)}
      order by ${closed}, coalesce(due_at, 'infinity'), id limit ${limit + 1}) t
      left join members m on m.user_id = t.assignee_id left join deals d on d.id = t.deal_id
      left join contacts c on c.id = t.contact_id left join companies co on co.id = t.company_id
      left join leads l on l.id = t.lead_id left join contacts lc on lc.id = l.contact_id
    order by t.closed, t.due, t.id`.execute(db);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const items = page.map(({ closed: _, due: __, ...task }) => task);
  return { items, next: rows.length > limit && last ? cursorTo(last) : null };
}

const closed = sql`(done_at is not null or cancelled_at is not null)`;

function conditionsOf(filter: TaskFilter, me: string): RawBuilder<unknown>[] {
  const { lead, contact, company, deal, kind, priority, open, overdue, cursor } = filter;
  const assignee = filter.assignee === 'me' ? me : filter.assignee;
  const after = cursorFrom(cursor);
  return [
    ...(lead ? [sql`lead_id = ${lead}`] : []),
    ...(contact ? [sql`contact_id = ${contact}`] : []),
    ...(company ? [sql`company_id = ${company}`] : []),
    ...(deal ? [sql`deal_id = ${deal}`] : []),
    ...(assignee === 'none' ? [sql`assignee_id is null`] : []),
    ...(assignee && assignee !== 'none' ? [sql`assignee_id = ${assignee}`] : []),
    ...(kind ? [sql`kind = ${kind}`] : []),
    ...(priority ? [sql`priority = ${priority}`] : []),
    ...(open === true || overdue ? [sql`done_at is null and cancelled_at is null`] : []),
    ...(open === false ? [closed] : []),
    ...(overdue ? [sql`due_at < now()`] : []),
    ...(after
      ? [
          sql`(${closed}, coalesce(due_at, 'infinity'), id)
          > (${after.closed}::boolean, ${after.due}::timestamptz, ${after.id}::uuid)`,
        ]
      : []),
  ];
}

function cursorTo({ closed, due, id }: Row): string {
  return Buffer.from(`${closed ? 1 : 0} ${id} ${due}`).toString('base64url');
}

function cursorFrom(cursor: string | undefined) {
  if (!cursor) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, closed, id, due] =
    /^([01]) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) (infinity|\d{4}-\d\d-\d\d [\d:.]{8,15}[+-]\d\d(?::\d\d)?)$/.exec(
      text,
    ) ?? [];
  if (closed && id && due) return { closed: closed === '1', id, due };
  const message = 'This is no cursor of ours.';
  throw new Refusal('invalid', message, [{ field: 'cursor', message }]);
}
