import { sql } from 'kysely';
import { whyLeftOut } from '#domain/forecast.ts';
import type { Backtest } from '#domain/forecast-page.ts';
import { ForecastRules } from '#domain/forecast-rules.ts';
import { rangeOf, seedOf } from '#domain/history-forecast.ts';
import { weightedCents } from '#domain/deal.ts';
import { monthsBefore } from '#domain/period.ts';
import { dayOf, instantOf } from '#domain/calendar.ts';
import { chancesBefore } from './forecast-history.ts';
import { settingsOf } from './overrides.ts';
import type { Scope } from './scope.ts';
import { zoneOf } from './waterfall.ts';

const MONTHS = 6;
const DAY = 24 * 60 * 60 * 1000;

/**
 * What the last months would have been forecast as from history, knowing only what was closed before each began, beside
 * what the typed probabilities said that day and what the deals of that day became.
 */
export async function backtestForecast(scope: Scope, now: string): Promise<Backtest> {
  const { history } = await settingsOf(scope, 'forecast', ForecastRules);
  const zone = await zoneOf(scope);
  const today = dayOf(now, zone);
  const months: Backtest['months'] = [];
  for (let back = MONTHS; back >= 1; back -= 1) {
    const month = monthsBefore(today, back);
    const begin = instantOf(month, '00:00', zone);
    const deals = await dealsThen(scope, { month, zone });
    if (deals.length === 0) continue;
    const chance = await chancesBefore(scope, begin, history);
    const counted = deals.filter((deal) => !whyLeftOut(deal, deal.takenOn));
    const chances = counted.map((deal) => {
      const ageDays = (Date.parse(begin) - Date.parse(deal.createdAt)) / DAY;
      return { amountCents: deal.amountCents, chance: chance({ ...deal, ageDays }) };
    });
    const seed = seedOf(`${scope.workspaceId} ${month}`);
    const { expectedCents, p10Cents, p90Cents } = rangeOf(chances, {
      seed,
      samples: history.samples,
    });
    const becameCents = added(
      counted.filter(({ wonInMonth }) => wonInMonth).map(({ amountCents }) => amountCents),
    );
    months.push({
      ...{ month: month.slice(0, 7), saidOn: deals[0]!.takenOn, deals: counted.length },
      typedCents: added(counted.map((deal) => weightedCents(deal.amountCents, deal.probability)!)),
      ...{ historyCents: expectedCents, p10Cents, p90Cents, becameCents },
      inRange: p10Cents <= becameCents && becameCents <= p90Cents,
    });
  }
  const [typed, learned] = [meanOff(months, 'typedCents'), meanOff(months, 'historyCents')];
  return {
    ...{ months, typedOffPercent: typed, historyOffPercent: learned },
    closer: typed === null || learned === null ? null : learned < typed ? 'history' : 'typed',
    because: months.length > 0 ? null : 'No past month has a record of its first day yet.',
  };
}

interface Then {
  takenOn: string;
  stageId: string;
  stageIsActive: boolean;
  amountCents: number;
  probability: number | null;
  expectedCloseOn: string | null;
  leftOutBecause: string | null;
  createdAt: string;
  wonInMonth: boolean;
}

/** The deals that were open as a month began and were to close in it, by the first record of it. */
async function dealsThen(
  { db }: Scope,
  { month, zone }: { month: string; zone: string },
): Promise<Then[]> {
  const { rows } = await sql<Then>`
    with taken as (
      select min(taken_on) as day from deal_snapshots
      where taken_on between ${month}::date - 1 and ${month}::date + 6)
    select s.taken_on, s.stage_id, g.is_active as stage_is_active, s.amount_cents, s.probability, s.expected_close_on,
      s.left_out_because, d.created_at, d.status = 'won' and d.deleted_at is null
        and d.won_at < (${month}::date + interval '1 month') at time zone ${zone} as won_in_month
    from deal_snapshots s join taken on taken.day = s.taken_on join stages g on g.id = s.stage_id
      join deals d on d.id = s.deal_id
    where s.status = 'open' and s.expected_close_on >= ${month}::date
      and s.expected_close_on < ${month}::date + interval '1 month'`.execute(db);
  return rows;
}

function added(cents: number[]): number {
  return cents.reduce((sum, one) => sum + one, 0);
}

/** How far off in all, whichever way, as a percent of what became; nothing when nothing became. */
function meanOff(months: Backtest['months'], figure: 'typedCents' | 'historyCents'): number | null {
  const became = added(months.map(({ becameCents }) => becameCents));
  const off = added(months.map((one) => Math.abs(one[figure] - one.becameCents)));
  return became === 0 ? null : Math.round((1000 * off) / became) / 10;
}
