import { sql } from 'kysely';
import { type Crowd, quarterOf, quotaKey, twinKey } from '#domain/rule-crowd.ts';
import { type DealRange, openInRange } from './deal-fact-range.ts';
import type { Scope } from './scope.ts';

/** How far back won deals say how long winning takes, in days. */
const CYCLE_DAYS = 365;

/** What the deals are together: reckoned in the database, so that it is small whatever their number. */
export async function crowdOf(
  scope: Scope,
  now: string,
  range: Omit<DealRange, 'now'> = {},
): Promise<Crowd> {
  const open = sql`(select d.id, d.company_id, d.amount_cents, d.expected_close_on from deals d
    where ${await openInRange(scope, { ...range, now })} and d.amount_cents > 0)`;
  const { rows: figures } = await sql<Pick<Crowd, 'medianCents' | 'medianCycleDays'>>`
    select (select percentile_cont(0.5) within group (order by amount_cents) from ${open} o)::float8 as median_cents,
      (select percentile_cont(0.5) within group (order by extract(epoch from d.won_at - d.created_at) / 86400)
       from deals d where d.status = 'won' and d.deleted_at is null and d.won_at >= d.created_at
         and d.won_at <= ${now} and d.won_at > ${now}::timestamptz - make_interval(hours => ${CYCLE_DAYS * 24}))::float8
      as median_cycle_days`.execute(scope.db);
  const { rows: alike } = await sql<{ company: string; amountCents: number; count: number }>`
    select lower(btrim(coalesce(c.name, c.domain))) as company, o.amount_cents, count(*) as count
    from ${open} o join companies c on c.id = o.company_id
    where coalesce(c.name, c.domain) is not null
    group by 1, 2 having count(*) > 1`.execute(scope.db);
  const { rows: closing } = await sql<{ quarter: string; cents: number; lastWeekCents: number }>`
    select date_trunc('quarter', o.expected_close_on)::date::text as quarter, sum(o.amount_cents)::bigint as cents,
      coalesce(sum(o.amount_cents) filter (where date_trunc('quarter', o.expected_close_on)
        < date_trunc('quarter', o.expected_close_on + 7)), 0)::bigint as last_week_cents
    from ${open} o where o.expected_close_on is not null group by 1`.execute(scope.db);
  return {
    ...figures[0]!,
    twins: Object.fromEntries(
      alike.map(({ company, amountCents, count }) => [twinKey(company, amountCents), count]),
    ),
    quarters: Object.fromEntries(closing.map(({ quarter, ...sums }) => [quarterOf(quarter), sums])),
    quotaGaps: await quotaGaps(scope, now),
  };
}

/** Of each quota of a person from this month on, what won and weighted deals of the month leave open, in percent. */
async function quotaGaps({ db }: Scope, now: string): Promise<Crowd['quotaGaps']> {
  const { rows } = await sql<{ owner: string; month: string; gap: number }>`
    with here as (select time_zone as zone from workspaces),
    quota as (
      select q.owner_id, q.month, q.amount_cents from quotas q cross join here
      where q.owner_id <> '' and q.amount_cents > 0
        and q.month >= date_trunc('month', ${now}::timestamptz at time zone here.zone)::date),
    sold as (
      select d.owner_id, date_trunc('month', d.won_at at time zone here.zone)::date as month, sum(d.amount_cents) as cents
      from deals d cross join here
      where d.status = 'won' and d.deleted_at is null
        and d.won_at >= date_trunc('month', ${now}::timestamptz at time zone here.zone) at time zone here.zone
      group by 1, 2),
    likely as (
      select d.owner_id, date_trunc('month', d.expected_close_on)::date as month,
        sum(d.amount_cents * d.probability / 100.0) as cents
      from deals d join stages s on s.id = d.stage_id and s.is_active
      where d.status = 'open' and d.deleted_at is null and d.archived_at is null and d.left_out_because is null
        and d.expected_close_on is not null group by 1, 2)
    select q.owner_id as owner, to_char(q.month, 'YYYY-MM') as month,
      round(greatest(0, 100 * (1 - (coalesce(sold.cents, 0) + coalesce(likely.cents, 0)) / q.amount_cents)), 2)::float8 as gap
    from quota q left join sold using (owner_id, month) left join likely using (owner_id, month)`.execute(
    db,
  );
  return Object.fromEntries(rows.map(({ owner, month, gap }) => [quotaKey(owner, month), gap]));
}
