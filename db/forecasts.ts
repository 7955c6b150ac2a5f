import { groupedBy, monthsFrom, type Share, sumOf } from '#domain/forecast.ts';
import type { ForecastPage, MonthForecast, SalesForecast } from '#domain/forecast-page.ts';
import { formulasOf } from '#domain/forecast-rules.ts';
import { type Chance, type HistorySettings, rangeOf, seedOf } from '#domain/history-forecast.ts';
import { majorOf } from '#domain/money.ts';
import { accuracyOf } from './forecast-accuracy.ts';
import { type ForecastRow, type Of, readDeals, type Reading } from './forecast-deals.ts';
import { chancesBefore } from './forecast-history.ts';
import { leftOutOf } from './left-out.ts';
import { type Promises, promisesFor } from './quotas.ts';
import type { Scope } from './scope.ts';

const DAY = 24 * 60 * 60 * 1000;

/** What the coming months will bring, why, and how well earlier forecasts held. */
export async function forecastPage(
  scope: Scope,
  { months: count, ...of }: Of & { months: number },
  now: string,
): Promise<ForecastPage> {
  const reading = await readDeals(scope, now, of);
  const months = monthsFrom(reading.today, count);
  const { history } = reading.rules;
  const chance = await chancesBefore(scope, now, history);
  const promises = await promisesFor(scope, months, of.owner);
  const names = await namesIn(scope);
  const byMonth = groupedBy(reading.counted, ({ month }) => month);
  return {
    ...{ now, zone: reading.zone, today: reading.today, currency: reading.currency },
    formulas: formulasOf(reading.rules),
    months: months.map((month): MonthForecast => {
      const shares = byMonth.get(month) ?? [];
      const seed = seedOf(`${scope.workspaceId} ${month} ${reading.today}`);
      return {
        ...{ month: month.slice(0, 7), ...sumOf(shares), ...promised(promises, month, of) },
        range: drawn(shares, { chance, now, seed, history }),
        ...parted(shares, { month, names, promises }),
      };
    }),
    later: sumOf(reading.counted.filter(({ month }) => month > months.at(-1)!)),
    leftOut: await leftOutOf(scope, reading, { limit: 50, offset: 0 }),
    accuracy: await accuracyOf(scope, reading, of),
  };
}

/** The same months, as other systems read them. */
export async function salesForecast(
  scope: Scope,
  count: number,
  now: string,
): Promise<SalesForecast> {
  const reading = await readDeals(scope, now);
  const byMonth = groupedBy(reading.counted, ({ month }) => month);
  const sums = monthsFrom(reading.today, count).map((month) => ({
    month: month.slice(0, 7),
    ...sumOf(byMonth.get(month) ?? []),
  }));
  const alive = sums.filter(({ dealCount }) => dealCount > 0);
  const confidence = alive.reduce((sum, one) => sum + one.confidence, 0) / (alive.length || 1);
  const total = total3(sums);
  return {
    months: sums.map((one) => ({
      month: one.month,
      ...figures(one, reading),
      ...{ deal_count: one.dealCount, won_count: one.wonCount, confidence: one.confidence },
    })),
    summary: {
      total_weighted_forecast: majorOf(total.weightedCents, reading.currency),
      total_best_case: majorOf(total.bestCents, reading.currency),
      total_worst_case: majorOf(total.worstCents, reading.currency),
      total_weighted_forecast_cents: total.weightedCents,
      total_best_case_cents: total.bestCents,
      total_worst_case_cents: total.worstCents,
      total_deals: sums.reduce((sum, { dealCount }) => sum + dealCount, 0),
      avg_confidence: Math.round(confidence),
    },
    left_out: {
      count: reading.leftOut.length,
      amount: majorOf(
        reading.leftOut.reduce((sum, { deal }) => sum + deal.amountCents, 0),
        reading.currency,
      ),
      reasons: counted(reading.leftOut.map(({ reason }) => reason)),
    },
    formulas: formulasOf(reading.rules),
  };
}

/** What shares come to when each deal is won as often as history says. */
export function drawn(
  shares: readonly Share[],
  given: { chance: Chance; now: string; seed: number; history: HistorySettings },
) {
  const { chance, now, seed, history } = given;
  const open = shares.filter(({ isWon }) => !isWon).map(({ deal }) => deal as ForecastRow);
  const deals = open.map((deal) => {
    const ageDays = (Date.parse(now) - Date.parse(deal.createdAt)) / DAY;
    return { amountCents: deal.amountCents, chance: chance({ ...deal, ageDays }) };
  });
  const wonCents = sumOf(shares).wonCents;
  return rangeOf(deals, { seed, samples: history.samples, wonCents });
}

interface Names {
  owners: Map<string, string>;
  pipelines: Map<string, string>;
}

async function namesIn({ db }: Scope): Promise<Names> {
  const members = await db.selectFrom('members').select(['userId', 'name']).execute();
  const pipelines = await db.selectFrom('pipelines').select(['id', 'name']).execute();
  return {
    owners: new Map(members.map(({ userId, name }) => [userId, name])),
    pipelines: new Map(pipelines.map(({ id, name }) => [id, name])),
  };
}

/** The same shares by owner and by pipeline, the largest first. */
function parted(
  shares: readonly Share[],
  { month, names, promises }: { month: string; names: Names; promises: Promises },
): Pick<MonthForecast, 'owners' | 'pipelines'> {
  const owners = [...groupedBy(shares, ({ deal }) => deal.ownerId)].map(([ownerId, part]) => ({
    ...{ ownerId, name: names.owners.get(ownerId ?? '') ?? 'Nobody', ...sumOf(part) },
    quotaCents: ownerId === null ? null : promises.quota(month, ownerId),
  }));
  const pipelines = [...groupedBy(shares, ({ deal }) => deal.pipelineId)].map(
    ([pipelineId, part]) => ({
      ...{ pipelineId, name: names.pipelines.get(pipelineId) ?? '', ...sumOf(part) },
    }),
  );
  return { owners: owners.sort(byWeight), pipelines: pipelines.sort(byWeight) };
}

function byWeight(a: { weightedCents: number }, b: { weightedCents: number }): number {
  return b.weightedCents - a.weightedCents;
}

function promised(
  promises: Promises,
  month: string,
  { owner = '' }: Of,
): Pick<MonthForecast, 'quotaCents' | 'committed'> {
  return { quotaCents: promises.quota(month, owner), committed: promises.commit(month, owner) };
}

type Amounts = Pick<ReturnType<typeof sumOf>, 'weightedCents' | 'bestCents' | 'worstCents'>;

function total3(sums: readonly Amounts[]): Amounts {
  const total = { weightedCents: 0, bestCents: 0, worstCents: 0 };
  for (const one of sums) {
    total.weightedCents += one.weightedCents;
    total.bestCents += one.bestCents;
    total.worstCents += one.worstCents;
  }
  return total;
}

function figures(sum: Amounts & { wonCents: number }, { currency }: Reading) {
  return {
    weighted_forecast: majorOf(sum.weightedCents, currency),
    best_case: majorOf(sum.bestCents, currency),
    worst_case: majorOf(sum.worstCents, currency),
    won: majorOf(sum.wonCents, currency),
    weighted_forecast_cents: sum.weightedCents,
    best_case_cents: sum.bestCents,
    worst_case_cents: sum.worstCents,
    won_cents: sum.wonCents,
  };
}

function counted(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
