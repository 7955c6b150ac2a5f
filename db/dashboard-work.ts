import { sql } from 'kysely';
import { type Dashboard, percentOf } from '#domain/dashboard.ts';
import type { Scope } from './scope.ts';

/** How many stages of deals that came to one went on from it; deals made in the last twelve months. */
export async function stageRates(
  { db }: Scope,
  since: string,
  { links, owner }: { links: { deals(filters: Record<string, string>): string }; owner?: string },
): Promise<Dashboard['stages']> {
  const mine = owner ? sql`and d.owner_id = ${owner}` : sql``;
  const { rows } = await sql<Omit<Dashboard['stages']['items'][number], 'percent' | 'href'>>`
    with way as (
      select id, kind, pipeline_id, row_number() over (partition by pipeline_id order by position, id) as n from stages),
    went as (
      select d.pipeline_id, g.been
      from deals_stood(${since}, (select json_agg(json_build_object('id', id, 'number', n)) from way where kind <> 'lost')) g
        join deals d on d.id = g.deal_id and d.deleted_at is null ${mine}),
    ways as (select pipeline_id, been, count(*) as deals from went group by 1, 2),
    rate as (
      select s.id, sum(y.deals)::bigint as entered,
        coalesce(sum(y.deals) filter (where y.been >= 2::bigint << s.n::int), 0)::bigint as advanced
      from way s join ways y on y.pipeline_id = s.pipeline_id and y.been & (1::bigint << s.n::int) > 0 group by 1),
    standing as (
      select d.stage_id, count(*) as open from deals d
      where d.status = 'open' and d.deleted_at is null ${mine} group by 1)
    select s.id as stage_id, s.name, coalesce(w.entered, 0) as entered, coalesce(w.advanced, 0) as advanced,
      coalesce(n.open, 0) as open
    from stages s join pipelines p on p.id = s.pipeline_id left join rate w on w.id = s.id
      left join standing n on n.stage_id = s.id
    where s.kind = 'open' and s.archived_at is null and p.archived_at is null
    order by p.position, p.id, s.position`.execute(db);
  const items = rows.map((row) => ({
    ...{ ...row, percent: percentOf(row.advanced, row.entered) },
    href: links.deals({ status: 'open', stage: row.stageId }),
  }));
  const any = items.some(({ entered }) => entered > 0);
  return { items, because: any ? null : 'No deal has come to a stage in the last twelve months.' };
}

interface Worker {
  userId: string;
  done: number;
  open: number;
  thisMonth: number;
  lastMonth: number;
}

export interface Work {
  byMember: Worker[];
  overdue: number;
  newDeals: { ownerId: string | null; thisMonth: number; lastMonth: number }[];
}

/** Tasks done and open by member, and deals made, this week, this month and the last. Instants. */
export async function workOf(
  { db }: Scope,
  { now, week, month, lastMonth }: Record<'now' | 'week' | 'month' | 'lastMonth', string>,
): Promise<Work> {
  const { rows } = await sql<Work>`
    with done as (
      select done_by as user_id, count(*) filter (where done_at >= ${week}) as done,
        count(*) filter (where done_at >= ${month}) as this_month,
        count(*) filter (where done_at < ${month} and done_at >= ${lastMonth}) as last_month
      from tasks where done_at >= least(${week}::timestamptz, ${lastMonth}::timestamptz) and done_by is not null
      group by 1),
    open as (
      select assignee_id as user_id, count(*) as open from tasks
      where done_at is null and cancelled_at is null and assignee_id is not null group by 1),
    made as (
      select owner_id, count(*) filter (where created_at >= ${month}) as this_month,
        count(*) filter (where created_at < ${month}) as last_month
      from deals where deleted_at is null and created_at >= ${lastMonth} group by 1)
    select
      (select coalesce(json_agg(json_build_object('userId', user_id, 'done', coalesce(done, 0),
          'open', coalesce(open, 0), 'thisMonth', coalesce(this_month, 0), 'lastMonth', coalesce(last_month, 0))), '[]')
        from done full join open using (user_id)) as by_member,
      (select count(*) from tasks where done_at is null and cancelled_at is null and due_at < ${now}) as overdue,
      (select coalesce(json_agg(json_build_object('ownerId', owner_id, 'thisMonth', this_month,
          'lastMonth', last_month)), '[]') from made) as new_deals`.execute(db);
  return rows[0]!;
}

