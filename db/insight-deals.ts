import { sql } from 'kysely';
import type { DealFacts, DealInsight, Insight, InsightFilter } from '#domain/insight.ts';
import type { InsightSettings } from '#domain/insight-settings.ts';
import type { Scope } from './scope.ts';

export interface FoundDeal extends DealFacts {
  kind: DealInsight;
  severity: Insight['severity'];
}

export interface Wanted {
  now: string;
  limit: number;
  filter?: InsightFilter;
  /** Only this one. */
  only?: { kind: string; of: string } | undefined;
}

/** The open deals that are worth a word, what is worst first, and how many of each severity there are. */
export async function findDealInsights(
  { db }: Scope,
  settings: InsightSettings,
  { now, limit, filter = {}, only }: Wanted,
): Promise<{ found: FoundDeal[]; counts: Record<string, number> }> {
  const { rows } = await sql<FoundDeal & { counts: Record<string, number> }>`
    with today as (select (${now}::timestamptz at time zone time_zone)::date as day from workspaces),
    found as materialized (
      select d.id, k.kind, k.severity, d.source, d.amount_cents, d.risk_score,
        array_position(array['critical', 'warning', 'info'], k.severity) as rank
      from deals d cross join today
        cross join lateral (${kindsOf(settings, now)}) k (kind, severity, holds)
      where d.status = 'open' and d.deleted_at is null and k.holds
        ${only ? sql`and d.id::text = ${only.of} and k.kind = ${only.kind}` : sql``}),
    awake as (
      select f.* from found f left join insight_marks m
        on m.insight = f.kind || ':' || f.id and m.snoozed_until > ${now}
      where m.insight is null and f.severity = coalesce(${filter.severity ?? null}, f.severity)
        and f.kind = coalesce(${filter.kind ?? null}, f.kind) and f.source = coalesce(${filter.source ?? null}, f.source)),
    counts as (select coalesce(json_object_agg(severity, n), '{}') as counts from (
      select severity, count(*) as n from awake group by 1) c),
    first as (select * from awake order by rank, amount_cents desc, id, kind limit ${limit})
    select counts.counts, f.kind, f.severity, d.id, d.name, d.amount_cents, d.probability, s.name as stage, d.source,
      (select m.user_id from members m where m.user_id = d.owner_id) as owner_id, d.lead_id,
      floor(extract(epoch from ${now}::timestamptz - d.last_activity_at) / 86400)::int as idle_days,
      floor(extract(epoch from ${now}::timestamptz - d.stage_entered_at) / 86400)::int as days_in_stage,
      d.expected_close_on - today.day as closes_in_days,
      coalesce((d.risk_factors #>> '{2,inputs,recent}')::int, 0) as recent,
      coalesce((d.risk_factors #>> '{2,inputs,before}')::int, 0) as before
    from counts cross join today left join first f on true left join deals d on d.id = f.id
      left join stages s on s.id = d.stage_id
    order by f.rank, f.amount_cents desc, f.id, f.kind`.execute(db);
  return {
    found: rows.flatMap(({ counts: _counts, ...row }) => (row.id ? row : [])),
    counts: rows[0]?.counts ?? {},
  };
}

/** What makes a deal `d` worth a word, from what is stored with it. */
function kindsOf(set: InsightSettings, now: string) {
  const at = sql`${now}::timestamptz`;
  function ago(days: number) {
    return sql`${at} - make_interval(hours => ${Math.round(days * 24)}::int)`;
  }
  return sql`values
    ('stalled',
      case when d.last_activity_at <= ${ago(set.stalled.criticalDays)} then 'critical' else 'warning' end,
      d.last_activity_at <= ${ago(set.stalled.days)}),
    ('high_value', 'critical',
      d.amount_cents > ${set.highValue.moreThanCents} and d.probability < ${set.highValue.below}),
    ('closing_soon', 'critical',
      d.expected_close_on between today.day and today.day + ${set.closingSoon.withinDays}::int
      and d.last_activity_at <= ${ago(set.closingSoon.quietDays)}),
    ('long_cycle',
      case when d.stage_entered_at < ${ago(set.longCycle.criticalDays)} then 'critical' else 'warning' end,
      d.stage_entered_at < ${ago(set.longCycle.moreThanDays)}),
    ('engagement_drop', 'warning', d.risk_factors #>> '{2,inputs,hasDropped}' = 'true'),
    ('no_next_step', 'info',
      coalesce(d.next_action, '') = '' and d.created_at <= ${ago(set.noNextStep.afterHours / 24)}
      and not exists (select from tasks t where t.deal_id = d.id and t.done_at is null and t.cancelled_at is null))`;
}
