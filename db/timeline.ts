import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { Entry } from '#domain/timeline.ts';
import type { Scope } from './scope.ts';

/** Whose history: a lead's, a person's with all their leads, a firm's with all of theirs, a deal's with its lead's. */
export interface Of {
  record: 'lead' | 'contact' | 'company' | 'deal';
  id: string;
}

interface Page {
  items: Entry[];
  next: string | null;
}

/**
 * Everything that happened to a record, the newest first, and above it what is promised to it next. What sequences
 * sent, held or left out, what was said, what people did and the decisions worth telling stand in one line.
 */
export async function timelineOfRecord(
  scope: Scope,
  of: Of,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<Page> {
  const { db } = scope;
  const before = cursorFrom(cursor);
  const behind = await behindOf(scope, of);
  const { rows } = await sql<Entry & { key: string }>`
    select t.id, t.kind, t.at, t.title, t.detail, t.body, t.channel, t.direction, t.touch_id, t.state,
      coalesce(m.name, case when t.actor in ('engine', 'relay') then null else t.actor end) as actor, false as promised,
      ${of.record === 'lead' ? sql`null` : about} as about,
      to_char(t.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as key
    from (select * from (${happened(behind)}) h
      where ${before ? sql`(h.at, h.id) < (${before.at}::timestamptz, ${before.id})` : sql`true`}
      order by h.at desc, h.id desc limit ${limit + 1}) t left join members m on m.user_id = t.actor
    order by t.at desc, t.id desc`.execute(db);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const items = page.map(({ key: _, ...entry }) => entry);
  const ahead = before ? [] : await promisedTo(db, behind);
  const next = rows.length > limit && last ? encode(last.key, last.id) : null;
  return { items: [...ahead, ...items], next };
}

/** The history of one lead. */
export function timelineOf(
  scope: Scope,
  leadId: string,
  page: { limit: number; cursor?: string },
): Promise<Page> {
  return timelineOfRecord(scope, { record: 'lead', id: leadId }, page);
}

/** Whom a line of a firm or a person with several leads is about. */
const about = sql`coalesce(
  (select coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email) from contacts c
   where c.id = t.contact_id),
  (select coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email)
   from leads l join contacts c on c.id = l.contact_id where l.id = t.lead_id))`;

/** All that a record's history is made of: those that were merged into it tell theirs under it. */
interface Behind {
  leadIds: string[];
  contactIds: string[];
  companyIds: string[];
  dealIds: string[];
}

/** A firm may have more leads than a page can tell of: those that moved last. */
const MOST_LEADS = 500;

async function behindOf(scope: Scope, { record, id }: Of): Promise<Behind> {
  const ids = await selvesOf(scope, record, id);
  if (ids.length === 0) throw new Refusal('not-found', `There is no such ${record}.`);
  const nobody: Behind = { leadIds: [], contactIds: [], companyIds: [], dealIds: [] };
  if (record === 'lead') return { ...nobody, leadIds: ids };
  const leadIds = await leadsBehind(scope, record, ids);
  if (record === 'deal') return { ...nobody, leadIds, dealIds: ids };
  return { ...nobody, leadIds, [record === 'contact' ? 'contactIds' : 'companyIds']: ids };
}

/** The record, and whatever was merged into it; none when it is not there. */
async function selvesOf({ db }: Scope, record: Of['record'], id: string): Promise<string[]> {
  if (record === 'lead' || record === 'deal') {
    const rows = await db
      .selectFrom(record === 'lead' ? 'leads' : 'deals')
      .select('id')
      .where('id', '=', id)
      .where('deletedAt', 'is', null)
      .execute();
    return rows.map((row) => row.id);
  }
  const table = sql.table(record === 'contact' ? 'contacts' : 'companies');
  const { rows } = await sql<{ id: string }>`
    with recursive one as (
      select id from ${table} where id = ${id} and merged_into is null and deleted_at is null
      union select m.id from one, lateral (select id from ${table} where merged_into = one.id) m)
    select id from one`.execute(db);
  return rows.map((row) => row.id);
}

async function leadsBehind(
  { db }: Scope,
  record: 'contact' | 'company' | 'deal',
  ids: string[],
): Promise<string[]> {
  const which =
    record === 'deal'
      ? sql`id in (select lead_id from deals where id = any(${ids}::uuid[]))`
      : sql`${sql.ref(`${record}Id`)} = any(${ids}::uuid[])`;
  const { rows } = await sql<{ id: string }>`
    select id from leads where ${which} and deleted_at is null
    order by last_activity_at desc limit ${MOST_LEADS}`.execute(db);
  return rows.map((row) => row.id);
}

/** A step that waits stands among the promises; a decision and a sending are told by their touch alone. */
function happened({ leadIds, contactIds, companyIds, dealIds }: Behind) {
  const leads = sql`any(${leadIds}::uuid[])`;
  const any = [
    ...(leadIds.length > 0 ? [sql`lead_id = ${leads}`] : []),
    ...(contactIds.length > 0 ? [sql`contact_id = any(${contactIds}::uuid[])`] : []),
    ...(companyIds.length > 0 ? [sql`company_id = any(${companyIds}::uuid[])`] : []),
    ...(dealIds.length > 0 ? [sql`deal_id = any(${dealIds}::uuid[])`] : []),
  ];
  return sql`
    select 'activity:' || id as id, kind, at, title,
      case when kind in ('note', 'comment') then null else body end as detail,
      case when kind in ('note', 'comment') then body end as body,
      data->>'channel' as channel, null as direction, (data->>'touchId')::uuid as touch_id, null as state, actor,
      lead_id, contact_id
    from activities where (${sql.join(any, sql` or `)}) and kind not in ('touch_sent', 'touch_skipped', 'message_received')
      and not (kind in ('email_sent', 'sms_sent') and data->>'touchId' is not null)
    union all
    select 'message:' || id, 'message', at,
      case when direction = 'in' then case kind
        when 'auto-reply' then 'Automatic answer' when 'bounce' then 'Mail came back'
        when 'complaint' then 'Complained' else 'Replied' end else 'Answered' end || ' by ' || channel,
      subject, body, channel, direction, touch_id, kind, null, lead_id, contact_id
    from messages where lead_id = ${leads}
    union all
    select 'touch:' || t.id, 'touch', coalesce(t.accepted_at, t.settled_at, t.updated_at),
      coalesce(t.subject, initcap(t.channel)) || case t.state
        when 'accepted' then ' sent' when 'delivered' then ' delivered' when 'bounced' then ' bounced'
        when 'unknown' then ': nobody knows whether it went out' else ' ' || t.state end,
      concat_ws(', ', t.because, s.name), case when t.state in ('accepted', 'delivered', 'bounced', 'unknown') then t.body end,
      t.channel, 'out', t.id, t.state, null, t.lead_id, t.contact_id
    from touches t left join sequences s on s.id = t.sequence_id
    where t.lead_id = ${leads} and t.state in ('accepted', 'delivered', 'bounced', 'skipped', 'failed', 'unknown')
    union all
    select 'decision:' || id, 'decision_' || outcome, at, 'Step ' || step_id || ': ' || outcome, because,
      null, null, null, touch_id, outcome, null, lead_id, null
    from decisions where lead_id = ${leads} and touch_id is null and outcome in ('branched', 'timed-out', 'heard', 'blocked')`;
}

/** What is held, and where each walk is due to go on. The soonest stands next to now. */
async function promisedTo(
  db: Scope['db'],
  { leadIds, contactIds, companyIds, dealIds }: Behind,
): Promise<Entry[]> {
  const leads = sql`any(${leadIds}::uuid[])`;
  const { rows } = await sql<Entry>`
    select 'touch:' || t.id as id, 'touch' as kind, coalesce(t.until_at, t.due_at) as at,
      coalesce(t.subject, initcap(t.channel)) as title, concat_ws(', ', t.because, s.name) as detail,
      null as body, t.channel, 'out' as direction, t.id as touch_id, t.state, null as actor, true as promised
    from touches t left join sequences s on s.id = t.sequence_id
      left join enrolments e on e.id = t.enrolment_id
    where t.lead_id = ${leads} and t.state in ('planned', 'held')
      and (e.id is null or e.status in ('active', 'paused', 'blocked'))
    union all
    select 'enrolment:' || e.id, 'enrolment_next', e.next_at, s.name || ' goes on', e.next_because,
      null, null, null, null, e.status, null, true
    from enrolments e join sequences s on s.id = e.sequence_id
    where e.lead_id = ${leads} and e.status = 'active' and e.next_at > now()
      and not exists (select from touches t where t.enrolment_id = e.id and t.state in ('planned', 'held'))
    union all
    select 'task:' || t.id, 'task_' || t.kind, coalesce(t.snoozed_until, t.due_at), t.title, t.because,
      null, case when t.kind = 'call' then 'call' else 'task' end, null, null, 'open', m.name, true
    from tasks t left join members m on m.user_id = t.assignee_id
    where (t.lead_id = ${leads} or t.contact_id = any(${contactIds}::uuid[])
        or t.company_id = any(${companyIds}::uuid[]) or t.deal_id = any(${dealIds}::uuid[]))
      and t.done_at is null and t.cancelled_at is null and t.due_at is not null
    order by at desc`.execute(db);
  return rows;
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
