import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import { type Balance, balanceOf, type TouchState, touchStates } from '#domain/touch.ts';
import { changed } from './changes.ts';
import { handOver } from './own-messages.ts';
import type { Scope } from './scope.ts';

export interface LedgerFilter {
  lead?: string | undefined;
  enrolment?: string | undefined;
  sequence?: string | undefined;
  state?: string | undefined;
  channel?: string | undefined;
  reason?: string | undefined;
}

const columns = [
  ...(['t.id', 't.enrolmentId', 't.sequenceId', 't.version', 't.leadId', 't.contactId'] as const),
  ...(['t.stepId', 't.visit', 't.attempt', 't.channel', 't.state', 't.reason'] as const),
  ...(['t.because', 't.dueAt', 't.untilAt', 't.claimedAt', 't.acceptedAt'] as const),
  ...(['t.settledAt', 't.provider', 't.sender', 't.recipient', 't.subject'] as const),
  ...(['t.createdAt', 't.updatedAt', 's.name as sequenceName'] as const),
] as const;

/** Every attempt to reach somebody, the latest first. `state` may be one of the balance's columns too. */
export async function listTouches(
  { db }: Scope,
  { limit = 50, cursor, ...filter }: LedgerFilter & { limit?: number; cursor?: string | undefined },
) {
  let query = db
    .selectFrom('touches as t')
    .leftJoin('sequences as s', 's.id', 't.sequenceId')
    .select(columns)
    .select(
      sql<string>`(select coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email, c.phone_e164, '')
        from contacts c where c.id = t.contact_id)`.as('leadName'),
    )
    .where(fits(filter));
  if (cursor) query = query.where('t.id', '<', cursor);
  const rows = await query
    .orderBy('t.id', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? items.at(-1)!.id : null };
}

/** All = accepted + held + skipped + failed + unknown, of the same rows that the list shows. */
export async function balance({ db }: Scope, filter: LedgerFilter): Promise<Balance> {
  const rows = await db
    .selectFrom('touches as t')
    .select(({ fn }) => ['t.state', fn.countAll<number>().as('count')])
    .where(fits({ ...filter, state: undefined }))
    .groupBy('t.state')
    .execute();
  return balanceOf(Object.fromEntries(rows.map(({ state, count }) => [state, count])));
}

export async function getTouch({ db }: Scope, id: string) {
  const row = await db
    .selectFrom('touches as t')
    .leftJoin('sequences as s', 's.id', 't.sequenceId')
    .select([...columns, 't.body', 't.html', 't.headers', 't.key', 't.providerId'])
    .where('t.id', '=', id)
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such touch.');
  return row;
}

/** A person has found out whether a doubtful message went out. What was not sent goes out again under a new key. */
export async function resolveTouch(scope: Scope, id: string, was: 'sent' | 'not-sent') {
  const { db, workspaceId, actor } = scope;
  await sql`select from contacts where id = (select contact_id from touches where id = ${id}) for no key update`.execute(
    db,
  );
  const touch = await getTouch(scope, id);
  if (touch.state !== 'unknown')
    throw new Refusal('conflict', `This touch is ${touch.state}: there is nothing to find out.`);
  const said = was === 'sent' ? 'a person says it was sent' : 'a person says it was not sent';
  if (was === 'sent')
    await sql`update touches set state = 'accepted', accepted_at = coalesce(claimed_at, now()), reason = null,
      because = ${said}, settled_at = now(), updated_at = now() where id = ${id}`.execute(db);
  else
    await sql`update touches set state = 'planned', attempt = attempt + 1, claimed_at = null, settled_at = null,
      key = regexp_replace(key, ':[0-9]+$', '') || ':' || (attempt + 1), reason = null, because = ${said}, updated_at = now()
      where id = ${id}`.execute(db);
  const { attempt } = touch;
  await sql`insert into decisions (workspace_id, enrolment_id, lead_id, touch_id, step_id, visit, outcome, rule, because, version, key)
    values (${workspaceId}, ${touch.enrolmentId}, ${touch.leadId}, ${id}, ${touch.stepId}, ${touch.visit}, ${was}, 'resolved',
      ${`${said} (${actor})`}, ${touch.version}, ${`resolved:${id}:${attempt}`}) on conflict do nothing`.execute(
    db,
  );
  if (was === 'not-sent') await handOver(scope, id, attempt + 1);
  changed(scope, 'touches', 'enrolments', 'leads', 'today');
}

const columnsOfBalance: Record<string, readonly TouchState[]> = {
  accepted: ['accepted', 'delivered', 'bounced'],
  held: ['planned', 'held', 'claimed'],
};

/** The rows of the ledger (`touches as t`) that a filter leaves. */
export function fits({ lead, enrolment, sequence, state, channel, reason }: LedgerFilter) {
  const states = state
    ? (columnsOfBalance[state] ?? touchStates.filter((one) => one === state))
    : undefined;
  const tests = [
    ...(lead ? [sql<boolean>`t.lead_id = ${lead}`] : []),
    ...(enrolment ? [sql<boolean>`t.enrolment_id = ${enrolment}`] : []),
    ...(sequence ? [sql<boolean>`t.sequence_id = ${sequence}`] : []),
    ...(states ? [sql<boolean>`t.state = any(${[...states]}::text[])`] : []),
    ...(channel ? [sql<boolean>`t.channel = ${channel}`] : []),
    ...(reason ? [sql<boolean>`t.reason = ${reason}`] : []),
  ];
  return tests.length === 0 ? sql<boolean>`true` : sql<boolean>`${sql.join(tests, sql` and `)}`;
}
