import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { Today, TodayItem } from '#domain/task.ts';
import { changed } from './changes.ts';
import type { Scope } from './scope.ts';
import { completeTask, snoozeTask } from './tasks.ts';
import { named, taskAction, taskKind } from './today-columns.ts';

/** What needs this person, the most pressing first: replies, calls and tasks that are due, and what is stuck. */
export async function todayOf(scope: Scope, me = scope.actor): Promise<Today> {
  const { rows } = await sql<TodayItem & { snoozed: boolean }>`
    ${named(needs(me))}
    order by v.rank, v.due_at nulls last, v.at desc, v.id limit 500`.execute(scope.db);
  const items = rows.filter(({ snoozed }) => !snoozed);
  const done = await doneToday(scope, me);
  const counts = { queue: items.length, snoozed: rows.length - items.length, done };
  return { items: items.map(shown), counts, ...(await ahead(scope)) };
}

/** Ticks off what stands in Today. */
export async function settleToday(scope: Scope, id: string): Promise<void> {
  const item = await itemOf(scope, id);
  if (item.is === 'task') return void (await completeTask(scope, item.id));
  await mark(scope, id, { doneAt: new Date().toISOString(), snoozedUntil: null });
}

/** Puts off what stands in Today. */
export async function snoozeToday(scope: Scope, id: string, until: string): Promise<void> {
  const item = await itemOf(scope, id);
  if (item.is === 'task') return void (await snoozeTask(scope, item.id, until));
  await mark(scope, id, { doneAt: null, snoozedUntil: until });
}

/** Tasks of this person and of nobody; what is stuck is shown to the lead's owner and to those who lead. */
function needs(me: string) {
  const mine = sql`(l.owner_id = ${me} or l.owner_id is null
    or exists (select from members m where m.user_id = ${me} and m.role in ('owner', 'admin', 'manager')))`;
  const marked = sql`left join today_marks k on k.user_id = ${me} and k.item`;
  return sql`
    select 'task:' || t.id as id,
      ${taskKind} as kind, t.lead_id,
      t.title, coalesce(t.because, 'It is due.') as because, t.created_at as at, t.due_at,
      ${taskAction} as action,
      t.enrolment_id, t.id as task_id, null::uuid as touch_id,
      coalesce(t.snoozed_until > now(), false) as snoozed,
      case t.kind when 'reply' then 0 when 'call' then 1 when 'fix' then 2 else 3 end as rank
    from tasks t
    where t.done_at is null and t.cancelled_at is null and (t.assignee_id = ${me} or t.assignee_id is null)
      and (t.due_at is null or t.due_at < now() + interval '24 hours')
    union all
    select 'enrolment:' || e.id, 'blocked', e.lead_id, s.name || ' is blocked',
      coalesce(e.because, e.reason, 'It cannot go on by itself.'), coalesce(e.next_at, e.enrolled_at), null, 'fix',
      e.id, null, null, coalesce(k.snoozed_until > now(), false), 2
    from enrolments e join sequences s on s.id = e.sequence_id join leads l on l.id = e.lead_id
      ${marked} = 'enrolment:' || e.id
    where e.status = 'blocked' and k.done_at is null and ${mine}
      and not exists (select from tasks t where t.enrolment_id = e.id and t.kind = 'fix'
        and t.done_at is null and t.cancelled_at is null)
    union all
    select 'touch:' || t.id, 'unknown', t.lead_id, 'Nobody knows whether ' || coalesce(t.subject, 'a text') || ' went out',
      coalesce(t.because, 'The provider did not answer.'), t.updated_at, null, 'check',
      t.enrolment_id, null, t.id, coalesce(k.snoozed_until > now(), false), 2
    from touches t join leads l on l.id = t.lead_id ${marked} = 'touch:' || t.id
    where t.state = 'unknown' and k.done_at is null and ${mine}
    union all
    (select 'lead:' || l.id, 'unassigned', l.id,
      case when l.intake_problem is null then 'Nobody owns this lead' else 'This lead could not be taken in' end,
      coalesce(l.intake_problem, l.assigned_because, 'Nobody was in or had room.'), l.created_at, null, 'assign',
      null, null, null, coalesce(k.snoozed_until > now(), false), 4
    from leads l ${marked} = 'lead:' || l.id
    where k.done_at is null and ${mine} and (l.intake_problem is not null
      or (l.owner_id is null and l.is_open and l.intake_at is not null))
    order by l.id desc limit 50)`;
}