/** Touches that were due since an instant, but for those that a rule held or skipped. */
export async function promisesKept(
  { db }: Scope,
  { from, now }: { from: string; now: string },
): Promise<Dashboard['promises']> {
  const { rows } = await sql<{ kept: number; missed: number }>`
    select count(*) filter (where state in ('accepted', 'delivered', 'bounced')) as kept,
      count(*) filter (where state in ('failed', 'unknown') or (state in ('planned', 'held')
        and coalesce(until_at, due_at) < ${now}::timestamptz - interval '15 minutes')) as missed
    from touches where due_at >= ${from} and due_at <= ${now}`.execute(db);
  const { kept, missed } = rows[0]!;
  const due = kept + missed;
  return {
    ...{ percent: due === 0 ? null : Math.floor((1000 * kept) / due) / 10, kept, due, missed },
    ...{ href: '/ledger', because: due > 0 ? null : 'No touch was due in this time.' },
  };
}

/** What happened last, whatever it happened to. */
export async function recentActivity({ db }: Scope): Promise<Dashboard['activity']> {
  const { rows } = await sql<Dashboard['activity']['items'][number]>`
    select a.id, a.kind, a.title, a.at, a.actor, m.name as actor_name,
      coalesce((select d.name from deals d where d.id = a.deal_id),
        (select coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email) from contacts c
          where c.id = coalesce(a.contact_id, (select l.contact_id from leads l where l.id = a.lead_id))),
        (select co.name from companies co where co.id = a.company_id)) as about,
      case when a.deal_id is not null then '/deals/' || a.deal_id when a.lead_id is not null then '/leads/' || a.lead_id
        when a.contact_id is not null then '/contacts/' || a.contact_id
        when a.company_id is not null then '/companies/' || a.company_id end as href
    from (select * from activities order by id desc limit 20) a left join members m on m.user_id = a.actor
    order by a.id desc`.execute(db);
  const because = rows.length > 0 ? null : 'Nothing has happened yet.';
  return { items: rows, href: '/today', because };
}

interface Standing {
  stale: number;
  high: number;
  medium: number;
  low: number;
  health: number | null;
  assessedAt: string | null;
  /** At the end of a recorded day; nothing when it was not recorded. */
  pipelineThen: number | null;
  weightedThen: number | null;
}

/** How the open deals stand, and what the pipeline came to at the end of a day. */
export async function standingOf(
  { db }: Scope,
  { day, quiet, owner }: { day: string; quiet: string; owner?: string },
): Promise<Standing> {
  const mine = owner ? sql`and owner_id = ${owner}` : sql``;
  const { rows } = await sql<Standing>`
    with past as (
      select sum(s.amount_cents)::bigint as pipeline,
        case when count(*) > 0 then coalesce(sum((s.amount_cents * s.probability + 50) / 100) filter (where s.left_out_because is null
          and g.is_active and s.expected_close_on >= ${day}::date), 0)::bigint end as weighted
      from deal_snapshots s join stages g on g.id = s.stage_id
      where s.taken_on = ${day}::date and s.status = 'open' ${mine})
    select count(*) filter (where last_activity_at <= ${quiet}) as stale,
      count(*) filter (where risk_band = 'high') as high, count(*) filter (where risk_band = 'medium') as medium,
      count(*) filter (where risk_band = 'low') as low, round(avg(health_score))::int as health,
      max(assessed_at) as assessed_at, (select pipeline from past) as pipeline_then,
      (select weighted from past) as weighted_then
    from deals where status = 'open' and deleted_at is null ${mine}`.execute(db);
  return rows[0]!;
}
