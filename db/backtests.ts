import { setImmediate as breathe } from 'node:timers/promises';
import { sql } from 'kysely';
import {
  type Backtest,
  type Flag,
  firstHigh,
  type PastDeal,
  type StageThen,
  sumsOf,
} from '#domain/backtest.ts';
import { type RiskChange, RiskSettings } from '#domain/risk-settings.ts';
import { settingsOf, settingsWith } from './overrides.ts';
import { touchKinds } from './risk-touches.ts';
import type { Scope } from './scope.ts';

/** How many closed deals are replayed at most, the newest. */
const MOST = 1000;
/** How many are replayed before others get a turn. */
const TURN = 10;

interface Closed {
  id: string;
  name: string;
  status: 'won' | 'lost';
  amountCents: number;
  closedAt: string;
  past: PastDeal;
  reallyAt: string | null;
}

/** Replays the deals that were closed since a day under other settings, beside those of today. Changes nothing. */
export async function backtest(
  scope: Scope,
  { changes, since }: { changes: RiskChange; since: string },
): Promise<Backtest> {
  const current = await settingsOf(scope, 'risk', RiskSettings);
  const changed = await settingsWith(scope, 'risk', RiskSettings, changes);
  const stages = await stagesOf(scope);
  const closed = await closedSince(scope, since);
  const deals: Backtest['deals'] = [];
  for (const [index, { past, reallyAt, ...deal }] of closed.slice(0, MOST).entries()) {
    if (index % TURN === 0) await breathe();
    deals.push({
      ...deal,
      current: firstHigh(past, stages, current),
      changed: firstHigh(past, stages, changed),
      really: reallyAt ? flagAt(reallyAt, deal.closedAt) : null,
    });
  }
  return {
    ...{ since, deals, isPart: closed.length > MOST, settings: { current, changed } },
    lost: deals.filter(({ status }) => status === 'lost').length,
    won: deals.filter(({ status }) => status === 'won').length,
    current: sumsOf(deals.map(({ status, current: flag }) => ({ status, flag }))),
    changed: sumsOf(deals.map(({ status, changed: flag }) => ({ status, flag }))),
  };
}

function flagAt(at: string, closedAt: string): Flag {
  const passed = Date.parse(closedAt) - Date.parse(at);
  return { at, daysBefore: Math.floor(passed / (24 * 60 * 60 * 1000)) };
}

async function stagesOf({ db }: Scope): Promise<Map<string, StageThen>> {
  const { rows } = await sql<StageThen & { id: string }>`
    select s.id, s.name, s.probability, case when n.stage_id is not null then
      json_build_object('median', n.median_days, 'p75', n.p75_days, 'deals', n.deals) end as norm
    from stages s left join stage_norms n on n.stage_id = s.id`.execute(db);
  return new Map(rows.map(({ id, ...stage }) => [id, stage]));
}

type Row = Omit<Closed, 'past'> & Omit<PastDeal, 'closedAt' | 'last'> & PastDeal['last'];

/** One more than are replayed, the newest first, with all that happened to each, in one query. */
async function closedSince({ db }: Scope, since: string): Promise<Closed[]> {
  const { rows } = await sql<Row>`
    with closed as materialized (
      select d.*, coalesce(d.won_at, d.lost_at) as closed_at from deals d cross join workspaces w
      where d.status in ('won', 'lost') and d.deleted_at is null
        and coalesce(d.won_at, d.lost_at) >= ${since}::date::timestamp at time zone w.time_zone
      order by closed_at desc, id limit ${MOST + 1}),
    changes as (
      select e.deal_id as id, json_agg(json_build_object('at', ${millis('e.at')}, 'before', jsonb_strip_nulls(
          jsonb_build_object('stageId', e.before->'stageId', 'amountCents', e.before->'amountCents'))
          || case when e.before ? 'probability' then jsonb_build_object('probability', e.before->'probability') else '{}' end
          || case when e.before ? 'competitor' then jsonb_build_object('competitor', e.before->'competitor') else '{}' end)
        order by e.at, e.id) as changes
      from deal_events e join closed c on c.id = e.deal_id
      where e.kind not in ('at_risk', 'archived', 'created') group by 1),
    happened as (
      select c.id, one.at, one.is_touch from closed c cross join lateral (
        select a.at, a.kind in (${sql.join(touchKinds)}) as is_touch from activities a
        where a.deal_id = c.id and a.kind <> 'at_risk'
        union all
        select a.at, true from activities a
        where a.lead_id = c.lead_id and a.deal_id is null and a.kind in (${sql.join(touchKinds)})
        union all
        select m.at, true from messages m where m.lead_id = c.lead_id and m.kind = 'reply'
        offset 0) one),
    times as (
      select id, json_agg(${millis('at')} order by at) as activities,
        json_agg(${millis('at')} order by at) filter (where is_touch) as touches
      from happened group by id),
    flagged as (
      select r.deal_id as id, min(r.at) as at from deal_risks r join closed c on c.id = r.deal_id
      where r.band = 'high' and r.at < c.closed_at group by 1)
    select c.id, c.name, c.status, c.amount_cents, c.closed_at, ${millis('c.created_at')} as created_at,
      c.stage_id, c.probability, c.competitor, coalesce(changes.changes, '[]') as changes,
      coalesce(times.activities, '[]') as activities, coalesce(times.touches, '[]') as touches,
      flagged.at as really_at
    from closed c left join changes using (id) left join times using (id) left join flagged using (id)
    order by c.closed_at desc, c.id`.execute(db);
  return rows.map((row) => {
    const { id, name, status, amountCents, closedAt, reallyAt, ...rest } = row;
    const { stageId, probability, competitor, createdAt, changes, activities, touches } = rest;
    const last = { stageId, amountCents, probability, competitor };
    const times = { createdAt: Number(createdAt), closedAt: Date.parse(closedAt) };
    const past = { ...times, last, changes, activities, touches };
    return { id, name, status, amountCents, closedAt, reallyAt, past };
  });
}

/** Milliseconds since 1970, as JavaScript counts. */
function millis(column: string) {
  return sql`(extract(epoch from ${sql.ref(column)}) * 1000)::bigint`;
}
