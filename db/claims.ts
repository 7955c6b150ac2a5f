import { sql } from 'kysely';
import type { StepOfWalk } from '#domain/touch.ts';
import { changed } from './changes.ts';
import type { Scope } from './scope.ts';
import type { Walk } from './walks.ts';

/** A choice about a touch, as it is remembered. */
export interface Choice {
  rule: string;
  because: string;
  /** What was asked and how it came out, in the order in which it was asked. */
  inputs: Record<string, unknown>;
}

/** What will be handed to a provider. */
export interface Letter {
  channel: 'email' | 'sms';
  provider: string;
  connectionId: string | null;
  sender: string;
  senderName: string | null;
  recipient: string;
  subject: string | null;
  body: string;
  html: string | null;
  headers: Record<string, string>;
}

export interface Claimed extends Letter {
  touchId: string;
  key: string;
}

/** The ledger's row of this step: claimed with what it says, before any provider hears of it. */
export async function claimTouch(
  scope: Scope,
  walk: Walk,
  at: StepOfWalk,
  { letter, choice, dueAt }: { letter: Letter; choice: Choice; dueAt: string },
): Promise<Claimed> {
  const key = walk.touch?.key ?? keyOf(at);
  const touchId = await write(scope, walk, at, {
    ...{ state: 'claimed', outcome: 'sent', choice, dueAt, key, channel: letter.channel, letter },
    ...{ until: null, status: 'active' },
  });
  return { ...letter, touchId, key };
}

/** Not now, but then: the walk sleeps until that instant. */
export function holdTouch(
  scope: Scope,
  walk: Walk,
  at: StepOfWalk,
  { choice, until, channel, dueAt, reason }: Held,
): Promise<string> {
  return write(scope, walk, at, {
    ...{ state: 'held', outcome: 'held', reason, choice, until, channel, dueAt, status: 'active' },
    key: walk.touch?.key ?? keyOf(at),
  });
}

interface Held {
  reason: string;
  choice: Choice;
  until: string | null;
  channel: string;
  dueAt: string;
}

/** Not at all, and the walk goes on. */
export function skipTouch(
  scope: Scope,
  walk: Walk,
  at: StepOfWalk,
  { choice, channel, reason }: { choice: Choice; channel: string; reason: string },
): Promise<string> {
  return write(scope, walk, at, {
    ...{
      state: 'skipped',
      outcome: 'skipped',
      reason,
      choice,
      channel,
      until: null,
      status: 'active',
    },
    ...{ dueAt: at.since, key: walk.touch?.key ?? keyOf(at) },
  });
}

/** Something is in the way that a person must mend: the walk waits here, and its owner is told. */
export async function blockTouch(
  scope: Scope,
  walk: Walk,
  at: StepOfWalk,
  {
    choice,
    channel,
    reason,
    failed,
  }: { choice: Choice; channel: string; reason: string; failed?: boolean },
): Promise<string> {
  const touchId = await write(scope, walk, at, {
    ...{
      state: failed ? 'failed' : 'held',
      outcome: 'blocked',
      reason,
      choice,
      channel,
      until: null,
    },
    ...{ status: 'blocked', dueAt: at.since, key: walk.touch?.key ?? keyOf(at) },
  });
  const { db, workspaceId } = scope;
  const title = `${walk.enrolment.sequenceName}, step ${at.stepId}: ${choice.because}`;
  await sql`
    insert into tasks (workspace_id, lead_id, enrolment_id, step_id, visit, kind, title, because, assignee_id)
    select ${workspaceId}::uuid, ${walk.enrolment.leadId}::uuid, ${at.enrolmentId}::uuid, ${`fix:${at.stepId}`},
      ${at.visit}, 'fix', ${title}, ${choice.because}, ${walk.person.lead.ownerId}
    on conflict (workspace_id, enrolment_id, step_id, visit) where enrolment_id is not null
      do update set done_at = null, cancelled_at = null, title = excluded.title, because = excluded.because`.execute(
    db,
  );
  if (walk.person.lead.ownerId)
    await sql`insert into notifications (workspace_id, user_id, kind, title, href, lead_id, key)
      values (${workspaceId}, ${walk.person.lead.ownerId}, 'blocked', ${title}, ${`/enrolments/${at.enrolmentId}`},
        ${walk.enrolment.leadId}, ${`blocked:${touchId}:${walk.touch?.attempt ?? 1}`})
      on conflict do nothing`.execute(db);
  changed(scope, 'today', 'notifications');
  return touchId;
}

