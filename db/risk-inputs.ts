import { sql } from 'kysely';
import type { RiskFactor } from '#domain/deal.ts';
import type { RiskSettings } from '#domain/risk-settings.ts';
import type { Risk, RiskInput } from '#domain/risk.ts';
import type { Scope } from './scope.ts';

/** A deal as it is judged, and what was judged of it before. */
export interface Assessed extends RiskInput {
  id: string;
  name: string;
  status: string;
  ownerId: string | null;
  companyId: string | null;
  contactId: string | null;
  leadId: string | null;
  before: {
    score: number | null;
    band: Risk['band'] | null;
    factors: RiskFactor[];
    health: number | null;
  };
}

/** The deals of a batch, locked, with all that their risk is made from but their touchpoints, in one query. */
export async function inputsOf(
  { db }: Scope,
  ids: string[],
  settings: RiskSettings,
  now: string,
): Promise<Omit<Assessed, 'touches'>[]> {
  const lately = sql`make_interval(hours => ${settings.health.movement.days * 24})`;
  const { rows } = await sql<Omit<Assessed, 'touches'>>`
    with batch as materialized (
      select id, name, status, owner_id, company_id, contact_id, lead_id, amount_cents, probability, competitor,
        stage_id, stage_entered_at, last_activity_at, risk_score, risk_band, risk_factors, health_score
      from deals where id = any(${ids}::uuid[]) and deleted_at is null order by id for no key update),
    trend as (
      select e.deal_id as id,
        (array_agg(e.before->>'stageId' order by e.at, e.id) filter (where e.before ? 'stageId'))[1] as stage_id,
        (array_agg(e.before->>'probability' order by e.at, e.id) filter (where e.before ? 'probability'))[1] as probability
      from deal_events e
      where e.deal_id = any(${ids}::uuid[]) and e.at > ${now}::timestamptz - ${lately} and e.at <= ${now}
      group by 1)
    select b.id, b.name, b.status, b.owner_id, b.company_id, b.contact_id, b.lead_id, b.amount_cents, b.probability,
      b.competitor, b.stage_entered_at, b.last_activity_at,
      json_build_object('name', s.name, 'probability', s.probability) as stage,
      case when n.stage_id is not null then
        json_build_object('median', n.median_days, 'p75', n.p75_days, 'deals', n.deals) end as norm,
      coalesce(sign(s.position - was.position), 0)::int as moved,
      coalesce(b.probability - trend.probability::int, 0) as gained,
      json_build_object('score', b.risk_score, 'band', b.risk_band, 'factors', b.risk_factors,
        'health', b.health_score) as before
    from batch b join stages s on s.id = b.stage_id left join stage_norms n on n.stage_id = b.stage_id
      left join trend on trend.id = b.id
      left join stages was on was.id = trend.stage_id::uuid and was.pipeline_id = s.pipeline_id
    order by b.id`.execute(db);
  return rows;
}

/** Counts anew how long won deals of the last year stood in each stage. */
export async function countNorms({ db, workspaceId }: Scope, now: string): Promise<void> {
  await sql`
    with stays as (
      select (e.before->>'stageId')::uuid as stage_id, e.deal_id,
        extract(epoch from e.at - lag(e.at, 1, d.created_at) over (partition by e.deal_id order by e.at, e.id)) / 86400
          as days
      from deals d join deal_events e on e.deal_id = d.id
      where d.status = 'won' and d.deleted_at is null and d.won_at <= ${now}
        and d.won_at > ${now}::timestamptz - interval '365 days'
        and e.before ? 'stageId' and e.before->>'stageId' is distinct from e.after->>'stageId'),
    per_deal as (select stage_id, deal_id, sum(days) as days from stays where days >= 0 group by 1, 2),
    norms as (
      select stage_id, percentile_cont(0.5) within group (order by days) as median,
        percentile_cont(0.75) within group (order by days) as p75, count(*)::int as deals
      from per_deal join stages on stages.id = stage_id group by stage_id),
    gone as (delete from stage_norms where stage_id not in (select stage_id from norms))
    insert into stage_norms (workspace_id, stage_id, median_days, p75_days, deals, counted_at)
    select ${workspaceId}, stage_id, median, p75, deals, ${now} from norms
    on conflict (workspace_id, stage_id) do update set median_days = excluded.median_days,
      p75_days = excluded.p75_days, deals = excluded.deals, counted_at = excluded.counted_at`.execute(
    db,
  );
}
