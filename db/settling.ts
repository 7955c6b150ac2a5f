import { sql } from 'kysely';
import type { StepOfWalk } from '#domain/touch.ts';
import { changed } from './changes.ts';
import type { Claimed } from './claims.ts';
import type { Scope } from './scope.ts';

/** Where a touch belongs; a person's own message has no walk. */
export interface Whose {
  touchId: string;
  at?: StepOfWalk;
}

/** The provider took it: the ledger, a line on the lead and the lead's last activity, in one statement. */
export async function acceptTouch(
  scope: Scope,
  { touchId }: Whose,
  { providerId }: { providerId: string },
): Promise<void> {
  const { db, workspaceId, actor } = scope;
  await sql`
    with touch as (
      update touches set state = 'accepted', accepted_at = coalesce(accepted_at, now()), provider_id = ${providerId},
        settled_at = now(), until_at = null, reason = null, updated_at = now()
      where id = ${touchId} and state in ('claimed', 'unknown', 'held', 'accepted')
      returning id, lead_id, channel, subject, step_id, enrolment_id, sender, accepted_at),
    line as (
      insert into activities (workspace_id, lead_id, kind, title, data, actor, key)
      select ${workspaceId}::uuid, lead_id, channel || '_sent',
        case when channel = 'sms' then 'Text sent' else 'Email sent: ' || coalesce(subject, '') end,
        json_build_object('touchId', id, 'enrolmentId', enrolment_id, 'stepId', step_id), ${actor}, 'sent:' || id
      from touch on conflict do nothing)
    update leads set last_activity_at = now(),
      stage = case when stage in ('NEW', 'ENRICHED') then 'ATTEMPTING' else stage end
    where id in (select lead_id from touch)`.execute(db);
  changed(scope, 'touches', 'enrolments', 'leads');
}

/** Refused before anything was done: the claim is given back, and it may go at `until`. */
export async function releaseTouch(
  scope: Scope,
  { touchId }: Whose,
  { because, until }: { because: string; until: string },
): Promise<void> {
  await sql`
    with touch as (
      update touches set state = 'held', reason = 'provider-busy', because = ${because}, until_at = ${until},
        claimed_at = null, updated_at = now()
      where id = ${touchId} and state = 'claimed' returning enrolment_id)
    update enrolments set next_at = ${until}, next_because = ${because}
    where id in (select enrolment_id from touch)`.execute(scope.db);
  changed(scope, 'touches', 'enrolments');
}

/** It may have gone out and nobody can tell. It is never sent again by itself; a person is asked. */
export async function doubtTouch(scope: Scope, { touchId }: Whose, because: string): Promise<void> {
  const { db, workspaceId } = scope;
  await sql`
    with touch as (
      update touches set state = 'unknown', reason = 'unknown', because = ${because}, settled_at = now(), updated_at = now()
      where id = ${touchId} and state = 'claimed'
      returning id, lead_id, enrolment_id, step_id, visit, version)
    insert into decisions (workspace_id, enrolment_id, lead_id, touch_id, step_id, visit, outcome, rule, because, version, key)
    select ${workspaceId}::uuid, enrolment_id, lead_id, id, step_id, visit, 'unknown', 'once', ${because}, version, 'unknown:' || id
    from touch on conflict do nothing`.execute(db);
  changed(scope, 'touches', 'today');
}

/** A message that may have gone out, with what is needed to ask for it. */
export interface Doubt extends Claimed {
  claimedAt: string;
}

/** What a walk that ended leaves in doubt: nobody tries again what it had claimed, and nobody else would tell of it. */
export async function doubtsOf(scope: Scope, enrolmentId: string): Promise<Doubt[]> {
  const { rows: open } = await sql<{ id: string }>`
    select id from touches where enrolment_id = ${enrolmentId} and state in ('claimed', 'unknown')`.execute(
    scope.db,
  );
  if (open.length === 0) return [];
  const because = 'It was being sent when the walk ended; nobody can tell whether it went out.';
  for (const { id: touchId } of open) await doubtTouch(scope, { touchId }, because);
  const { rows } = await sql<Doubt>`
    select t.id as touch_id, t.key, t.channel, t.provider, s.connection_id, t.sender, s.name as sender_name,
      t.recipient, t.subject, t.body, t.html, t.headers, t.claimed_at
    from touches t join senders s on s.channel = t.channel and s.address = t.sender
    where t.enrolment_id = ${enrolmentId} and t.state = 'unknown' and t.claimed_at is not null`.execute(
    scope.db,
  );
  return rows;
}

