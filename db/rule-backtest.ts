import { type RawBuilder, sql } from 'kysely';
import { wayOf } from './deal-fact-talk.ts';
import type { PastDeal, PastStage } from './rule-past.ts';
import type { Scope } from './scope.ts';

/** How many closed deals are looked back at, the newest; and for how many days each. */
const MOST = 1000;
const DAYS_BACK = 180;

export interface Closed {
  deals: PastDeal[];
  stages: Map<string, PastStage>;
  /** Whether there were more; the newest are there. */
  isPart: boolean;
}

/** The deals that were closed since an instant, with all that is needed to see them as they were before. */
export async function closedDeals(scope: Scope, since: string): Promise<Closed> {
  const { db } = scope;
  const { rows } = await sql<PastDeal>`
    with closed as materialized (
      select d.*, coalesce(d.won_at, d.lost_at) as closed_at,
        (coalesce(d.won_at, d.lost_at) at time zone w.time_zone)::date as closed_on, w.time_zone as zone
      from deals d cross join workspaces w
      where d.status in ('won', 'lost') and d.deleted_at is null and coalesce(d.won_at, d.lost_at) >= ${since}
      order by closed_at desc, d.id limit ${MOST + 1}),
    record as (
      select s.deal_id as id, json_agg(json_build_object('at', ${millis(sql`(s.taken_on + 1)::timestamp at time zone c.zone`)},
        'stageId', s.stage_id, 'amountCents', s.amount_cents, 'probability', s.probability, 'ownerId', s.owner_id,
        'expectedCloseOn', s.expected_close_on, 'leftOutBecause', s.left_out_because) order by s.taken_on) as days
      from deal_snapshots s join closed c on c.id = s.deal_id
      where s.status = 'open' and s.taken_on < c.closed_on and s.taken_on >= c.closed_on - ${DAYS_BACK}::int
        and (c.closed_on - s.taken_on <= 30 or (c.closed_on - s.taken_on) % 7 = 0)
      group by 1),
    change as (
      select e.deal_id as id, json_agg(json_build_object('at', ${millis(sql`e.at`)}, 'before', e.before, 'after', e.after)
        order by e.at, e.id) as changes
      from deal_events e join closed c on c.id = e.deal_id where e.kind <> 'at_risk' group by 1),
    said as (
      select c.id, one.* from closed c cross join lateral (
        select a.at, ${wayOf} as way, a.contact_id from activities a where a.deal_id = c.id
        union all
        select a.at, ${wayOf}, null from activities a
        where c.lead_id is not null and a.lead_id = c.lead_id and a.deal_id is null
        union all
        select m.at, 'heard', m.contact_id from messages m
        where c.lead_id is not null and m.lead_id = c.lead_id and m.direction = 'in' and m.kind = 'reply'
        union all
        select t.accepted_at, 'sent', null from touches t
        where c.lead_id is not null and t.lead_id = c.lead_id and t.accepted_at is not null
        offset 0) one),
    talk as (
      select id, json_agg(json_build_array(${millis(sql`at`)}, way) order by at) as said from said group by 1),
    person as (
      select id, json_agg(first order by first) as people from (
        select s.id, ${millis(sql`min(s.at)`)} as first from said s join closed c on c.id = s.id
        where s.contact_id is not null and s.contact_id is distinct from c.contact_id
        group by s.id, s.contact_id) one group by 1),
    task as (
      select t.deal_id as id, json_agg(json_build_object('from', ${millis(sql`t.created_at`)}, 'due', ${millis(sql`t.due_at`)},
        'until', ${millis(sql`coalesce(t.done_at, t.cancelled_at)`)})) as tasks
      from tasks t join closed c on c.id = t.deal_id where t.due_at is not null group by 1)
    select c.id, c.status, c.closed_at, c.created_at,
      json_build_object('stageId', c.stage_id, 'amountCents', c.amount_cents, 'probability', c.probability,
        'ownerId', c.owner_id, 'expectedCloseOn', c.expected_close_on, 'leftOutBecause', c.left_out_because,
        'nextAction', c.next_action, 'nextActionAt', c.next_action_at, 'competitor', c.competitor) as last,
      json_build_object('name', c.name, 'source', c.source, 'leadSource', coalesce(l.source, c.campaign),
        'companyName', coalesce(co.name, co.domain), 'primaryContactEmail', p.email,
        'primaryContactName', nullif(concat_ws(' ', p.first_name, p.last_name), '')) as always,
      (p.id is not null)::int as contacts, coalesce(person.people, '[]') as people, coalesce(record.days, '[]') as days,
      coalesce(change.changes, '[]') as changes, coalesce(talk.said, '[]') as said, coalesce(task.tasks, '[]') as tasks
    from closed c left join record on record.id = c.id left join change on change.id = c.id
      left join talk on talk.id = c.id left join person on person.id = c.id left join task on task.id = c.id
      left join leads l on l.id = c.lead_id left join companies co on co.id = c.company_id
      left join contacts p on p.id = c.contact_id
    order by c.closed_at desc, c.id`.execute(db);
  const { rows: stages } = await sql<PastStage & { id: string }>`
    select id, slug, name, kind, position, probability, is_active from stages`.execute(db);
  return {
    deals: rows.slice(0, MOST),
    stages: new Map(stages.map(({ id, ...stage }) => [id, stage])),
    isPart: rows.length > MOST,
  };
}

/** Milliseconds since 1970, as JavaScript counts. */
function millis(instant: RawBuilder<unknown>) {
  return sql`round(date_part('epoch', ${instant}) * 1000)::bigint`;
}