/** A step that sends nothing stands in the ledger only while it is blocked. */
export async function forgetBlock(scope: Scope, touchId: string): Promise<void> {
  await scope.db.deleteFrom('touches').where('id', '=', touchId).execute();
  changed(scope, 'touches');
}

interface Writing {
  state: string;
  outcome: string;
  reason?: string;
  choice: Choice;
  until: string | null;
  channel: string;
  dueAt: string;
  key: string;
  status: 'active' | 'blocked';
  letter?: Letter;
}

/** Ledger, decision and the enrolment's own state in one statement; done twice, it is one row in each. */
async function write(scope: Scope, walk: Walk, at: StepOfWalk, row: Writing): Promise<string> {
  const { db, workspaceId } = scope;
  const { enrolment } = walk;
  const { letter, choice, until, state } = row;
  const reason = row.reason ?? null;
  const { rows } = await sql<{ id: string }>`
    with touch as (
      insert into touches (workspace_id, enrolment_id, sequence_id, version, lead_id, contact_id, step_id, visit,
        channel, state, reason, because, key, due_at, until_at, claimed_at, provider, sender, recipient, subject,
        body, html, headers)
      values (${workspaceId}, ${at.enrolmentId}, ${enrolment.sequenceId}, ${enrolment.version}, ${enrolment.leadId},
        ${enrolment.contactId}, ${at.stepId}, ${at.visit}, ${row.channel}, ${state}, ${reason}, ${choice.because},
        ${row.key}, ${row.dueAt}, ${until}, ${state === 'claimed' ? sql`now()` : null}, ${letter?.provider ?? null},
        ${letter?.sender ?? null}, ${letter?.recipient ?? null}, ${letter?.subject ?? null}, ${letter?.body ?? null},
        ${letter?.html ?? null}, ${JSON.stringify(letter?.headers ?? {})}::jsonb)
      on conflict (workspace_id, enrolment_id, step_id, visit) where enrolment_id is not null do update set
        state = excluded.state, reason = excluded.reason, because = excluded.because, until_at = excluded.until_at,
        claimed_at = coalesce(excluded.claimed_at, touches.claimed_at), channel = excluded.channel,
        provider = coalesce(excluded.provider, touches.provider), sender = coalesce(excluded.sender, touches.sender),
        recipient = coalesce(excluded.recipient, touches.recipient),
        subject = coalesce(excluded.subject, touches.subject), body = coalesce(excluded.body, touches.body),
        html = coalesce(excluded.html, touches.html),
        headers = case when excluded.body is null then touches.headers else excluded.headers end, updated_at = now()
      returning id),
    here as (
      update enrolments set step_id = ${at.stepId}, visit = ${at.visit}, walked_at = coalesce(walked_at, now()),
        next_at = ${until}, next_because = ${choice.because}, status = ${row.status},
        reason = ${row.status === 'blocked' ? reason : null}, because = ${row.status === 'blocked' ? choice.because : null}
      where id = ${at.enrolmentId} and status in ('active', 'blocked')),
    decided as (
      insert into decisions (workspace_id, enrolment_id, lead_id, touch_id, step_id, visit, outcome, rule, because,
        inputs, version, key)
      select ${workspaceId}::uuid, ${at.enrolmentId}::uuid, ${enrolment.leadId}::uuid, id, ${at.stepId}, ${at.visit}::int,
        ${row.outcome}, ${choice.rule}, ${choice.because}, ${JSON.stringify(choice.inputs)}::jsonb, ${enrolment.version}::int,
        ${`${at.stepId}/${at.visit}/${walk.touch?.attempt ?? 1}/${row.outcome}/${choice.rule}/${until ?? ''}`}
      from touch on conflict do nothing)
    select id from touch`.execute(db);
  changed(scope, 'touches', 'enrolments');
  return rows[0]!.id;
}

function keyOf({ enrolmentId, stepId, visit }: StepOfWalk): string {
  return `${enrolmentId}:${stepId}:${visit}:1`;
}
