import { type RawBuilder, sql } from 'kysely';
import { describeEvent, type Names } from '#domain/deal-event.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Entry } from '#domain/timeline.ts';
import { listStages } from './pipelines.ts';
import type { Scope } from './scope.ts';

interface Line extends Entry {
  /** Of the instant, to the microsecond. */
  key: string;
  event: { kind: string; before: Record<string, unknown>; after: Record<string, unknown> } | null;
}

interface People {
  id: string;
  leadIds: string[];
}

/**
 * Everything that happened to a deal, the newest first, and above it the tasks that are open: its events, what people
 * did, and what was sent to and heard from the person it is with.
 */
export async function timelineOfDeal(
  scope: Scope,
  dealId: string,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<{ items: Entry[]; next: string | null }> {
  const { db } = scope;
  const deal = await peopleOf(scope, dealId);
  const before = cursorFrom(cursor);
  const { rows } = await sql<Line>`
    select t.id, t.kind, t.at, t.title, t.detail, t.body, t.channel, t.direction, t.touch_id, t.state, t.event,
      coalesce(m.name, case when t.who in ('engine', 'relay') then null else t.who end) as actor,
      false as promised, to_char(t.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as key
    from (${sql.join(happened(deal), sql` union all `)}) t left join members m on m.user_id = t.who
    where ${before ? sql`(t.at, t.id) < (${before.at}::timestamptz, ${before.id})` : sql`true`}
    order by t.at desc, t.id desc limit ${limit + 1}`.execute(db);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const names = await namesOf(scope);
  const ahead = before ? [] : await openTasks(scope, dealId);
  const next = rows.length > limit && last ? encode(last.key, last.id) : null;
  return { items: [...ahead, ...page.map((line) => entryOf(line, names))], next };
}

async function peopleOf({ db }: Scope, dealId: string): Promise<People> {
  const { rows } = await sql<People>`
    select d.id, array(select l.id from leads l
      where l.id = d.lead_id or l.contact_id = d.contact_id) as lead_ids
    from deals d where d.id = ${dealId} and d.deleted_at is null`.execute(db);
  if (!rows[0]) throw new Refusal('not-found', 'There is no such deal.');
  return rows[0];
}

/** Events tell what their activities would tell again. Of a move that ended the deal, the end is told. */
function happened({ id, leadIds }: People): RawBuilder<unknown>[] {
  const leads = sql`any(${leadIds}::uuid[])`;
  return [
    sql`
    select 'event:' || id as id, 'deal_' || kind as kind, at, kind as title, null as detail, null as body,
      null as channel, null as direction, null::uuid as touch_id, null as state, actor as who,
      jsonb_build_object('kind', kind, 'before', before, 'after', after) as event
    from deal_events where deal_id = ${id}
      and not (kind = 'stage_changed' and after ? 'status')`,
    sql`
    select 'activity:' || id, kind, at, title,
      case when kind in ('note', 'comment') then null else body end,
      case when kind in ('note', 'comment') then body end,
      coalesce(data->>'channel', case when kind in ('call', 'email', 'sms') then kind end),
      null, null, null, actor, null
    from activities where deal_id = ${id}
      and kind not in ('deal_created', 'deal_changed', 'stage_change', 'deal_deleted', 'deal_at_risk', 'at_risk')`,
    sql`
    select 'message:' || id, 'message', at,
      case when direction = 'in' then case kind
        when 'auto-reply' then 'Automatic answer' when 'bounce' then 'Mail came back'
        when 'complaint' then 'Complained' else 'Replied' end else 'Answered' end || ' by ' || channel,
      subject, body, channel, direction, touch_id, kind, null, null
    from messages where lead_id = ${leads}`,
    sql`
    select 'touch:' || t.id, 'touch', coalesce(t.accepted_at, t.settled_at, t.updated_at),
      coalesce(t.subject, initcap(t.channel)) || ' sent', s.name, t.body, t.channel, 'out', t.id, t.state, null, null
    from touches t left join sequences s on s.id = t.sequence_id
    where t.lead_id = ${leads} and t.state in ('accepted', 'delivered', 'bounced')`,
  ];
}

async function openTasks({ db }: Scope, dealId: string): Promise<Entry[]> {
  const { rows } = await sql<Entry>`
    select 'task:' || t.id as id, 'task_' || t.kind as kind, coalesce(t.snoozed_until, t.due_at) as at, t.title,
      t.because as detail, t.body, case when t.kind = 'call' then 'call' else 'task' end as channel,
      null as direction, null as touch_id, 'open' as state, m.name as actor, true as promised
    from tasks t left join members m on m.user_id = t.assignee_id
    where t.deal_id = ${dealId} and t.done_at is null and t.cancelled_at is null
    order by coalesce(t.snoozed_until, t.due_at) desc nulls last, t.id`.execute(db);
  return rows;
}

function entryOf({ key: _, event, ...entry }: Line, names: Names): Entry {
  return event ? { ...entry, ...describeEvent(event, names) } : entry;
}

async function namesOf(scope: Scope): Promise<Names> {
  const stages = await listStages(scope, { archived: true });
  const { db, workspaceId } = scope;
  const members = await db.selectFrom('members').select(['userId', 'name']).execute();
  const { currency } = await db
    .selectFrom('workspaces')
    .select('currency')
    .where('id', '=', workspaceId)
    .executeTakeFirstOrThrow();
  const money = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = money.resolvedOptions().maximumFractionDigits ?? 2;
  return {
    stage: (id) => stages.find((stage) => stage.id === id)?.name ?? 'another stage',
    member: (id) => members.find(({ userId }) => userId === id)?.name ?? 'somebody',
    money: (cents) => money.format(cents / 10 ** digits),
  };
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
