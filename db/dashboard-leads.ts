import { sql } from 'kysely';
import { type Dashboard, percentOf } from '#domain/dashboard.ts';
import { STALE_DAYS } from '#domain/lead.ts';
import type { Scope } from './scope.ts';

/** Leads by their status, or by the month in which they came and how far they got since. */
interface Group {
  status: string | null;
  month: string | null;
  count: number;
  active: number;
  stale: number;
  overdue: number;
  contacted: number;
  qualified: number;
  converted: number;
  won: number;
  /** Mean days from step to step; nothing where none took it. */
  toContacted: number | null;
  toQualified: number | null;
  toDeal: number | null;
  toWon: number | null;
}

interface Asked {
  now: string;
  zone: string;
  /** The month the period begins with, and that of today. */
  fromMonth: string;
  thisMonth: string;
  /** The first day of the period. */
  from: string;
  owner?: string;
}

/** Everything that is said of leads, in one pass over them. Spam counts nowhere. */
export async function leadWidgets(
  { db }: Scope,
  { now, zone, fromMonth, thisMonth, from, owner }: Asked,
): Promise<
  Pick<Dashboard, 'funnel' | 'leads' | 'leadStatuses' | 'cohorts'> & {
    newLeads: (month: string) => number;
  }
> {
  const mine = owner ? sql`and owner_id = ${owner}` : sql``;
  const { rows } = await sql<Group>`
    with lead as (
      select status, is_open, next_action_at, updated_at, created_at, contacted_at, qualified_at, converted_at, won_at,
        to_char(created_at at time zone ${zone}, 'YYYY-MM') as month
      from leads where deleted_at is null and status <> 'spam' ${mine})
    select status, month, count(*) as count, count(*) filter (where is_open) as active,
      count(*) filter (where is_open and (next_action_at < ${now}
        or updated_at <= ${now}::timestamptz - make_interval(days => ${STALE_DAYS}))) as stale,
      count(*) filter (where is_open and next_action_at < ${now}) as overdue,
      count(contacted_at) as contacted, count(qualified_at) as qualified,
      count(*) filter (where status = 'converted' or converted_at is not null) as converted, count(won_at) as won,
      ${days('contacted_at', 'created_at')} as to_contacted, ${days('qualified_at', 'contacted_at')} as to_qualified,
      ${days('converted_at', 'qualified_at')} as to_deal, ${days('won_at', 'converted_at')} as to_won
    from lead group by grouping sets ((status), (month))`.execute(db);
  const statuses = rows.filter(({ status }) => status !== null);
  const months = rows.filter(({ month }) => month !== null);
  const inPeriod = months.filter(({ month }) => month! >= fromMonth && month! <= thisMonth);
  const total = added(statuses, 'count');
  const ofOwner = owner ? `&owner=${encodeURIComponent(owner)}` : '';
  const none = 'There are no leads yet.';
  return {
    funnel: funnelOf(inPeriod, `createdAfter=${from}${ofOwner}`),
    leads: {
      active: { count: added(statuses, 'active'), href: `/leads?view=active${ofOwner}` },
      qualified: {
        count: statuses.find(({ status }) => status === 'qualified')?.count ?? 0,
        href: `/leads?status=qualified${ofOwner}`,
      },
      stale: { count: added(statuses, 'stale'), href: `/leads?view=stale${ofOwner}` },
      overdue: { count: added(statuses, 'overdue'), href: `/leads?view=overdue${ofOwner}` },
    },
    leadStatuses: {
      items: statuses
        .map(({ status, count }) => ({
          ...{ status: status!, count, percent: percentOf(count, total) ?? 0 },
          href: `/leads?status=${status}${ofOwner}`,
        }))
        .sort((a, b) => b.count - a.count),
      because: total > 0 ? null : none,
    },
    cohorts: {
      items: months
        .map(({ month, count: leads, contacted, qualified, converted, won }) => ({
          ...{ month: month!, leads, contacted, qualified, converted, won },
          wonPercent: percentOf(won, leads),
        }))
        .sort((a, b) => (a.month < b.month ? -1 : 1))
        .slice(-12),
      because: total > 0 ? null : none,
    },
    newLeads: (month) => months.find((one) => one.month === month)?.count ?? 0,
  };
}

function days(later: string, earlier: string) {
  return sql`(avg(extract(epoch from ${sql.ref(later)} - ${sql.ref(earlier)}) / 86400)
    filter (where ${sql.ref(later)} >= ${sql.ref(earlier)}))::float8`;
}

function funnelOf(months: readonly Group[], query: string): Dashboard['funnel'] {
  const counts = [
    { name: 'new' as const, count: added(months, 'count'), reached: '' },
    { name: 'contacted' as const, count: added(months, 'contacted'), reached: 'contacted' },
    { name: 'qualified' as const, count: added(months, 'qualified'), reached: 'qualified' },
    { name: 'open_deal' as const, count: added(months, 'converted'), reached: 'converted' },
    { name: 'won' as const, count: added(months, 'won'), reached: 'won' },
  ];
  const took = [
    { from: 'new', to: 'contacted', days: meanOf(months, 'toContacted', 'contacted') },
    { from: 'contacted', to: 'qualified', days: meanOf(months, 'toQualified', 'qualified') },
    { from: 'qualified', to: 'open_deal', days: meanOf(months, 'toDeal', 'converted') },
    { from: 'open_deal', to: 'won', days: meanOf(months, 'toWon', 'won') },
  ].sort((a, b) => b.days - a.days);
  return {
    steps: counts.map(({ name, count, reached }, place) => ({
      ...{ name, count, percent: place ? percentOf(count, counts[place - 1]!.count) : null },
      href: `/leads?${query}${reached && `&reached=${reached}`}`,
    })),
    slowest: took[0]!.days >= 0 ? { ...took[0]!, days: Math.round(took[0]!.days) } : null,
    because: counts[0]!.count > 0 ? null : 'No lead came in this time.',
  };
}

/** The mean of the months' means, each by how many took the step; less than nothing when none did. */
function meanOf(
  months: readonly Group[],
  days: 'toContacted' | 'toQualified' | 'toDeal' | 'toWon',
  count: 'contacted' | 'qualified' | 'converted' | 'won',
): number {
  const with_ = months.filter((one) => one[days] !== null && one[count] > 0);
  const all = added(with_, count);
  return all === 0 ? -1 : with_.reduce((sum, one) => sum + one[days]! * one[count], 0) / all;
}

function added<K extends keyof Group>(groups: readonly Group[], key: K): number {
  return groups.reduce((sum, group) => sum + Number(group[key]), 0);
}
