import { sql } from 'kysely';
import type { RuleFacts } from '#domain/rule.ts';
import { touchKinds } from './risk-touches.ts';
import type { Scope } from './scope.ts';

/** Touchpoints are compared over so many days; with fewer before than this nothing is said of a drop. */
const WINDOW_DAYS = 14;
const FEWEST = 2;
const DAY = 24 * 60 * 60 * 1000;
/** From so many deals on, all activities are read at once; for fewer each deal's are found by their index. */
const MANY = 8000;

/**
 * How something was said: they to us, we to them, both in a meeting, a mail of ours that they looked at, and what a
 * sequence handed over, which is ours to answer for but no touchpoint.
 */
export type Way = 'heard' | 'spoken' | 'met' | 'seen' | 'sent';

/** What was said on a deal, as milliseconds since 1970. */
export type Said = Record<Way, number[]>;

/** What was said on deals, and by whom; those on which nothing was said are left out. */
export async function talkOfDeals(
  scope: Scope,
  ids: string[],
  now: string,
): Promise<Map<string, { said: Said; people: string[] }>> {
  const talk = new Map<string, { said: Said; people: string[] }>();
  for (const { id, way, contactId, times } of [
    ...(await saidOnDeals(scope, ids, now)),
    ...(await saidToLeads(scope, ids, now)),
  ]) {
    let one = talk.get(id);
    if (!one) talk.set(id, (one = { said: nothingSaid(), people: [] }));
    if (contactId && !one.people.includes(contactId)) one.people.push(contactId);
    if (way) one.said[way] = one.said[way].length > 0 ? [...one.said[way], ...times] : times;
  }
  return talk;
}

export function nothingSaid(): Said {
  return { heard: [], spoken: [], met: [], seen: [], sent: [] };
}

/** What that comes to at a moment, of what was said until then: who waits for whom, and whether it grows quiet. */
export function talkIn(
  { heard, spoken, met, seen, sent }: Said,
  { stageEnteredAt, now }: { stageEnteredAt: number; now: number },
): RuleFacts {
  const lastHeard = latest(heard, met);
  const lastSpoken = latest(spoken, sent, met);
  const waiting = heard.filter((at) => at > lastSpoken);
  const start = now - WINDOW_DAYS * DAY;
  const [recent, before] = [0, 0].map((_, index) => {
    const [from, to] = index === 0 ? [start, Infinity] : [start - WINDOW_DAYS * DAY, start];
    return [heard, spoken, met, seen].reduce((sum, times) => sum + between(times, from, to), 0);
  }) as [number, number];
  return {
    meetingsInStage: met.filter((at) => at >= stageEnteredAt).length,
    touchesSinceReply: between(spoken, lastHeard, Infinity) + between(sent, lastHeard, Infinity),
    unansweredSince: waiting.length > 0 ? new Date(Math.min(...waiting)).toISOString() : null,
    engagementDropPercent: before < FEWEST ? null : dropOf(recent, before),
  };
}

/** A meeting answers either side; what is logged goes out unless it says that it came in. Nothing for all else. */
export const wayOf = sql`case when a.kind not in (${sql.join(touchKinds)}) then null
  when a.kind in ('meeting', 'meeting_done') then 'met'
  when a.kind = 'reply' or a.data->>'direction' = 'in' then 'heard'
  when a.kind in ('mail_opened', 'link_clicked') then 'seen' else 'spoken' end`;

interface Row {
  id: string;
  way: Way | null;
  contactId: string | null;
  times: number[];
}

async function saidOnDeals({ db }: Scope, ids: string[], now: string): Promise<Row[]> {
  if (ids.length >= MANY) {
    await sql`select set_config('work_mem', '64MB', true)`.execute(db);
    const { rows } = await sql<Row>`
      select a.deal_id as id, ${wayOf} as way, a.contact_id, json_agg(${millis('a.at')}) as times
      from activities a where a.deal_id = any(${ids}::uuid[]) and a.at <= ${now} group by 1, 2, 3`.execute(
      db,
    );
    return rows;
  }
  const { rows } = await sql<Row>`
    select d.id, said.* from unnest(${ids}::uuid[]) d(id) cross join lateral (
      select ${wayOf} as way, a.contact_id, json_agg(${millis('a.at')}) as times
      from activities a where a.deal_id = d.id and a.at <= ${now} group by 1, 2) said`.execute(db);
  return rows;
}

/** What was said to the lead that a deal came from. */
async function saidToLeads({ db }: Scope, ids: string[], now: string): Promise<Row[]> {
  const { rows } = await sql<Row>`
    with batch as materialized (
      select id, lead_id from deals where id = any(${ids}::uuid[]) and lead_id is not null)
    select b.id, said.* from batch b cross join lateral (
      select way, contact_id, json_agg(${millis('s.at')}) as times from (
        select a.at, ${wayOf} as way, null::uuid as contact_id from activities a
        where a.lead_id = b.lead_id and a.deal_id is null and a.at <= ${now}
        union all
        select m.at, 'heard', m.contact_id from messages m
        where m.lead_id = b.lead_id and m.direction = 'in' and m.kind = 'reply' and m.at <= ${now}
        union all
        select t.accepted_at, 'sent', null from touches t
        where t.lead_id = b.lead_id and t.accepted_at <= ${now}) s
      group by 1, 2) said`.execute(db);
  return rows;
}

function latest(...all: number[][]): number {
  let last = -Infinity;
  for (const times of all) for (const at of times) if (at > last) last = at;
  return last;
}

/** How many lie after one moment, and not after another. */
function between(times: number[], from: number, to: number): number {
  let count = 0;
  for (const at of times) if (at > from && at <= to) count += 1;
  return count;
}

/** Whole percents of what was before; more than before is no drop. */
function dropOf(recent: number, before: number): number {
  return Math.max(0, Math.round(100 * (1 - recent / before)));
}

/** Milliseconds since 1970, as JavaScript counts. */
function millis(column: string) {
  return sql`round(date_part('epoch', ${sql.ref(column)}) * 1000)::bigint`;
}
