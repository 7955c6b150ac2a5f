import { type Kysely, sql } from 'kysely';
import type { EndReason, Ending, EnrolmentStatus } from '#domain/enrolment.ts';
import type { Definition, Step } from '#domain/sequence.ts';
import type { StepOfWalk, TouchState } from '#domain/touch.ts';
import { changed } from './changes.ts';
import { type Person, personColumns } from './facts.ts';
import type { DB } from './schema.ts';
import type { Scope } from './scope.ts';
import { definitionOf } from './sequences.ts';
import { lockContacts } from './standing.ts';

/** Where a walk stands, with all that a step may need to know. */
export interface Walk {
  enrolment: {
    id: string;
    status: EnrolmentStatus;
    reason: string | null;
    leadId: string;
    contactId: string;
    sequenceId: string;
    sequenceName: string;
    version: number;
    enrolledAt: string;
  };
  definition: Definition;
  step: Step;
  person: Omit<Person, 'sender' | 'enrolment'>;
  owner: { userId: string; name: string; email: string } | null;
  settings: Record<string, unknown>;
  doNotContact: boolean;
  suppressed: { email: string | null; sms: string | null };
  /** The ledger's row of this step and visit, if the walk was here before. */
  touch: Touch | null;
  /** The first mail of this walk that went out, for those that answer it. */
  first: { messageId: string | null; subject: string | null } | null;
}

export interface Touch {
  id: string;
  state: TouchState;
  key: string;
  attempt: number;
  channel: string;
  provider: string | null;
  sender: string | null;
  recipient: string | null;
  subject: string | null;
  body: string | null;
  html: string | null;
  headers: Record<string, string>;
  acceptedAt: string | null;
  untilAt: string | null;
  claimedAt: string | null;
}

/** Locks the person of a walk, then reads everything about this step; in this order with whoever stops or replies. */
export async function lockWalk(scope: Scope, at: StepOfWalk): Promise<Walk | undefined> {
  await lockContacts(scope, { enrolmentId: at.enrolmentId });
  return findWalk(scope, at, true);
}

/** Nothing when the enrolment is gone: it goes with its lead. */
export async function findWalk(
  scope: Scope,
  at: StepOfWalk,
  lock = false,
): Promise<Walk | undefined> {
  type Row = Omit<Walk, 'definition' | 'step'> & { versionId: string };
  const { rows } = await sql<Row>`
    select e.version_id,
      json_build_object('id', e.id, 'status', e.status, 'reason', e.reason, 'leadId', e.lead_id,
        'contactId', e.contact_id, 'sequenceId', e.sequence_id, 'sequenceName', s.name, 'version', e.version,
        'enrolledAt', e.enrolled_at) as enrolment,
      ${personColumns} as person,
      case when o.user_id is not null then
        json_build_object('userId', o.user_id, 'name', o.name, 'email', o.email) end as owner,
      w.settings, c.do_not_contact,
      json_build_object(
        'email', (select x.reason from suppressions x where x.lifted_at is null
          and x.channel in ('email', 'all') and x.address = c.email_normalized limit 1),
        'sms', (select x.reason from suppressions x where x.lifted_at is null
          and x.channel in ('sms', 'all') and x.address = c.phone_e164 limit 1)) as suppressed,
      (select json_build_object('id', t.id, 'state', t.state, 'key', t.key, 'attempt', t.attempt,
          'channel', t.channel, 'provider', t.provider, 'sender', t.sender, 'recipient', t.recipient,
          'subject', t.subject, 'body', t.body, 'html', t.html, 'headers', t.headers,
          'acceptedAt', t.accepted_at, 'untilAt', t.until_at, 'claimedAt', t.claimed_at)
        from touches t where t.enrolment_id = e.id and t.step_id = ${at.stepId} and t.visit = ${at.visit}) as touch,
      (select json_build_object('messageId', t.headers->>'Message-ID', 'subject', t.subject)
        from touches t where t.enrolment_id = e.id and t.channel = 'email' and t.accepted_at is not null
        order by t.accepted_at limit 1) as first
    from enrolments e join sequences s on s.id = e.sequence_id
      join leads l on l.id = e.lead_id join contacts c on c.id = e.contact_id
      left join companies co on co.id = l.company_id cross join workspaces w
      left join members o on o.user_id = l.owner_id
    where e.id = ${at.enrolmentId}
    ${lock ? sql`for no key update of e` : sql``}`.execute(scope.db);
  const [row] = rows;
  if (!row) return undefined;
  const { versionId, ...walk } = row;
  const definition = await definitionOf(scope, versionId);
  const step = findStep(definition.steps, at.stepId) ?? { id: at.stepId, kind: 'unknown' };
  return { ...walk, definition, step };
}

