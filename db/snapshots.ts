import { sql } from 'kysely';
import {
  type ForecastDeal,
  groupedBy,
  monthOf,
  monthsFrom,
  type Share,
  sharesOf,
  sumOf,
} from '#domain/forecast.ts';
import { ForecastRules } from '#domain/forecast-rules.ts';
import { changed } from './changes.ts';
import { settingsOf } from './overrides.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';

const MONTHS = 12;
/** In the owner's column of a forecast, where nothing stands for everybody. */
const NOBODY = 'none';

/**
 * Records the day of the workspace that ended last, as it was at its end: what changed after midnight is taken back by
 * the history of the deals. Once a day; answers how many deals were recorded.
 */
export async function takeSnapshot(scope: Scope, now: string): Promise<number> {
  const { rows } = await sql<{ day: string; midnight: string; zone: string; taken: boolean }>`
    with here as (
      select time_zone as zone, date_trunc('day', ${now}::timestamptz, time_zone) as midnight from workspaces),
    ended as (select *, (midnight at time zone zone)::date - 1 as day from here)
    select *, exists (select from forecasts f where f.made_on = day and owner_id = '' and pipeline_id = '') as taken
    from ended`.execute(scope.db);
  const { day, midnight, zone, taken } = rows[0]!;
  if (taken) return 0;
  const count = await recordDeals(scope, { day, midnight, zone });
  await recordForecasts(scope, { day, midnight, zone });
  changed(scope, 'forecast');
  return count;
}

interface Ended {
  day: string;
  midnight: string;
  zone: string;
}

async function recordDeals(
  { db, workspaceId }: Scope,
  { day, midnight, zone }: Ended,
): Promise<number> {
  const { numAffectedRows } = await sql`
    with later as (
      select distinct on (e.deal_id, f.key) e.deal_id, f.key, f.value
      from deal_events e cross join jsonb_each(e.before) f
      where e.at >= ${midnight} order by e.deal_id, f.key, e.id),
    was as (select deal_id, jsonb_object_agg(key, value) as was from later group by deal_id),
    deal as (
      select d.id, ${was('pipelineId', 'pipeline_id', 'uuid')}, ${was('stageId', 'stage_id', 'uuid')},
        ${was('status', 'status', 'text')}, ${was('ownerId', 'owner_id', 'text')},
        ${was('amountCents', 'amount_cents', 'bigint')}, ${was('probability', 'probability', 'int')},
        ${was('expectedCloseOn', 'expected_close_on', 'date')},
        (coalesce(d.won_at, d.lost_at) at time zone ${zone})::date as closed_on,
        d.risk_score, d.health_score, ${was('leftOutBecause', 'left_out_because', 'text')}
      from deals d left join was on was.deal_id = d.id
      where (d.deleted_at is null or d.deleted_at >= ${midnight}) and d.created_at < ${midnight}
        and (d.status = 'open' or was.deal_id is not null
          or coalesce(d.won_at, d.lost_at) >= date_trunc('month', ${day}::date::timestamp) at time zone ${zone}))
    insert into deal_snapshots (workspace_id, taken_on, deal_id, pipeline_id, stage_id, status, owner_id, amount_cents,
      probability, expected_close_on, closed_on, risk_score, health_score, left_out_because)
    select ${workspaceId}::uuid, ${day}::date, id, pipeline_id, stage_id, status, owner_id, amount_cents,
      probability, expected_close_on, case when status <> 'open' then closed_on end, risk_score, health_score,
      left_out_because
    from deal
    where status = 'open' or closed_on between date_trunc('month', ${day}::date)::date and ${day}::date
    on conflict do nothing`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/** A column as it was before the first change that is undone. */
function was(key: string, column: string, type: string) {
  return sql`case when was.was ? ${sql.lit(key)} then (was.was ->> ${sql.lit(key)})::${sql.raw(type)}
    else d.${sql.ref(column)} end as ${sql.ref(column)}`;
}

/** From the record itself, so that the two always say the same. */
async function recordForecasts(scope: Scope, { day, midnight, zone }: Ended): Promise<void> {
  const { settings } = await settingsOf(scope, 'forecast', ForecastRules);
  const { rows } = await sql<ForecastDeal>`
    select s.deal_id as id, s.status, s.pipeline_id, s.owner_id, s.amount_cents, s.probability, s.expected_close_on,
      case when s.status = 'won' then d.won_at end as won_at, least(d.last_activity_at, ${midnight}) as last_activity_at,
      g.is_active as stage_is_active, s.left_out_because
    from deal_snapshots s join deals d on d.id = s.deal_id join stages g on g.id = s.stage_id
    where s.taken_on = ${day}`.execute(scope.db);
  const now = new Date(Date.parse(midnight) - 1).toISOString();
  const { counted } = sharesOf(rows, settings, { now, zone });
  const { workspaceId } = scope;

  function recorded(month: string, shares: readonly Share[], ownerId = '', pipelineId = '') {
    const { wonCents, weightedCents, bestCents, worstCents, dealCount, confidence } = sumOf(shares);
    const sum = { wonCents, weightedCents, bestCents, worstCents, dealCount, confidence };
    return { workspaceId, madeOn: day, month, ownerId, pipelineId, ...sum };
  }

  const months = groupedBy(counted, ({ month }) => month);
  for (const month of monthsFrom(monthOf(day), MONTHS))
    if (!months.has(month)) months.set(month, []);
  const all = [...months].flatMap(([month, shares]) => [
    recorded(month, shares),
    ...[...groupedBy(shares, ({ deal }) => deal.ownerId ?? NOBODY)].map(([owner, part]) =>
      recorded(month, part, owner),
    ),
    ...[...groupedBy(shares, ({ deal }) => deal.pipelineId)].map(([pipeline, part]) =>
      recorded(month, part, '', pipeline),
    ),
  ]);
  await insertRows(scope, 'forecasts', all, ['month']);
}
