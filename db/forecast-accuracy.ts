import { sql } from 'kysely';
import type { Accuracy, PastForecast } from '#domain/forecast-page.ts';
import type { Of, Reading } from './forecast-deals.ts';
import type { Scope } from './scope.ts';

const MONTHS = 6;

/** What was said on the first of the last months, beside what they became. */
export async function accuracyOf(
  { db }: Scope,
  { month, zone }: Pick<Reading, 'month' | 'zone'>,
  { owner = '', pipeline = '' }: Of,
): Promise<Accuracy> {
  // A record is of the end of its day: the one of the last day before a month is what is said as it begins.
  const { rows } = await sql<Omit<PastForecast, 'offPercent'>>`
    with past as (
      select m::date as month from generate_series(
        ${month}::date - ${`${MONTHS} months`}::interval, ${month}::date - interval '1 month', interval '1 month') m)
    select to_char(past.month, 'YYYY-MM') as month, said.made_on as said_on, said.weighted_cents as said_cents,
      became.cents as became_cents, became.cents between said.worst_cents and said.best_cents as in_range
    from past
    join lateral (
      select f.* from forecasts f
      where f.month = past.month and f.owner_id = ${owner} and f.pipeline_id = ${pipeline}
        and f.made_on between past.month - 1 and past.month + 6
      order by f.made_on limit 1) said on true
    cross join lateral (
      select coalesce(sum(amount_cents), 0)::bigint as cents from deals d
      where status = 'won' and deleted_at is null
        and won_at >= past.month::timestamp at time zone ${zone}
        and won_at < (past.month + interval '1 month') at time zone ${zone}
        and (${owner} = '' or owner_id = ${owner}) and (${pipeline} = '' or pipeline_id::text = ${pipeline})) became
    order by past.month`.execute(db);
  const months = rows.map((row) => ({ ...row, offPercent: offBy(row) }));
  const offs = months.flatMap(({ offPercent }) => (offPercent === null ? [] : [offPercent]));
  const mean = offs.reduce((sum, off) => sum + Math.abs(off), 0) / offs.length;
  return {
    months,
    meanOffPercent: offs.length > 0 ? Math.round(mean * 10) / 10 : null,
    inRange: months.filter(({ inRange }) => inRange).length,
    because:
      months.length > 0
        ? null
        : 'No month has ended since the forecast is recorded. It is recorded each midnight.',
  };
}

function offBy({ saidCents, becameCents }: Pick<PastForecast, 'saidCents' | 'becameCents'>) {
  if (saidCents === 0) return null;
  return Math.round((1000 * (becameCents - saidCents)) / saidCents) / 10;
}
