import { sql } from 'kysely';
import type { EndReason, Happened } from '#domain/enrolment.ts';
import { changed } from './changes.ts';
import { signalLater } from './outbox.ts';
import type { Scope } from './scope.ts';

/** Whom it concerns. Every change locks their contact first: what is being sent is settled before it. */
export type Whom =
  { enrolmentId: string } | { contactId: string } | { leadId: string } | { companyId: string };

/** An enrolment whose standing changes. */
export interface Affected {
  id: string;
  leadId: string;
  sequenceName: string;
}

/** What was on its way when the change was made: it may still arrive. */
export interface Acknowledged {
  enrolmentIds: string[];
  claimed: { touchId: string; stepId: string | null }[];
}

/** What was done about something that came in. */
export type Done = { did: string[] } & Partial<Acknowledged>;

/** Pauses open enrolments: what was to be sent is held, and nothing is claimed any more. */
export async function pauseEnrolments(
  scope: Scope,
  whom: Whom,
  { reason, because, eventId }: { reason: string; because: string; eventId: string },
): Promise<Acknowledged> {
  await lockContacts(scope, whom);
  const { rows } = await sql<Affected>`
    update enrolments e set status = 'paused', reason = ${reason}, because = ${because}, paused_at = now()
    from sequences s where s.id = e.sequence_id and e.status in ('active', 'blocked') and ${those(whom)}
    returning e.id, e.lead_id, s.name as sequence_name`.execute(scope.db);
  await holdTouches(scope, rows, reason);
  return follow(scope, rows, { id: eventId, is: 'paused', reason }, { outcome: 'paused', because });
}

/** Ends open enrolments for good: what was to be sent is skipped and open tasks of theirs are cancelled. */
export async function stopEnrolments(
  scope: Scope,
  whom: Whom,
  given: {
    reason: EndReason;
    because: string;
    eventId: string;
    /** Only sequences of this class. */
    ofClass?: string;
    /** Only those whose sequence says so, beside the reasons that always count. */
    onlyExits?: boolean;
  },
): Promise<Acknowledged> {
  const { reason, because, eventId, ofClass, onlyExits } = given;
  await lockContacts(scope, whom);
  const { rows } = await sql<Affected>`
    update enrolments e set status = 'stopped', reason = ${reason}, because = ${because},
      ended_at = now(), next_at = null, next_because = null
    from sequences s, sequence_versions v
    where s.id = e.sequence_id and v.id = e.version_id and e.status in ('active', 'paused', 'blocked')
      and ${those(whom)} and ${ofClass ? sql`s.class = ${ofClass}` : sql`true`}
      and ${onlyExits ? sql`v.definition->'exits' ? ${reason}` : sql`true`}
    returning e.id, e.lead_id, s.name as sequence_name`.execute(scope.db);
  const ids = rows.map(({ id }) => id);
  await sql`update touches set state = 'skipped', reason = ${reason}, because = ${because}, updated_at = now()
    where enrolment_id = any(${ids}::uuid[]) and state in ('planned', 'held')`.execute(scope.db);
  await sql`update tasks set cancelled_at = now(), outcome = ${reason}
    where enrolment_id = any(${ids}::uuid[]) and done_at is null and cancelled_at is null`.execute(
    scope.db,
  );
  const ending = { status: 'stopped', reason } as const;
  return follow(scope, rows, { id: eventId, is: 'left', ending }, { outcome: 'stopped', because });
}

/** Tells walks of an event that a step may be waiting for. */
export async function hearEvent(
  scope: Scope,
  whom: Whom,
  { id, event, at }: { id: string; event: string; at: string },
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select e.id from enrolments e where e.status in ('active', 'paused', 'blocked') and ${those(whom)}`.execute(
    scope.db,
  );
  await signal(scope, rows, { id, is: 'heard', event, at });
}

/** What held them back has changed: they ask again when they may go on. */
export async function retimeEnrolments(scope: Scope, whom: Whom, eventId: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select e.id from enrolments e where e.status in ('active', 'paused', 'blocked') and ${those(whom)}`.execute(
    scope.db,
  );
  await signal(scope, rows, { id: eventId, is: 'retimed' });
}

/** A claim locks the contact before anything else, so whoever holds it settles what is claimed before and after. */
export async function lockContacts({ db }: Scope, whom: Whom): Promise<void> {
  await sql`select from contacts c where c.id in (select e.contact_id from enrolments e where ${those(whom)})
    order by c.id for no key update`.execute(db);
}

/** What was to be sent waits until the walk goes on. */
export async function holdTouches(
  { db }: Scope,
  rows: Pick<Affected, 'id'>[],
  reason: string,
): Promise<void> {
  await sql`update touches set state = 'held', reason = ${reason}, until_at = null, updated_at = now()
    where enrolment_id = any(${rows.map(({ id }) => id)}::uuid[]) and state in ('planned', 'held')`.execute(
    db,
  );
}

/** A decision and a line on the lead for each. */
export async function note(
  { db, workspaceId, actor }: Scope,
  rows: Affected[],
  { outcome, because, key }: { outcome: string; because: string; key: string },
): Promise<void> {
  const those = JSON.stringify(rows);
  await sql`
    with them as (select * from json_to_recordset(${those}::json) t (id uuid, "leadId" uuid, "sequenceName" text)),
    decided as (
      insert into decisions (workspace_id, enrolment_id, lead_id, outcome, rule, because, key)
      select ${workspaceId}::uuid, id, "leadId", ${outcome}, 'standing', ${because}, ${key} from them
      on conflict do nothing)
    insert into activities (workspace_id, lead_id, kind, title, body, data, actor, key)
    select ${workspaceId}::uuid, "leadId", 'enrolment_' || ${outcome}::text, "sequenceName" || ' ' || ${outcome}::text,
      ${because}, json_build_object('enrolmentId', id), ${actor}, 'standing:' || id || ':' || ${key}::text from them
    on conflict do nothing`.execute(db);
}

async function follow(
  scope: Scope,
  rows: Affected[],
  event: Happened,
  what: { outcome: string; because: string },
): Promise<Acknowledged> {
  await signal(scope, rows, event);
  await note(scope, rows, { ...what, key: event.id });
  const ids = rows.map(({ id }) => id);
  const claimed = await scope.db
    .selectFrom('touches')
    .select(['id as touchId', 'stepId'])
    .where(sql<boolean>`enrolment_id = any(${ids}::uuid[])`)
    .where('state', '=', 'claimed')
    .execute();
  changed(scope, 'enrolments', 'touches', 'leads', 'today');
  return { enrolmentIds: ids, claimed };
}

async function signal(scope: Scope, rows: { id: string }[], event: Happened): Promise<void> {
  await signalLater(
    scope,
    ...rows.map(({ id }) => ({
      ...{ workflow: 'enrolment', workflowId: `enrolment:${id}`, name: 'happened' },
      ...{ messageId: event.id, input: [event] },
    })),
  );
}

function those(whom: Whom) {
  if ('enrolmentId' in whom) return sql<boolean>`e.id = ${whom.enrolmentId}`;
  if ('contactId' in whom) return sql<boolean>`e.contact_id = ${whom.contactId}`;
  if ('leadId' in whom) return sql<boolean>`e.lead_id = ${whom.leadId}`;
  return sql<boolean>`e.lead_id in (select id from leads where company_id = ${whom.companyId})`;
}
