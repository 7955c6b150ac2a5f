import { sql } from 'kysely';
import type { Keep } from '#domain/enrolment.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { updateLater } from './outbox.ts';
import type { Scope } from './scope.ts';
import { type Affected, holdTouches, lockContacts, note, stopEnrolments } from './standing.ts';

/** A person lets a paused walk go on. */
export async function resumeEnrolment(scope: Scope, id: string, keep: Keep, commandId: string) {
  await lockContacts(scope, { enrolmentId: id });
  const { sequenceName, leadId } = await change(
    scope,
    id,
    ['paused'],
    'only a paused one can be resumed',
  );
  await sql`update enrolments set status = 'active', reason = null, because = null, paused_at = null
    where id = ${id}`.execute(scope.db);
  await sql`update tasks set done_at = now(), done_by = ${scope.actor}, outcome = 'resumed'
    where lead_id = ${leadId} and kind = 'reply' and done_at is null and cancelled_at is null`.execute(
    scope.db,
  );
  const because = keep === 'rest' ? 'what was left of the wait is kept' : 'the date is kept';
  return tell(
    scope,
    id,
    'resume',
    { id: commandId, keep },
    { outcome: 'resumed', because, sequenceName, leadId },
  );
}

export async function pauseEnrolment(scope: Scope, id: string, reason: string, commandId: string) {
  await lockContacts(scope, { enrolmentId: id });
  const line = await change(scope, id, ['active', 'blocked'], 'only an active one can be paused');
  await sql`update enrolments set status = 'paused', reason = ${reason}, because = 'paused by hand', paused_at = now()
    where id = ${id}`.execute(scope.db);
  await holdTouches(scope, [line], reason);
  return tell(
    scope,
    id,
    'pause',
    { id: commandId, reason },
    { outcome: 'paused', because: 'paused by hand', ...line },
  );
}

export async function stopEnrolment(scope: Scope, id: string, commandId: string) {
  await change(scope, id, ['active', 'paused', 'blocked'], 'it has ended already');
  await stopEnrolments(
    scope,
    { enrolmentId: id },
    { reason: 'manual', because: 'stopped by hand', eventId: commandId },
  );
  return { commandId, update: 'stop', input: { id: commandId, reason: 'manual' } };
}

/** Leaves out the step at hand. */
export async function skipStep(
  scope: Scope,
  id: string,
  stepId: string | undefined,
  commandId: string,
) {
  await lockContacts(scope, { enrolmentId: id });
  const line = await change(scope, id, ['active', 'paused', 'blocked'], 'it has ended already');
  const here = line.stepId;
  if (!here) throw new Refusal('conflict', 'This walk has not begun yet.');
  if (stepId && stepId !== here)
    throw new Refusal('conflict', `The walk is at “${here}” by now, not at “${stepId}”.`);
  await sql`update enrolments set status = 'active', reason = null, because = null, paused_at = null
    where id = ${id} and status = 'blocked'`.execute(scope.db);
  await sql`update touches set state = 'skipped', reason = 'manual', because = 'skipped by hand', updated_at = now()
    where enrolment_id = ${id} and step_id = ${here} and state in ('planned', 'held', 'failed')`.execute(
    scope.db,
  );
  const because = `step ${here} skipped by hand`;
  return tell(
    scope,
    id,
    'skip',
    { id: commandId, stepId: here },
    { outcome: 'skipped', because, ...line },
  );
}

/** Tries again what stood in the way. After a definite refusal that is a new attempt, with a key of its own. */
export async function retryStep(scope: Scope, id: string, commandId: string) {
  await lockContacts(scope, { enrolmentId: id });
  const line = await change(scope, id, ['blocked'], 'only a blocked one can be tried again');
  await sql`update enrolments set status = 'active', reason = null, because = null where id = ${id}`.execute(
    scope.db,
  );
  await sql`update touches set state = 'planned', reason = null, because = null, attempt = attempt + 1,
      key = enrolment_id || ':' || step_id || ':' || visit || ':' || (attempt + 1), claimed_at = null, updated_at = now()
    where enrolment_id = ${id} and state = 'failed'`.execute(scope.db);
  await sql`update tasks set done_at = now(), done_by = ${scope.actor}, outcome = 'retried'
    where enrolment_id = ${id} and kind = 'fix' and done_at is null and cancelled_at is null`.execute(
    scope.db,
  );
  return tell(
    scope,
    id,
    'retry',
    { id: commandId },
    { outcome: 'retried', because: 'tried again by hand', ...line },
  );
}

async function change(scope: Scope, id: string, from: string[], otherwise: string) {
  const { rows } = await sql<Affected & { status: string; stepId: string | null }>`
    select e.id, e.lead_id, e.status, e.step_id, s.name as sequence_name
    from enrolments e join sequences s on s.id = e.sequence_id
    where e.id = ${id} for no key update of e`.execute(scope.db);
  const [row] = rows;
  if (!row) throw new Refusal('not-found', 'There is no such enrolment.');
  if (!from.includes(row.status))
    throw new Refusal('conflict', `This enrolment is ${row.status}: ${otherwise}.`);
  return row;
}

interface Told {
  outcome: string;
  because: string;
  sequenceName: string;
  leadId: string;
}

async function tell(
  scope: Scope,
  id: string,
  update: string,
  input: { id: string } & Record<string, unknown>,
  { leadId, sequenceName, ...what }: Told,
) {
  await updateLater(scope, {
    ...{ workflow: 'enrolment', workflowId: `enrolment:${id}`, name: update },
    ...{ messageId: input.id, input: [input] },
  });
  await note(scope, [{ id, leadId, sequenceName }], { ...what, key: input.id });
  changed(scope, 'enrolments', 'touches', 'leads', 'today');
  return { commandId: input.id, update, input };
}
