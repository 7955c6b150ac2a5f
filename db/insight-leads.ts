import { sql } from 'kysely';
import type { Insight, LeadFacts, LeadInsight } from '#domain/insight.ts';
import type { InsightSettings } from '#domain/insight-settings.ts';
import type { Wanted } from './insight-deals.ts';
import type { Scope } from './scope.ts';

export interface FoundLeads extends LeadFacts {
  kind: LeadInsight;
  severity: Insight['severity'];
}

/** How many leads an insight names and acts on at once, the oldest first. */
const MOST = 500;

/** The leads that nobody has or nobody called, by source. */
export async function findLeadInsights(
  scope: Scope,
  settings: InsightSettings,
  wanted: Wanted,
): Promise<FoundLeads[]> {
  const { unassigned, neverCalled } = settings;
  const { now } = wanted;
  const since = sql`${now}::timestamptz - make_interval(hours => ${Math.round(neverCalled.withinDays * 24)}::int)`;
  return [
    ...(await waiting(scope, 'unassigned', wanted, {
      hours: unassigned.afterHours,
      holds: sql`l.owner_id is null`,
    })),
    ...(await waiting(scope, 'never_called', wanted, {
      hours: neverCalled.afterHours,
      holds: sql`l.owner_id is not null and l.status = 'new' and l.created_at > ${since}
        and exists (select from contacts c where c.id = l.contact_id and c.phone_e164 is not null)
        and not exists (select from activities a where a.lead_id = l.id and a.kind in ('call', 'call_done')
          and a.id >= first_uuid(${since} - interval '1 day'))`,
    })),
  ];
}

async function waiting(
  { db }: Scope,
  kind: LeadInsight,
  { now, only }: Wanted,
  { hours, holds }: { hours: number; holds: ReturnType<typeof sql> },
): Promise<FoundLeads[]> {
  if (only && only.kind !== kind) return [];
  const { rows } = await sql<LeadFacts>`
    with waiting as (
      select l.id, l.source, l.created_at, l.contact_id from leads l
      where l.is_open and l.deleted_at is null and ${holds}
        and l.created_at <= ${now}::timestamptz - make_interval(hours => ${hours}::int)
        ${only ? sql`and l.source = ${only.of}` : sql``}),
    numbered as (
      select w.*, row_number() over (partition by source order by created_at, id) as n from waiting w
      where not exists (select from insight_marks m
        where m.insight = ${kind} || ':' || w.source and m.snoozed_until > ${now})),
    sources as (
      select source, count(*)::int as count,
        floor(extract(epoch from ${now}::timestamptz - min(created_at)) / 86400)::int as oldest_days
      from numbered group by source order by count(*) desc, source limit 20)
    select s.*, (
      select json_agg(json_build_object('id', n.id,
        'name', coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email, c.phone_e164, '')) order by n.n)
      from numbered n join contacts c on c.id = n.contact_id
      where n.source = s.source and n.n <= ${MOST}) as leads
    from sources s order by s.count desc, s.source`.execute(db);
  return rows.map((facts) => ({ ...facts, kind, severity: 'warning' as const }));
}