/** What a workflow asks once per run. */
export async function beginWalk(scope: Scope, enrolmentId: string) {
  const row = await scope.db
    .selectFrom('enrolments')
    .select(['versionId', 'status', 'reason'])
    .where('id', '=', enrolmentId)
    .executeTakeFirst();
  // An enrolment that is gone was deleted with its lead: there is nobody to walk.
  if (!row) return { definition: { steps: [] }, status: 'stopped' as const, reason: 'deleted' };
  const { steps } = await definitionOf(scope, row.versionId);
  return { definition: { steps }, status: row.status as EnrolmentStatus, reason: row.reason };
}

/** The same for many whose runs are about to start; who does not stand as active is left out and asks by itself. */
export async function beginWalks(
  db: Kysely<DB>,
  enrolmentIds: string[],
): Promise<Map<string, Definition['steps']>> {
  const rows = await db
    .selectFrom('enrolments')
    .select(['id', 'versionId'])
    .where(sql<boolean>`id = any(${enrolmentIds}::uuid[])`)
    .where('status', '=', 'active')
    .execute();
  const begun = new Map<string, Definition['steps']>();
  for (const { id, versionId } of rows)
    begun.set(id, (await definitionOf({ db }, versionId)).steps);
  return begun;
}

/** Writes down how a walk ended; what the database decided before stays. */
export async function endWalk(scope: Scope, enrolmentId: string, ending: Ending): Promise<void> {
  const { db, workspaceId } = scope;
  const reason: EndReason | null = ending.status === 'stopped' ? ending.reason : null;
  const said = ending.status === 'completed' ? 'completed: no step is left' : `stopped: ${reason}`;
  await sql`
    with ended as (
      update enrolments set status = ${ending.status}, reason = ${reason}, because = ${said}, ended_at = now(),
        next_at = null, next_because = null, walked_at = coalesce(walked_at, now())
      where id = ${enrolmentId} and status in ('active', 'paused', 'blocked')
      returning id, lead_id, version, sequence_id),
    open as (
      update touches set state = 'skipped', reason = ${reason ?? 'completed'}, updated_at = now()
      where enrolment_id in (select id from ended) and state in ('planned', 'held')),
    decided as (
      insert into decisions (workspace_id, enrolment_id, lead_id, outcome, rule, because, version, key)
      select ${workspaceId}::uuid, id, lead_id, ${ending.status}, 'end', ${said}, version, 'end' from ended
      on conflict do nothing)
    insert into activities (workspace_id, lead_id, kind, title, data, actor, key)
    select ${workspaceId}::uuid, e.lead_id, 'enrolment_' || ${ending.status}::text, s.name || ' ' || ${said}::text,
      json_build_object('enrolmentId', e.id), 'engine', 'end:' || e.id
    from ended e join sequences s on s.id = e.sequence_id
    on conflict do nothing`.execute(db);
  changed(scope, 'enrolments', 'leads', 'today');
}

/** Where the walk is now and when it goes on, with the reason; the workflow sleeps until then. */
export async function noteRest(
  { db, workspaceId }: Scope,
  at: StepOfWalk,
  {
    until,
    because,
    rule,
    outcome,
  }: { until: string | null; because: string; rule: string; outcome: string },
): Promise<void> {
  await sql`
    with here as (
      update enrolments set step_id = ${at.stepId}, visit = ${at.visit}, next_at = ${until}::timestamptz,
        next_because = ${because}, walked_at = coalesce(walked_at, now())
      where id = ${at.enrolmentId} and status in ('active', 'paused', 'blocked')
      returning id, lead_id, version)
    insert into decisions (workspace_id, enrolment_id, lead_id, step_id, visit, outcome, rule, because, inputs, version, key)
    select ${workspaceId}::uuid, id, lead_id, ${at.stepId}, ${at.visit}::int, ${outcome}, ${rule}, ${because},
      json_build_object('since', ${at.since}::text, 'until', ${until}::text), version,
      ${at.stepId} || '/' || ${at.visit}::int || '/' || ${outcome}::text || '/' || coalesce(${until}::text, '')
    from here on conflict do nothing`.execute(db);
}

/** Every step of a tree, wherever it stands. */
export function findStep(steps: Step[], id: string): Step | undefined {
  for (const step of steps) {
    if (step.id === id) return step;
    for (const value of Object.values(step)) {
      const inner = Array.isArray(value) && isSteps(value) ? findStep(value, id) : undefined;
      if (inner) return inner;
    }
  }
  return undefined;
}

function isSteps(value: unknown[]): value is Step[] {
  return value.every(
    (one) => typeof one === 'object' && one !== null && 'kind' in one && 'id' in one,
  );
}
