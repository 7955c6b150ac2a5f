import { type RawBuilder, sql } from 'kysely';
import {
  type Activity,
  type ActivityInput,
  type ActivityType,
  activityTypeOf,
  kindsOf,
  titleOf,
} from '#domain/activity.ts';
import { invalid } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { afterDeals } from './deal-follow.ts';
import { after, type Key, type Order, orderBy, pageOfKeys } from './keyset.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';
import { type About, hrefOf, type Subject, subjectOf, touchRecords } from './subjects.ts';

/** Writes down what somebody did, on every record that it is about, and tells those who are mentioned. */
export async function logActivity(scope: Scope, input: ActivityInput): Promise<Activity> {
  const { workspaceId, actor } = scope;
  const subject = await subjectOf(scope, input);
  const { kind, body = null, data, at = new Date().toISOString() } = input;
  if (Date.parse(at) > Date.now() + 60_000) throw invalid('at', 'This has not happened yet.');
  const mentions = await membersOf(scope, input.mentions);
  const { leadId, contactId, companyId, dealId } = subject;
  const row = {
    ...{ workspaceId, actor, kind, body, at, leadId, contactId, companyId, dealId },
    ...{ title: titleOf(input), data: { ...data, ...(mentions.length > 0 && { mentions }) } },
  };
  const [made] = await insertRows(scope, 'activities', [row] as never, ['id']);
  await touchRecords(scope, subject, at);
  await tellMentioned(scope, { id: made!.id, subject, mentions });
  if (dealId) await afterDeals(scope, [dealId], `${row.title} was written down`);
  changed(scope, 'activities', 'leads', 'contacts', 'companies', 'deals', 'today');
  return oneActivity(scope, made!.id);
}

export interface ActivityFilter {
  lead?: string;
  contact?: string;
  company?: string;
  deal?: string;
  /** One of our kinds, or a type that stands for several. */
  kind?: string;
  type?: ActivityType;
  actor?: string;
  limit: number;
  cursor?: string;
}

const byTime: Order = { by: sql`at`, type: 'timestamptz', descending: true };
const byId: Order = { by: sql`id`, type: 'uuid', descending: true };

/** What happened, the latest first: with one record, or everywhere. */
export async function listActivities(
  scope: Scope,
  filter: ActivityFilter,
): Promise<{ items: Activity[]; next: string | null }> {
  const { lead, contact, company, deal, kind, type, actor, limit, cursor } = filter;
  // Of one record in the order of when it was; of all in the order in which it was written down, which is indexed.
  const order = (lead ?? contact ?? company ?? deal) ? byTime : byId;
  const where: RawBuilder<unknown>[] = [
    after(order, cursor),
    ...(lead ? [sql`lead_id = ${lead}`] : []),
    ...(contact ? [sql`contact_id = ${contact}`] : []),
    ...(company ? [sql`company_id = ${company}`] : []),
    ...(deal ? [sql`deal_id = ${deal}`] : []),
    ...(kind ? [sql`kind = ${kind}`] : []),
    ...(type ? [ofType(type)] : []),
    ...(actor ? [sql`actor = ${actor === 'me' ? scope.actor : actor}`] : []),
  ];
  const { rows } = await sql<Key>`
    select id, (${order.by})::text as value from activities where ${sql.join(where, sql` and `)}
    order by ${orderBy(order)} limit ${limit + 1}`.execute(scope.db);
  const { ids, next } = pageOfKeys(rows, limit);
  return { items: await activitiesOf(scope, ids), next };
}

async function oneActivity(scope: Scope, id: string): Promise<Activity> {
  const [one] = await activitiesOf(scope, [id]);
  return one!;
}

/** These activities, in this order, with whom and what they are about. */
export async function activitiesOf({ db }: Scope, ids: string[]): Promise<Activity[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<Omit<Activity, 'type'>>`
    select a.id, a.kind, a.title, a.body, a.data, a.lead_id, a.contact_id, a.company_id, a.deal_id, a.actor, a.at,
      (select m.name from members m where m.user_id = a.actor) as actor_name,
      coalesce(
        (select d.name from deals d where d.id = a.deal_id),
        (select coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email) from contacts c
         where c.id = a.contact_id),
        (select coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email)
         from leads l join contacts c on c.id = l.contact_id where l.id = a.lead_id),
        (select coalesce(co.name, co.domain) from companies co where co.id = a.company_id)) as about
    from unnest(${ids}::uuid[]) with ordinality page (id, n) join activities a on a.id = page.id
    order by page.n`.execute(db);
  return rows.map((row) => ({ ...row, type: activityTypeOf(row.kind) }));
}

/** All that is of no other type is the system's. */
function ofType(type: ActivityType): RawBuilder<unknown> {
  return type === 'system' ? sql`kind <> all(${typedKinds})` : sql`kind = any(${kindsOf(type)})`;
}

const typedKinds = (
  ['task', 'call', 'meeting', 'email', 'sms', 'note', 'stage_change', 'deal_created'] as const
).flatMap(kindsOf);

async function membersOf({ db }: Scope, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const wanted = [...new Set(ids)];
  const rows = await db
    .selectFrom('members')
    .select('userId')
    .where('userId', 'in', wanted)
    .execute();
  if (rows.length < wanted.length) throw invalid('mentions', 'There is no such member.');
  return wanted;
}

async function tellMentioned(
  scope: Scope,
  { id, subject, mentions }: { id: string; subject: Subject; mentions: string[] },
): Promise<void> {
  const { db, workspaceId, actor } = scope;
  const others = mentions.filter((userId) => userId !== actor);
  if (others.length === 0) return;
  const member = await db
    .selectFrom('members')
    .select('name')
    .where('userId', '=', actor)
    .executeTakeFirst();
  const rows = others.map((userId) => ({
    ...{ workspaceId, userId, kind: 'mention', leadId: subject.leadId },
    title: `${member?.name ?? 'Somebody'} mentioned you on ${subject.name || 'a record'}`,
    ...{ href: hrefOf(subject as About), key: `mention:${id}` },
  }));
  await insertRows(scope, 'notifications', rows, ['id']);
  changed(scope, 'notifications');
}
