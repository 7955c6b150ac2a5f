import { sql } from 'kysely';
import { dayOf } from '#domain/calendar.ts';
import { type ForecastDeal, monthOf, type Shares, sharesOf } from '#domain/forecast.ts';
import { ForecastRules } from '#domain/forecast-rules.ts';
import { settingsOf } from './overrides.ts';
import type { Scope } from './scope.ts';

/** A deal as the forecast and its history ask for it. */
export interface ForecastRow extends ForecastDeal {
  stageId: string;
  createdAt: string;
}

/** Everything that a forecast is made from, as it is at this moment. */
export interface Reading extends Shares {
  rules: ForecastRules;
  zone: string;
  currency: string;
  now: string;
  /** The local day and its month. */
  today: string;
  month: string;
}

/** Whose deals, and of which pipeline; nothing means all. */
export interface Of {
  owner?: string;
  pipeline?: string;
}

/** Reads the deals that are open, and those won since the month began, and says what each adds. */
export async function readDeals(scope: Scope, now: string, of: Of = {}): Promise<Reading> {
  const rules = await settingsOf(scope, 'forecast', ForecastRules);
  const { rows: here } = await sql<{ zone: string; currency: string; start: string }>`
    select time_zone as zone, currency,
      date_trunc('month', ${now}::timestamptz, time_zone) as start
    from workspaces`.execute(scope.db);
  const { zone, currency, start } = here[0]!;
  const today = dayOf(now, zone);
  const deals = await forecastDeals(scope, start, of);
  const shares = sharesOf(deals, rules.settings, { now, zone });
  return { ...shares, rules, zone, currency, now, today, month: monthOf(today) };
}

/** Two halves, each by its own index. */
async function forecastDeals({ db }: Scope, since: string, of: Of): Promise<ForecastRow[]> {
  const mine = sql.join(
    [
      sql`d.deleted_at is null`,
      ...(of.owner === 'none' ? [sql`d.owner_id is null`] : []),
      ...(of.owner && of.owner !== 'none' ? [sql`d.owner_id = ${of.owner}`] : []),
      ...(of.pipeline ? [sql`d.pipeline_id::text = ${of.pipeline}`] : []),
    ],
    sql` and `,
  );
  const columns = sql.raw(`d.id, d.status, d.pipeline_id, d.stage_id, d.owner_id, d.amount_cents,
    d.probability, d.expected_close_on, d.won_at, d.last_activity_at, d.created_at, d.left_out_because`);
  const { rows } = await sql<ForecastRow>`
    select ${columns}, s.is_active as stage_is_active
    from deals d join stages s on s.id = d.stage_id where d.status = 'open' and ${mine}
    union all
    select ${columns}, true from deals d where d.status = 'won' and d.won_at >= ${since} and ${mine}`.execute(
    db,
  );
  return rows;
}