function shown({
  snoozed: _,
  rank: __,
  ...item
}: TodayItem & { snoozed: boolean; rank?: number }): TodayItem {
  return item;
}

async function doneToday({ db }: Scope, me: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    with today as (select date_trunc('day', now(), time_zone) as start from workspaces)
    select (select count(*) from tasks, today where done_by = ${me} and done_at >= start)
      + (select count(*) from today_marks, today where user_id = ${me} and done_at >= start) as n`.execute(
    db,
  );
  return rows[0]!.n;
}

/** What is certain for the next fourteen days, in the workspace's own days: held touches, what follows a wait, tasks. */
async function ahead({ db }: Scope): Promise<Pick<Today, 'promised' | 'nextTouchAt'>> {
  const { rows } = await sql<Today['promised'][number] & { nextTouchAt: string | null }>`
    with here as (select time_zone as zone from workspaces),
    due as (
      select coalesce(until_at, due_at) as at, channel as kind from touches where state in ('planned', 'held')
      union all
      select e.next_at, after.step ->> 'kind'
      from enrolments e join sequence_versions v on v.id = e.version_id,
        lateral jsonb_array_elements(v.definition -> 'steps') with ordinality now_at (step, n),
        lateral jsonb_array_elements(v.definition -> 'steps') with ordinality after (step, n)
      where e.status = 'active' and e.next_at > now() and now_at.step ->> 'id' = e.step_id and after.n = now_at.n + 1
        and not exists (select from touches t where t.enrolment_id = e.id and t.state in ('planned', 'held'))
      union all
      select due_at, case when kind = 'call' then kind else 'task' end from tasks
      where done_at is null and cancelled_at is null and due_at is not null and kind in ('task', 'call', 'meeting', 'email')),
    days as (
      select day::date as date from here,
        generate_series(date_trunc('day', now() at time zone zone), date_trunc('day', now() at time zone zone) + interval '13 days',
          interval '1 day') day)
    select to_char(days.date, 'YYYY-MM-DD') as date,
      count(*) filter (where due.kind = 'email') as email, count(*) filter (where due.kind = 'sms') as sms,
      count(*) filter (where due.kind = 'call') as call, count(*) filter (where due.kind = 'task') as task,
      (select min(at) from due where kind in ('email', 'sms') and at > now()) as next_touch_at
    from days cross join here left join due on (greatest(due.at, now()) at time zone here.zone)::date = days.date
    group by days.date order by days.date`.execute(db);
  const promised = rows.map(({ nextTouchAt: _, ...day }) => day);
  return { promised, nextTouchAt: rows[0]?.nextTouchAt ?? null };
}

/** What an id of Today means; what is not there, or not ours, is not there. */
async function itemOf({ db }: Scope, id: string): Promise<{ is: string; id: string }> {
  const [, is = 'task', uuid] =
    /^(?:(task|enrolment|touch|lead):)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(id) ??
    [];
  const tables = {
    task: 'tasks',
    enrolment: 'enrolments',
    touch: 'touches',
    lead: 'leads',
  } as const;
  const table = tables[is as keyof typeof tables];
  const row = uuid
    ? await db.selectFrom(table).select('id').where('id', '=', uuid).executeTakeFirst()
    : undefined;
  if (!row) throw new Refusal('not-found', 'There is no such thing in Today.');
  return { is, id: row.id };
}

async function mark(
  scope: Scope,
  item: string,
  values: { doneAt: string | null; snoozedUntil: string | null },
): Promise<void> {
  const { db, workspaceId, actor } = scope;
  await db
    .insertInto('todayMarks')
    .values({ workspaceId, userId: actor, item, ...values })
    .onConflict((again) => again.columns(['workspaceId', 'userId', 'item']).doUpdateSet(values))
    .execute();
  changed(scope, 'today');
}
