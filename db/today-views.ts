import { sql } from 'kysely';
import type { TodayItem } from '#domain/task.ts';
import type { Scope } from './scope.ts';
import { named, taskAction, taskKind } from './today-columns.ts';

/** What this person has put off, the soonest to come back first; `dueAt` is when it does. */
export function snoozedOf(scope: Scope, me = scope.actor): Promise<TodayItem[]> {
  return listed(
    scope,
    sql`select v.* from (
      select ${task()}, t.snoozed_until as due_at from tasks t
      where t.done_at is null and t.cancelled_at is null and t.snoozed_until > now()
        and (t.assignee_id = ${me} or t.assignee_id is null)
      union all
      select ${marked()}, k.snoozed_until ${marks(me)}
        and k.snoozed_until > now() and k.done_at is null
        and (e.status = 'blocked' or t.state = 'unknown' or l.intake_problem is not null
          or k.is_a = 'lead' and l.owner_id is null and l.is_open)) v
      order by v.due_at, v.id limit 200`,
    'order by v.due_at, v.id',
  );
}

/** What this person did today, by the workspace's clock, the latest first; `dueAt` is when it was done. */
export function doneOf(scope: Scope, me = scope.actor): Promise<TodayItem[]> {
  return listed(
    scope,
    sql`select v.* from workspaces w, lateral (
      select ${task()}, t.done_at as due_at from tasks t
      where t.done_by = ${me} and t.done_at >= date_trunc('day', now(), w.time_zone)
      union all
      select ${marked()}, k.done_at ${marks(me)}
        and k.done_at >= date_trunc('day', now(), w.time_zone)) v
      order by v.due_at desc, v.id limit 200`,
    'order by v.due_at desc, v.id',
  );
}

/** With the names of whom it is about. */
async function listed(
  { db }: Scope,
  those: ReturnType<typeof sql>,
  order: string,
): Promise<TodayItem[]> {
  const { rows } = await sql<TodayItem>`
    ${named(those)}
    ${sql.raw(order)}`.execute(db);
  return rows;
}

function task() {
  return sql`'task:' || t.id as id,
    ${taskKind} as kind, t.lead_id,
    t.title, coalesce(t.outcome, t.because, '') as because, t.created_at as at,
    ${taskAction} as action,
    t.enrolment_id, t.id as task_id, null::uuid as touch_id`;
}

function marked() {
  return sql`k.item,
    case when e.id is not null then 'blocked' when t.id is not null then 'unknown' else 'unassigned' end, l.id,
    case when e.id is not null then s.name || ' is blocked'
      when t.id is not null then 'Nobody knows whether ' || coalesce(t.subject, 'a text') || ' went out'
      when l.intake_problem is not null then 'This lead could not be taken in' else 'Nobody owns this lead' end,
    coalesce(e.because, t.because, l.intake_problem, ''), coalesce(e.enrolled_at, t.updated_at, l.created_at),
    case when e.id is not null then 'fix' when t.id is not null then 'check' else 'assign' end,
    coalesce(e.id, t.enrolment_id), null::uuid, t.id`;
}

/** Each mark with the walk, the send or the lead that it is on. */
function marks(me: string) {
  return sql`from (select *, split_part(item, ':', 1) as is_a, split_part(item, ':', 2)::uuid as its_id from today_marks) k
    left join enrolments e on k.is_a = 'enrolment' and e.id = k.its_id left join sequences s on s.id = e.sequence_id
    left join touches t on k.is_a = 'touch' and t.id = k.its_id
    join leads l on l.id = coalesce(e.lead_id, t.lead_id, case k.is_a when 'lead' then k.its_id end)
    where k.user_id = ${me}`;
}
