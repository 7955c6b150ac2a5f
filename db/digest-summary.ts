import { sql } from 'kysely';
import type {
  DigestItem,
  DigestPart,
  DigestSummary,
  NotificationSettings,
} from '#domain/digest.ts';
import { STALE_DAYS } from '#domain/lead.ts';
import type { Scope } from './scope.ts';

interface Reader {
  userId: string;
  now: string;
  zone: string;
  /** Their day, from its first instant to that of the next. */
  day: { from: string; to: string };
  wanted: NotificationSettings;
  /** After how many days without an activity a deal is stale. */
  staleDeal: number;
}

/** How many are named; the rest is counted. */
const NAMED = 5;

/** What waits for one reader: what is theirs, of the kinds that the workspace wants told. */
export async function summaryFor(
  { db }: Scope,
  { userId, now, zone, day, wanted, staleDeal }: Reader,
): Promise<DigestSummary> {
  const openTask = sql`t.assignee_id = ${userId} and t.done_at is null and t.cancelled_at is null
    and coalesce(t.snoozed_until <= ${now}, true)`;
  const openDeal = sql`d.owner_id = ${userId} and d.status = 'open' and d.deleted_at is null
    and d.archived_at is null`;
  const taskHref = sql`case when t.deal_id is not null then '/deals/' || t.deal_id
    when t.lead_id is not null then '/leads/' || t.lead_id else '/today' end`;
  const { rows } = await sql<{ part: DigestPart; title: string; href: string; at: string } & Extra>`
    with found as (
      select 'meetings' as part, t.title, ${taskHref} as href, t.due_at as at, null::bigint as amount_cents,
        null::real as risk_score, extract(epoch from t.due_at) as rank
      from tasks t where ${openTask} and t.kind = 'meeting' and t.due_at >= ${day.from} and t.due_at < ${day.to}
      union all
      select 'overdueActivities', t.title, ${taskHref}, t.due_at, null, null, extract(epoch from t.due_at)
      from tasks t where ${openTask} and t.due_at < ${now}
      union all
      select 'atRiskDeals', d.name, '/deals/' || d.id, d.last_activity_at, d.amount_cents, d.risk_score, -d.risk_score
      from deals d where ${openDeal} and d.risk_band = 'high'
      union all
      select 'staleDeals', d.name, '/deals/' || d.id, d.last_activity_at, d.amount_cents, null,
        extract(epoch from d.last_activity_at)
      from deals d where ${openDeal} and d.last_activity_at <= ${before(now, staleDeal)}
      union all
      select 'staleLeads',
        coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email, c.phone_e164, 'A lead'),
        '/leads/' || l.id, l.updated_at, null, null, extract(epoch from l.updated_at)
      from leads l join contacts c on c.id = l.contact_id
      where l.owner_id = ${userId} and l.is_open and l.deleted_at is null
        and (l.next_action_at < ${now} or l.updated_at <= ${before(now, STALE_DAYS)})),
    ranked as (
      select *, row_number() over (partition by part order by rank, href) as n,
        count(*) over (partition by part)::int as count
      from found)
    select part, title, href, at, amount_cents, risk_score, count from ranked where n <= ${NAMED}
    order by part, n`.execute(db);
  const { currency } = await db
    .selectFrom('workspaces')
    .select('currency')
    .executeTakeFirstOrThrow();
  const parts: DigestSummary['parts'] = {};
  for (const { part, count, ...item } of rows) {
    if (!wanted[part]) continue;
    (parts[part] ??= { count, items: [] }).items.push(item);
  }
  return { at: now, zone, currency, parts };
}

interface Extra extends DigestItem {
  count: number;
}

/** Days of 24 hours, whatever the clocks do. */
function before(now: string, days: number) {
  return new Date(Date.parse(now) - days * 24 * 60 * 60 * 1000).toISOString();
}
