import { instantOf } from '#domain/calendar.ts';
import type { Dashboard, periods } from '#domain/dashboard.ts';
import { beginOf, daysBefore, mondayOf, monthsBefore } from '#domain/period.ts';
import { closedDeals, rates } from './dashboard-closed.ts';
import { analysisOf, figuresOf, forecastWidget, type Links } from './dashboard-figures.ts';
import { leadWidgets } from './dashboard-leads.ts';
import { comparisonOf, repsOf, teamOf } from './dashboard-people.ts';
import { promisesKept, recentActivity, stageRates, standingOf, workOf } from './dashboard-work.ts';
import { readDeals } from './forecast-deals.ts';
import type { Scope } from './scope.ts';

interface Asked {
  period: (typeof periods)[number];
  owner?: string;
}

const DAY = 24 * 60 * 60 * 1000;

/** Everything that the dashboard shows, as it is now, in eleven statements. */
export async function dashboardOf(scope: Scope, asked: Asked, now: string): Promise<Dashboard> {
  const owner = asked.owner === 'me' ? scope.actor : asked.owner;
  const subject = owner ?? scope.actor;
  const reading = await readDeals(scope, now, { owner });
  const { zone, today, month } = reading;
  const from = beginOf(asked.period, today);
  const lastMonth = monthsBefore(today, 1);
  const links = linksFor({ owner, day90: daysBefore(today, 90), from });
  const closed = await closedDeals(scope, {
    ...{ zone, from: begin(from), since12: begin(monthsBefore(today, 11)), owner },
    ...{ since90: begin(links.day90), since180: begin(daysBefore(today, 180)) },
  });
  const quiet = new Date(Date.parse(now) - 14 * DAY).toISOString();
  const sunday = daysBefore(mondayOf(today), 1);
  const standing = await standingOf(scope, { day: sunday, quiet, owner });
  const work = await workOf(scope, {
    ...{ now, week: begin(mondayOf(today)), month: begin(month), lastMonth: begin(lastMonth) },
  });
  const { newLeads, ...leads } = await leadWidgets(scope, {
    ...{ now, zone, from, subject, owner },
    months: Array.from({ length: 12 }, (_, place) => monthsBefore(today, 11 - place)),
  });
  const members = await scope.db.selectFrom('members').select(['userId', 'name']).execute();
  const both = [month, lastMonth].map((day) => day.slice(0, 7)) as [string, string];
  return {
    ...{ now, zone, currency: reading.currency, owner: owner ?? null },
    period: { name: asked.period, from, to: today },
    ...figuresOf(reading, standing, links),
    ...rates(closed, links),
    promises: await promisesKept(scope, { from: begin(from), now }),
    forecast: forecastWidget(reading),
    ...leads,
    attention: {
      overdueTasks: { count: work.overdue, href: '/today' },
      staleDeals: { count: standing.stale, href: links.deals({ status: 'open', stale: 'true' }) },
    },
    stages: await stageRates(scope, begin(daysBefore(today, 365)), { links, owner }),
    team: teamOf(work, members),
    reps: repsOf(reading, closed, { members, links }),
    comparison: comparisonOf(closed, work, { months: both, newLeads, subject, owner }),
    analysis: analysisOf(standing, links),
    activity: await recentActivity(scope),
  };

  /** The instant at which a day begins here. */
  function begin(day: string): string {
    return instantOf(day, '00:00', zone);
  }
}

function linksFor({ owner, ...days }: { owner?: string; day90: string; from: string }): Links {
  return {
    ...days,
    deals: (filters) =>
      `/deals?${new URLSearchParams({ view: 'table', ...filters, ...(owner && { owner }) }).toString()}`,
  };
}
