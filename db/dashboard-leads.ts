import { sql } from 'kysely';
import { instantOf } from '#domain/calendar.ts';
import { type Dashboard, percentOf } from '#domain/dashboard.ts';
import { STALE_DAYS } from '#domain/lead.ts';
import type { Scope } from './scope.ts';

/** Leads of one status that came in one month, to the one who is compared or to others, and how far they got. */
interface Group {
  status: string;
  /** The place of the month among those asked for, 1 for the first; 0 for before. */
  place: number;
  isOwn: boolean;
  count: number;
  active: number;
  stale: number;
  overdue: number;
  contacted: number;
  qualified: number;
  converted: number;
  won: number;
  /** Days from step to step, added up, and how many took it. */
  contactedDays: number | null;
  qualifiedDays: number | null;
  dealDays: number | null;
  wonDays: number | null;
  contactedTimes: number;
  qualifiedTimes: number;
  dealTimes: number;
  wonTimes: number;
}

interface Asked {
  now: string;
  zone: string;
  /** The first day of the period. */
  from: string;
  /** The first days of the last twelve months. */
  months: string[];
  /** Whose own leads are counted apart. */
  subject: string;
  owner?: string;
}

/** Everything that is said of leads, in one pass over them. Spam counts nowhere. */
export async function leadWidgets(
  { db }: Scope,
  { now, zone, from, months, subject, owner }: Asked,
): Promise<
  Pick<Dashboard, 'funnel' | 'leads' | 'leadStatuses' | 'cohorts'> & { newLeads: NewLeads }
> {
  const begins = months.map((month) => instantOf(month, '00:00', zone));
  const { rows } = await sql<Group>`
    select * from lead_groups(${begins}::timestamptz[], ${now}, ${STALE_DAYS}, ${subject}, ${owner ?? null})`.execute(
    db,
  );
  const statuses = [...new Set(rows.map(({ status }) => status))].map((status) => {
    const count = added(
      rows.filter((one) => one.status === status),
      'count',
    );
    return { status, count };
  });
  const firstPlace = months.findIndex((month) => month >= from) + 1;
  const inPeriod = rows.filter(({ place }) => place >= firstPlace);
  const total = added(rows, 'count');
  const ofOwner = owner ? `&owner=${encodeURIComponent(owner)}` : '';
  const none = 'There are no leads yet.';
  return {
    funnel: funnelOf(inPeriod, `createdAfter=${from}${ofOwner}`),
    leads: {
      active: { count: added(rows, 'active'), href: `/leads?view=active${ofOwner}` },
      qualified: {
        count: statuses.find(({ status }) => status === 'qualified')?.count ?? 0,
        href: `/leads?status=qualified${ofOwner}`,
      },
      stale: { count: added(rows, 'stale'), href: `/leads?view=stale${ofOwner}` },
      overdue: { count: added(rows, 'overdue'), href: `/leads?view=overdue${ofOwner}` },
    },
    leadStatuses: {
      items: statuses
        .map(({ status, count }) => ({
          ...{ status, count, percent: percentOf(count, total) ?? 0 },
          href: `/leads?status=${status}${ofOwner}`,
        }))
        .sort((a, b) => b.count - a.count),
      because: total > 0 ? null : none,
    },
    cohorts: {
      items: months.flatMap((month, place) => cohortOf(month, rows, place + 1)),
      because: total > 0 ? null : none,
    },
    newLeads: (month, own) => {
      const came = rows.filter(({ place }) => months[place - 1]?.startsWith(month));
      return added(own ? came.filter(({ isOwn }) => isOwn) : came, 'count');
    },
  };
}

/** How many leads came in a month, to everybody or to the one who is compared. */
export type NewLeads = (month: string, own: boolean) => number;

function cohortOf(month: string, rows: readonly Group[], place: number) {
  const came = rows.filter((one) => one.place === place);
  const [leads, won] = [added(came, 'count'), added(came, 'won')];
  if (leads === 0) return [];
  return [
    {
      ...{ month: month.slice(0, 7), leads, won, wonPercent: percentOf(won, leads) },
      contacted: added(came, 'contacted'),
      qualified: added(came, 'qualified'),
      converted: added(came, 'converted'),
    },
  ];
}

function funnelOf(months: readonly Group[], query: string): Dashboard['funnel'] {
  const counts = [
    { name: 'new' as const, count: added(months, 'count'), reached: '' },
    { name: 'contacted' as const, count: added(months, 'contacted'), reached: 'contacted' },
    { name: 'qualified' as const, count: added(months, 'qualified'), reached: 'qualified' },
    { name: 'open_deal' as const, count: added(months, 'converted'), reached: 'converted' },
    { name: 'won' as const, count: added(months, 'won'), reached: 'won' },
  ];
  const steps = [
    { from: 'new', to: 'contacted', days: meanOf(months, 'contacted') },
    { from: 'contacted', to: 'qualified', days: meanOf(months, 'qualified') },
    { from: 'qualified', to: 'open_deal', days: meanOf(months, 'deal') },
    { from: 'open_deal', to: 'won', days: meanOf(months, 'won') },
  ].sort((a, b) => b.days - a.days);
  return {
    steps: counts.map(({ name, count, reached }, place) => ({
      ...{ name, count, percent: place ? percentOf(count, counts[place - 1]!.count) : null },
      href: `/leads?${query}${reached && `&reached=${reached}`}`,
    })),
    slowest: steps[0]!.days >= 0 ? { ...steps[0]!, days: Math.round(steps[0]!.days) } : null,
    because: counts[0]!.count > 0 ? null : 'No lead came in this time.',
  };
}

/** Less than nothing when none took the step. */
function meanOf(
  groups: readonly Group[],
  step: 'contacted' | 'qualified' | 'deal' | 'won',
): number {
  const times = added(groups, `${step}Times`);
  return times === 0 ? -1 : added(groups, `${step}Days`) / times;
}

function added<K extends keyof Group>(groups: readonly Group[], key: K): number {
  return groups.reduce((sum, group) => sum + Number(group[key]), 0);
}
