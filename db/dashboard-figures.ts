import { type Dashboard, percentOf } from '#domain/dashboard.ts';
import { groupedBy, monthsFrom, sumOf } from '#domain/forecast.ts';
import type { standingOf } from './dashboard-work.ts';
import type { Reading } from './forecast-deals.ts';

type Standing = Awaited<ReturnType<typeof standingOf>>;

export interface Links {
  /** The list of deals with these filters. */
  deals(filters: Record<string, string>): string;
  day90: string;
  from: string;
}

const NO_DEALS = 'There are no open deals.';

/** The open pipeline and what it is worth by its probabilities. */
export function figuresOf(
  { counted, leftOut }: Reading,
  { pipelineThen, weightedThen }: Standing,
  links: Links,
): Pick<Dashboard, 'pipeline' | 'weighted'> {
  const open = counted.filter(({ isWon }) => !isWon);
  const cents = [...open, ...leftOut].reduce((sum, { deal }) => sum + deal.amountCents, 0);
  const count = open.length + leftOut.length;
  const weighted = open.reduce((sum, { weightedCents }) => sum + weightedCents, 0);
  return {
    pipeline: {
      ...{ cents, count, href: links.deals({ status: 'open' }) },
      sinceMondayCents: pipelineThen === null ? null : cents - pipelineThen,
      because: count > 0 ? null : NO_DEALS,
    },
    weighted: {
      ...{ cents: weighted, count: open.length, href: '/forecast' },
      sinceMondayCents: weightedThen === null ? null : weighted - weightedThen,
      percentOfPipeline: percentOf(weighted, cents),
      because: open.length > 0 ? null : whyNone(leftOut),
    },
  };
}

export function forecastWidget({ counted, leftOut, today }: Reading): Dashboard['forecast'] {
  const byMonth = groupedBy(counted, ({ month }) => month);
  const months = monthsFrom(today, 3);
  const any = counted.length > 0;
  return {
    months: months.map((month) => ({
      ...{ month: month.slice(0, 7), ...sumOf(byMonth.get(month) ?? []) },
      href: `/forecast?month=${month.slice(0, 7)}`,
    })),
    later: sumOf(counted.filter(({ month }) => month > months.at(-1)!)),
    leftOut: {
      ...{ count: leftOut.length, href: '/forecast#left-out' },
      amountCents: leftOut.reduce((sum, { deal }) => sum + deal.amountCents, 0),
    },
    ...{ href: '/forecast', because: any ? null : whyNone(leftOut) },
  };
}

/** An empty forecast says which deals it could have been made from. */
function whyNone(leftOut: Reading['leftOut']): string {
  if (leftOut.length === 0) return NO_DEALS;
  const counts = new Map<string, number>();
  for (const { reason } of leftOut) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const said = [...counts].map(([reason, count]) => `${count} ${words[reason]}`);
  return `No open deal counts: ${said.join(', ')}.`;
}

const words: Record<string, string> = {
  no_close_date: 'without a close date',
  no_probability: 'without a probability',
  inactive_stage: 'in an inactive stage',
  close_date_passed: 'with a close date that has passed',
  by_a_person: 'left out by a person',
};

export function analysisOf(standing: Standing, links: Links): Dashboard['analysis'] {
  const { high, medium, low, health, assessedAt } = standing;
  return {
    health,
    high: { count: high, href: links.deals({ status: 'open', band: 'high' }) },
    medium: { count: medium, href: links.deals({ status: 'open', band: 'medium' }) },
    low: { count: low, href: links.deals({ status: 'open', band: 'low' }) },
    assessedAt,
    because: high + medium + low > 0 ? null : 'No open deal has been assessed yet.',
  };
}
