import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { Entry } from '#domain/timeline.ts';
import type { Scope } from './scope.ts';

/**
 * Everything that happened to a lead, the newest first, and above it what is promised to it next. What sequences
 * sent, held or left out, what was said, what people did and the decisions worth telling stand in one line.
 */
export async function timelineOf(
  { db }: Scope,
  leadId: string,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<{ items: Entry[]; next: string | null }> {
  const before = cursorFrom(cursor);
  const { rows } = await sql<Entry & { key: string }>`
    select t.id, t.kind, t.at, t.title, t.detail, t.body, t.channel, t.direction, t.touch_id, t.state,
      coalesce(m.name, case when t.actor in ('engine', 'relay') then null else t.actor end) as actor, false as promised,
      to_char(t.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as key
    from (${happened(leadId)}) t left join members m on m.user_id = t.actor
    where ${before ? sql`(t.at, t.id) < (${before.at}::timestamptz, ${before.id})` : sql`true`}
    order by t.at desc, t.id desc limit ${limit + 1}`.execute(db);
  if (rows.length === 0 && !before) await refuseUnknown(db, leadId);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const items = page.map(({ key: _, ...entry }) => entry);
  const ahead = before ? [] : await promisedTo(db, leadId);
  const next = rows.length > limit && last ? encode(last.key, last.id) : null;
  return { items: [...ahead, ...items], next };
}

/** A step that waits stands among the promises; a decision and a sending are told by their touch alone. */
function happened(leadId: string) {
  return sql`
    select 'activity:' || id as id, kind, at, title,
      case when kind = 'note' then null else body end as detail, case when kind = 'note' then body end as body,
      data->>'channel' as channel, null as direction, (data->>'touchId')::uuid as touch_id, null as state, actor
    from activities where lead_id = ${leadId} and kind not in ('touch_sent', 'touch_skipped', 'message_received')
      and not (kind in ('email_sent', 'sms_sent') and data->>'touchId' is not null)
    union all
    select 'message:' || id, 'message', at,
      case when direction = 'in' then case kind
        when 'auto-reply' then 'Automatic answer' when 'bounce' then 'Mail came back'
        when 'complaint' then 'Complained' else 'Replied' end else 'Answered' end || ' by ' || channel,
      subject, body, channel, direction, touch_id, kind, null
    from messages where lead_id = ${leadId}
    union all
    select 'touch:' || t.id, 'touch', coalesce(t.accepted_at, t.settled_at, t.updated_at),
      coalesce(t.subject, initcap(t.channel)) || case t.state
        when 'accepted' then ' sent' when 'delivered' then ' delivered' when 'bounced' then ' bounced'
        when 'unknown' then ': nobody knows whether it went out' else ' ' || t.state end,
      concat_ws(', ', t.because, s.name), case when t.state in ('accepted', 'delivered', 'bounced', 'unknown') then t.body end,
      t.channel, 'out', t.id, t.state, null
    from touches t left join sequences s on s.id = t.sequence_id
    where t.lead_id = ${leadId} and t.state in ('accepted', 'delivered', 'bounced', 'skipped', 'failed', 'unknown')
    union all
    select 'decision:' || id, 'decision_' || outcome, at, 'Step ' || step_id || ': ' || outcome, because,
      null, null, null, touch_id, outcome, null
    from decisions where lead_id = ${leadId} and touch_id is null and outcome in ('branched', 'timed-out', 'heard', 'blocked')`;
}

/** What is held, and where each walk is due to go on. The soonest stands next to now. */
async function promisedTo(db: Scope['db'], leadId: string): Promise<Entry[]> {
  const { rows } = await sql<Entry>`
    select 'touch:' || t.id as id, 'touch' as kind, coalesce(t.until_at, t.due_at) as at,
      coalesce(t.subject, initcap(t.channel)) as title, concat_ws(', ', t.because, s.name) as detail,
      null as body, t.channel, 'out' as direction, t.id as touch_id, t.state, null as actor, true as promised
    from touches t left join sequences s on s.id = t.sequence_id
      left join enrolments e on e.id = t.enrolment_id
    where t.lead_id = ${leadId} and t.state in ('planned', 'held')
      and (e.id is null or e.status in ('active', 'paused', 'blocked'))
    union all
    select 'enrolment:' || e.id, 'enrolment_next', e.next_at, s.name || ' goes on', e.next_because,
      null, null, null, null, e.status, null, true
    from enrolments e join sequences s on s.id = e.sequence_id
    where e.lead_id = ${leadId} and e.status = 'active' and e.next_at > now()
      and not exists (select from touches t where t.enrolment_id = e.id and t.state in ('planned', 'held'))
    union all
    select 'task:' || t.id, 'task_' || t.kind, coalesce(t.snoozed_until, t.due_at), t.title, t.because,
      null, case when t.kind = 'call' then 'call' else 'task' end, null, null, 'open', m.name, true
    from tasks t left join members m on m.user_id = t.assignee_id
    where t.lead_id = ${leadId} and t.done_at is null and t.cancelled_at is null and t.due_at is not null
    order by at desc`.execute(db);
  return rows;
}

async function refuseUnknown(db: Scope['db'], id: string): Promise<void> {
  const lead = await db
    .selectFrom('leads')
    .select('id')
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  if (!lead) throw new Refusal('not-found', 'There is no such lead.');
}

function encode(at: string, id: string): string {
  return Buffer.from(`${at} ${id}`).toString('base64url');
}

function cursorFrom(cursor: string | undefined): { at: string; id: string } | undefined {
  if (!cursor) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, at, id] = /^(\d{4}-\d\d-\d\dT[\d:.]{8,15}Z) ([a-z]+:[0-9a-f-]{36})$/.exec(text) ?? [];
  if (at && id) return { at, id };
  const message = 'This is no cursor of ours.';
  throw new Refusal('invalid', message, [{ field: 'cursor', message }]);
}
