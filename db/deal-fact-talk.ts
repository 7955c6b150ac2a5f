import { sql } from 'kysely';
import type { RuleFacts } from '#domain/rule.ts';
import { touchKinds } from './risk-touches.ts';
import type { Scope } from './scope.ts';

/** Touchpoints are compared over so many days; with fewer before than this nothing is said of a drop. */
const WINDOW_DAYS = 14;
const FEWEST = 2;

/** What was said, by whom, and what is still to be answered. */
export async function talkOfDeals(
  { db }: Scope,
  ids: string[],
  now: string,
): Promise<Map<string, RuleFacts>> {
  const window = sql`make_interval(hours => ${WINDOW_DAYS * 24})`;
  const { rows } = await sql<RuleFacts & { id: string; recent: number; before: number }>`
    with batch as materialized (
      select id, lead_id, stage_entered_at from deals where id = any(${ids}::uuid[])),
    said as materialized (
      select a.deal_id as id, a.at, ${wayOf} as way, true as is_touch
      from activities a where a.deal_id = any(${ids}::uuid[]) and a.kind in (${sql.join(touchKinds)})
      union all
      select b.id, a.at, ${wayOf}, true from batch b join activities a on a.lead_id = b.lead_id and a.deal_id is null
      where a.kind in (${sql.join(touchKinds)})
      union all
      select b.id, m.at, 'in', true
      from batch b join messages m on m.lead_id = b.lead_id where m.direction = 'in' and m.kind = 'reply'
      union all
      select b.id, t.accepted_at, 'out', false from batch b join touches t on t.lead_id = b.lead_id
      where t.accepted_at is not null),
    last as (
      select id, max(at) filter (where way in ('in', 'met')) as heard,
        max(at) filter (where way in ('out', 'met')) as spoken
      from said where at <= ${now} group by 1)
    select b.id, count(*) filter (where s.way = 'met' and s.at >= b.stage_entered_at) as meetings_in_stage,
      count(*) filter (where s.way = 'out' and s.at > coalesce(last.heard, '-infinity')) as touches_since_reply,
      min(s.at) filter (where s.way = 'in' and s.at > coalesce(last.spoken, '-infinity')) as unanswered_since,
      count(*) filter (where s.is_touch and s.at > ${now}::timestamptz - ${window})::int as recent,
      count(*) filter (where s.is_touch and s.at <= ${now}::timestamptz - ${window}
        and s.at > ${now}::timestamptz - 2 * ${window})::int as before
    from batch b join said s on s.id = b.id join last on last.id = b.id
    where s.at <= ${now} group by b.id`.execute(db);
  return new Map(
    rows.map(({ id, recent, before, ...facts }) => [
      id,
      { ...facts, engagementDropPercent: before < FEWEST ? null : dropOf(recent, before) },
    ]),
  );
}

/** Whole percents of what was before; more than before is no drop. */
function dropOf(recent: number, before: number): number {
  return Math.max(0, Math.round(100 * (1 - recent / before)));
}

/** A meeting answers either side; what is logged goes out unless it says that it came in. */
const wayOf = sql`case when a.kind in ('meeting', 'meeting_done') then 'met'
  when a.kind = 'reply' or a.data->>'direction' = 'in' then 'in'
  when a.kind in ('mail_opened', 'link_clicked') then 'seen' else 'out' end`;