/** The provider knows nothing of a doubtful touch: it goes as its walk goes, later under the same key, or not at all. */
export async function clearDoubt(scope: Scope, { touchId }: Whose, because: string): Promise<void> {
  await lockContactOf(scope, touchId);
  await sql`
    with touch as (
      update touches t set because = ${because}, claimed_at = null, settled_at = null, until_at = null, updated_at = now(),
        state = case when e.status in ('active', 'blocked') then 'planned' when e.status = 'paused' then 'held' else 'skipped' end,
        reason = case when e.status in ('active', 'blocked') then null else coalesce(e.reason, e.status) end
      from enrolments e where e.id = t.enrolment_id and t.id = ${touchId} and t.state = 'unknown'
      returning t.id, t.lead_id, t.enrolment_id, t.step_id, t.visit, t.version, t.attempt)
    ${decided(scope, 'not-sent', because)}`.execute(scope.db);
  changed(scope, 'touches', 'today');
}

/** The provider knows a doubtful touch, and that it did not reach anybody. */
export async function failDoubt(scope: Scope, { touchId }: Whose, because: string): Promise<void> {
  await lockContactOf(scope, touchId);
  await sql`
    with touch as (
      update touches t set state = 'failed', reason = 'provider-refused', because = ${because}, updated_at = now()
      where t.id = ${touchId} and t.state = 'unknown'
      returning t.id, t.lead_id, t.enrolment_id, t.step_id, t.visit, t.version, t.attempt)
    ${decided(scope, 'failed', because)}`.execute(scope.db);
  changed(scope, 'touches', 'today');
}

/** What a provider reports later. It only ever goes forward, however the reports are ordered or repeated. */
export async function reportTouch(
  scope: Scope,
  report: {
    provider: string;
    providerId: string;
    state: 'sent' | 'delivered' | 'bounced' | 'complained' | 'failed';
    because?: string;
    at: string;
  },
): Promise<
  { touchId: string; contactId: string; leadId: string; recipient: string | null } | undefined
> {
  const to = {
    sent: 'accepted',
    delivered: 'delivered',
    bounced: 'bounced',
    complained: 'delivered',
    failed: 'failed',
  };
  const rank = sql`array_position(array['planned', 'held', 'claimed', 'unknown', 'accepted', 'delivered', 'failed', 'bounced'], state)`;
  const goal = to[report.state];
  const { rows } = await sql<{
    touchId: string;
    contactId: string;
    leadId: string;
    recipient: string | null;
  }>`
    update touches set updated_at = now(), settled_at = ${report.at},
      state = case when ${rank} < array_position(array['planned', 'held', 'claimed', 'unknown', 'accepted', 'delivered', 'failed', 'bounced'], ${goal})
        then ${goal} else state end,
      because = coalesce(${report.because ?? null}, because), accepted_at = coalesce(accepted_at, ${report.at}::timestamptz)
    where provider = ${report.provider} and provider_id = ${report.providerId}
    returning id as touch_id, contact_id, lead_id, recipient`.execute(scope.db);
  if (rows[0]) changed(scope, 'touches', 'leads');
  return rows[0];
}

async function lockContactOf({ db }: Scope, touchId: string): Promise<void> {
  await sql`select from contacts where id = (select contact_id from touches where id = ${touchId})
    for no key update`.execute(db);
}

function decided({ workspaceId }: Scope, outcome: string, because: string) {
  return sql`
    insert into decisions (workspace_id, enrolment_id, lead_id, touch_id, step_id, visit, outcome, rule, because, version, key)
    select ${workspaceId}::uuid, enrolment_id, lead_id, id, step_id, visit, ${outcome}, 'looked-up', ${because}, version,
      'looked-up:' || id || ':' || attempt
    from touch on conflict do nothing`;
}
