import { sql } from 'kysely';
import type { RuleFacts } from '#domain/rule.ts';
import { touchKinds } from './risk-touches.ts';
import type { Scope } from './scope.ts';

/** Touchpoints are compared over so many days; with fewer before than this nothing is said of a drop. */
const WINDOW_DAYS = 14;
const FEWEST = 2;
const DAY = 24 * 60 * 60 * 1000;

/** What was said on a deal, as milliseconds since 1970. */
export interface Said {
  id: string;
  stageEnteredAt: number;
  /** They to us, we to them, and both in a meeting. */
  heard: number[] | null;
  spoken: number[] | null;
  met: number[] | null;
  /** Mails of ours that they opened, and links in them that they followed. */
  seen: number[] | null;
  /** Handed over by a sequence: ours to answer for, but no touchpoint. */
  sent: number[] | null;
  /** Who took part. */
  people: string[] | null;
}

/** What was said, by whom, and what is still to be answered; and who took part in it. */
export async function talkOfDeals(
  { db }: Scope,
  ids: string[],
  now: string,
): Promise<Map<string, { facts: RuleFacts; people: string[] }>> {
  // Deal by deal, each found by its index: few of very many are asked for.
  const { rows } = await sql<Said>`
    with batch as materialized (
      select id, lead_id, stage_entered_at from deals where id = any(${ids}::uuid[]))
    select b.id, ${millis('b.stage_entered_at')} as stage_entered_at, said.* from batch b cross join lateral (
      select ${times('heard')}, ${times('spoken')}, ${times('met')}, ${times('seen')}, ${times('sent')},
        json_agg(distinct contact_id) filter (where contact_id is not null) as people
      from (
        select a.at, ${wayOf} as way, a.contact_id from activities a where a.deal_id = b.id and a.at <= ${now}
        union all
        select a.at, ${wayOf}, null from activities a
        where b.lead_id is not null and a.lead_id = b.lead_id and a.deal_id is null and a.at <= ${now}
        union all
        select m.at, 'heard', m.contact_id from messages m
        where b.lead_id is not null and m.lead_id = b.lead_id and m.direction = 'in' and m.kind = 'reply' and m.at <= ${now}
        union all
        select t.accepted_at, 'sent', null from touches t
        where b.lead_id is not null and t.lead_id = b.lead_id and t.accepted_at <= ${now}) s) said
    where said.people is not null or coalesce(heard, spoken, met, seen, sent) is not null`.execute(
    db,
  );
  const moment = Date.parse(now);
  return new Map(
    rows.map(({ people, ...said }) => [
      said.id,
      { facts: talkIn(said, moment), people: people ?? [] },
    ]),
  );
}

/** The same at any moment, of what was said until then. */
export function talkIn(
  { heard, spoken, met, seen, sent, stageEnteredAt }: Omit<Said, 'people'>,
  now: number,
): RuleFacts {
  const lastHeard = latest(heard, met);
  const lastSpoken = latest(spoken, sent, met);
  const waiting = (heard ?? []).filter((at) => at > lastSpoken);
  const touches = [heard, spoken, met, seen].flatMap((all) => all ?? []);
  const start = now - WINDOW_DAYS * DAY;
  const recent = touches.filter((at) => at > start).length;
  const before = touches.filter((at) => at <= start && at > start - WINDOW_DAYS * DAY).length;
  return {
    meetingsInStage: (met ?? []).filter((at) => at >= Number(stageEnteredAt)).length,
    touchesSinceReply: [spoken, sent].flatMap((all) => all ?? []).filter((at) => at > lastHeard)
      .length,
    unansweredSince: waiting.length > 0 ? new Date(Math.min(...waiting)).toISOString() : null,
    engagementDropPercent: before < FEWEST ? null : dropOf(recent, before),
  };
}

function latest(...all: (number[] | null)[]): number {
  let last = -Infinity;
  for (const times of all) for (const at of times ?? []) if (at > last) last = at;
  return last;
}

/** Whole percents of what was before; more than before is no drop. */
function dropOf(recent: number, before: number): number {
  return Math.max(0, Math.round(100 * (1 - recent / before)));
}

/** A meeting answers either side; what is logged goes out unless it says that it came in. Nothing for all else. */
export const wayOf = sql`case when a.kind not in (${sql.join(touchKinds)}) then null
  when a.kind in ('meeting', 'meeting_done') then 'met'
  when a.kind = 'reply' or a.data->>'direction' = 'in' then 'heard'
  when a.kind in ('mail_opened', 'link_clicked') then 'seen' else 'spoken' end`;

function times(way: string) {
  return sql`json_agg(${millis('s.at')}) filter (where s.way = ${way}) as ${sql.ref(way)}`;
}

/** Milliseconds since 1970, as JavaScript counts. */
function millis(column: string) {
  return sql`round(date_part('epoch', ${sql.ref(column)}) * 1000)::bigint`;
}
