import { sql } from 'kysely';
import { type Dashboard, percentOf } from '#domain/dashboard.ts';
import type { Links } from './dashboard-figures.ts';
import type { Scope } from './scope.ts';

/** Of all, of a source, of an owner, of a month, or of an owner in a month: what was closed, and in how many days it was won. */
export interface Closed {
  grouped: 'all' | 'source' | 'owner' | 'month' | 'owner_month';
  source: string | null;
  ownerId: string | null;
  month: string | null;
  won: number;
  lost: number;
  wonCents: number;
  lostCents: number;
  won90: number;
  closed90: number;
  wonBefore: number;
  closedBefore: number;
  won90Cents: number;
  mean90: number | null;
  median90: number | null;
  meanBefore: number | null;
  periodWon: number;
  periodLost: number;
  periodWonCents: number;
  periodLostCents: number;
}

export interface Bounds {
  zone: string;
  /** Instants: 90 and 180 days ago, the first of the month eleven months ago, where the period begins. */
  since90: string;
  since180: string;
  since12: string;
  from: string;
  owner?: string;
}

/** What was closed in the last twelve months, in one pass. Everything before is somebody else's question. */
export async function closedDeals(
  { db }: Scope,
  { zone, since90, since180, since12, from, owner }: Bounds,
): Promise<Closed[]> {
  const mine = owner ? sql`and owner_id = ${owner}` : sql``;
  const { rows } = await sql<Closed>`
    with closed as (
      select source, owner_id, status = 'won' as is_won, amount_cents, coalesce(won_at, lost_at) as at,
        date_part('epoch', won_at - created_at) / 86400 as days
      from deals where deleted_at is null and status = 'won' and won_at >= ${since12} ${mine}
      union all
      select source, owner_id, false, amount_cents, lost_at, null
      from deals where deleted_at is null and status = 'lost' and lost_at >= ${since12} ${mine}),
    placed as (
      select *, date_trunc('month', at, ${zone}) as month, at >= ${since90} as in_90,
        at >= ${since180} and at < ${since90} as in_180, at >= ${from} as in_period from closed)
    select case when grouping(owner_id) + grouping(month) = 0 then 'owner_month'
        when grouping(source) = 0 then 'source' when grouping(owner_id) = 0 then 'owner'
        when grouping(month) = 0 then 'month' else 'all' end as grouped, source, owner_id,
      to_char(month at time zone ${zone}, 'YYYY-MM') as month,
      count(*) filter (where is_won) as won, count(*) filter (where not is_won) as lost,
      coalesce(sum(amount_cents) filter (where is_won), 0)::bigint as won_cents,
      coalesce(sum(amount_cents) filter (where not is_won), 0)::bigint as lost_cents,
      count(*) filter (where is_won and in_90) as won90, count(*) filter (where in_90) as closed90,
      count(*) filter (where is_won and in_180) as won_before, count(*) filter (where in_180) as closed_before,
      coalesce(sum(amount_cents) filter (where is_won and in_90), 0)::bigint as won90_cents,
      (avg(days) filter (where in_90))::float8 as mean90,
      (percentile_cont(0.5) within group (order by days) filter (where in_90))::float8 as median90,
      (avg(days) filter (where in_180))::float8 as mean_before,
      count(*) filter (where is_won and in_period) as period_won,
      count(*) filter (where not is_won and in_period) as period_lost,
      coalesce(sum(amount_cents) filter (where is_won and in_period), 0)::bigint as period_won_cents,
      coalesce(sum(amount_cents) filter (where not is_won and in_period), 0)::bigint as period_lost_cents
    from placed group by grouping sets ((), (source), (owner_id), (month), (owner_id, month))`.execute(
    db,
  );
  return rows;
}

/** Fewer closed deals give no rate of a source. */
const FEWEST = 5;

export function rates(
  closed: readonly Closed[],
  links: Links,
): Pick<Dashboard, 'winRate' | 'cycle' | 'sources' | 'outcome' | 'trend'> {
  const all = closed.find(({ grouped }) => grouped === 'all');
  const { won90 = 0, closed90 = 0, wonBefore = 0, closedBefore = 0 } = all ?? {};
  const none = 'No deal was closed in the last 90 days.';
  const sources = closed.filter((one) => one.grouped === 'source' && one.closed90 > 0);
  return {
    winRate: {
      ...{ percent: percentOf(won90, closed90), won: won90, closed: closed90 },
      previousPercent: percentOf(wonBefore, closedBefore),
      ...{ href: links.deals({ closedAfter: links.day90 }), because: closed90 ? null : none },
    },
    cycle: {
      ...{ meanDays: whole(all?.mean90), medianDays: whole(all?.median90), won: won90 },
      previousMeanDays: whole(all?.meanBefore),
      href: links.deals({ status: 'won', closedAfter: links.day90 }),
      because: won90 ? null : 'No deal was won in the last 90 days.',
    },
    sources: {
      items: sources
        .map((one) => ({
          ...{ source: one.source!, won: one.won90, closed: one.closed90 },
          percent: one.closed90 < FEWEST ? null : percentOf(one.won90, one.closed90),
          wonCents: one.won90Cents,
          href: links.deals({ source: one.source!, closedAfter: links.day90 }),
        }))
        .sort((a, b) => (b.percent ?? -1) - (a.percent ?? -1) || b.closed - a.closed),
      because: sources.length > 0 ? null : none,
    },
    outcome: {
      won: {
        ...{ count: all?.periodWon ?? 0, cents: all?.periodWonCents ?? 0 },
        href: links.deals({ status: 'won', closedAfter: links.from }),
      },
      lost: {
        ...{ count: all?.periodLost ?? 0, cents: all?.periodLostCents ?? 0 },
        href: links.deals({ status: 'lost', closedAfter: links.from }),
      },
      because:
        all && all.periodWon + all.periodLost > 0 ? null : 'No deal was closed in this time.',
    },
    trend: {
      items: closed
        .filter(({ grouped }) => grouped === 'month')
        .map(({ month, wonCents, won, lost }) => ({ month: month!, wonCents, won, lost }))
        .sort((a, b) => (a.month < b.month ? -1 : 1)),
      because:
        all && all.won + all.lost > 0 ? null : 'No deal was closed in the last twelve months.',
    },
  };
}

export function whole(days: number | null | undefined): number | null {
  return days === null || days === undefined ? null : Math.round(days);
}
