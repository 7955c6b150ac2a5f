import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { createAuth } from '#db/auth.ts';
import { connect } from '#db/client.ts';
import { enrol } from '#db/entering.ts';
import { receiveLeads } from '#db/leads.ts';
import { startLater } from '#db/outbox.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import { saveSender } from '#db/senders.ts';
import { createSequence, publishSequence } from '#db/sequences.ts';
import { seedWorkspace } from '#db/taxonomies.ts';
import { demoLeads } from './demo-people.ts';
import { demoSequences } from './demo-sequences.ts';

interface SignIn {
  email: string;
  password: string;
}

const DAY = 24 * 60 * 60 * 1000;

/** Fills an empty database with a made-up workspace, and answers who may sign in; nothing when it is in use. */
export async function seedDemo(settings: Record<string, string>): Promise<SignIn | undefined> {
  const connectionString = settings['DATABASE_URL']!;
  const db = connect(connectionString, 2);
  try {
    const used = await db.selectFrom('workspaces').select('id').limit(1).executeTakeFirst();
    if (used) return undefined;
    const auth = createAuth({
      ...{ connectionString, secret: settings['AUTH_SECRET']! },
      baseURL: settings['PUBLIC_BASE_URL']!,
    });
    const password = randomBytes(9).toString('base64url');
    const owner = { name: 'Dana Whitlock', email: 'dana@northgate.example', password };
    const rep = { name: 'Marcus Oyelaran', email: 'marcus@northgate.example', password };
    const ids: string[] = [];
    for (const person of [owner, rep])
      ids.push(await signUp(auth, settings['PUBLIC_BASE_URL']!, person));
    await auth.close();
    const { id: workspaceId } = await db
      .insertInto('workspaces')
      .values({ name: 'Northgate Fleet', timeZone: 'America/Chicago', demo: true })
      .returning('id')
      .executeTakeFirstOrThrow();
    const who = { workspaceId, actor: ids[0]! };
    await inWorkspace(db, who, async (scope) => {
      await seedWorkspace(scope);
      await addMembers(scope, [
        { userId: ids[0]!, name: owner.name, email: owner.email, role: 'owner' },
        { userId: ids[1]!, name: rep.name, email: rep.email, role: 'rep' },
      ]);
      await fill(scope);
    });
    return { email: owner.email, password };
  } finally {
    await db.destroy();
  }
}

async function signUp(
  auth: ReturnType<typeof createAuth>,
  base: string,
  person: SignIn & { name: string },
): Promise<string> {
  const request = new Request(`${base}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: base },
    body: JSON.stringify(person),
  });
  const response = await auth.handler(request);
  const body = (await response.json()) as { user?: { id: string } };
  if (!body.user) throw new Error('The demo account could not be made.');
  return body.user.id;
}

interface DemoMember {
  userId: string;
  name: string;
  email: string;
  role: 'owner' | 'rep';
}

async function addMembers(scope: Scope, members: DemoMember[]): Promise<void> {
  const { workspaceId } = scope;
  for (const [index, { userId, name, email, role }] of members.entries()) {
    await scope.db
      .insertInto('members')
      .values({ workspaceId, userId, name, email, role })
      .execute();
    const signature = name.split(' ')[0]!;
    await saveSender(scope, { channel: 'email', address: email, name, userId, signature });
    const address = `+1312555010${index}`;
    await saveSender(scope, { channel: 'sms', address, name, userId, signature });
  }
}

async function fill(scope: Scope): Promise<void> {
  const sequences = [];
  for (const definition of demoSequences) {
    const { id } = await createSequence(scope, definition);
    const { versionId } = await publishSequence(scope, id, definition);
    sequences.push({ id, versionId, definition });
  }
  const [welcome, noAnswer, checkIn] = sequences;
  const received = await receiveLeads(scope, demoLeads, { source: 'website', mayEnter: false });
  const leadIds = received.flatMap((one) => (one.outcome === 'rejected' ? [] : one.leadId));

  // These walk for real as soon as the worker is up: some wait, and who lacks a fleet size is blocked.
  await enrol(scope, { sequenceId: checkIn!.id, leadIds: leadIds.slice(0, 9), enteredBy: 'demo' });
  await past(scope, welcome!, leadIds.slice(10, 13), {
    status: 'completed',
    reason: null,
    days: 12,
  });
  await past(scope, welcome!, leadIds.slice(13, 16), {
    status: 'paused',
    reason: 'replied',
    days: 3,
  });
  await past(scope, noAnswer!, leadIds.slice(16, 18), {
    status: 'stopped',
    reason: 'unsubscribed',
    days: 6,
  });
  await past(scope, noAnswer!, leadIds.slice(18, 20), {
    status: 'stopped',
    reason: 'meeting',
    days: 9,
  });
}

interface Story {
  status: 'completed' | 'paused' | 'stopped';
  reason: string | null;
  days: number;
}

/** What happened before there was a product: the mail that went out, and how it ended. */
async function past(
  scope: Scope,
  sequence: { id: string; versionId: string; definition: (typeof demoSequences)[number] },
  leadIds: string[],
  { status, reason, days }: Story,
): Promise<void> {
  const { db, workspaceId } = scope;
  const first = sequence.definition.steps[0]!;
  const began = new Date(Date.now() - days * DAY).toISOString();
  const later = new Date(Date.now() - (days - 1) * DAY).toISOString();
  const { rows } = await sql<{ id: string; leadId: string }>`
    with entered as (
      insert into enrolments (workspace_id, sequence_id, version_id, version, lead_id, contact_id, status, reason, because,
        entered_by, step_id, visit, enrolled_at, walked_at, paused_at, ended_at)
      select workspace_id, ${sequence.id}::uuid, ${sequence.versionId}::uuid, 1, id, contact_id, ${status}, ${reason},
        ${reason ? `${status}: ${reason}` : null}, 'demo', ${first.id}, 0, ${began}::timestamptz, ${began}::timestamptz,
        ${status === 'paused' ? later : null}::timestamptz, ${status === 'paused' ? null : later}::timestamptz
      from leads where id = any(${leadIds}::uuid[])
      returning *),
    sent as (
      insert into touches (workspace_id, enrolment_id, sequence_id, version, lead_id, contact_id, step_id, visit, channel,
        state, key, due_at, claimed_at, accepted_at, settled_at, provider, provider_id, sender, recipient, subject, body, created_at)
      select e.workspace_id, e.id, e.sequence_id, 1, e.lead_id, e.contact_id, ${first.id}, 0, 'email', 'delivered',
        e.id || ':${sql.raw(first.id)}:0:1', ${began}::timestamptz, ${began}::timestamptz, ${began}::timestamptz,
        ${began}::timestamptz, 'sandbox', 'demo-' || e.id, 'dana@northgate.example', c.email, 'Hello from Northgate',
        'Hi ' || c.first_name || ', thanks for getting in touch.', ${began}::timestamptz
      from entered e join contacts c on c.id = e.contact_id),
    decided as (
      insert into decisions (workspace_id, enrolment_id, lead_id, step_id, visit, outcome, rule, because, version, key, at)
      select workspace_id, id, lead_id, ${first.id}, 0, 'sent', 'send', 'Sent as step ' || ${first.id}::text || ' says', 1,
        'demo:sent', ${began}::timestamptz from entered),
    told as (
      insert into activities (workspace_id, lead_id, kind, title, actor, at, data)
      select workspace_id, lead_id, 'email_sent', 'Email sent: Hello from Northgate', 'engine', ${began}::timestamptz,
        json_build_object('enrolmentId', id) from entered)
    select id, lead_id from entered`.execute(db);
  if (status !== 'paused') return;
  for (const { id, leadId } of rows) {
    const answer = 'Interested. What would it cost for all of our vehicles, installed?';
    await sql`
      with lead as (select l.*, c.email from leads l join contacts c on c.id = l.contact_id where l.id = ${leadId}),
      told as (
        insert into messages (workspace_id, direction, channel, lead_id, contact_id, enrolment_id, sender, recipient,
          subject, body, provider, provider_id, matched_by, confidence, at)
        select workspace_id, 'in', 'email', id, contact_id, ${id}::uuid, email, 'dana@northgate.example',
          'Re: Hello from Northgate', ${answer}, 'sandbox', 'demo-reply-' || id, 'references', 1, ${later}::timestamptz from lead)
      insert into tasks (workspace_id, lead_id, kind, title, because, due_at)
      select workspace_id, id, 'reply', 'Answer ' || email, ${answer}, ${later}::timestamptz from lead`.execute(
      db,
    );
    // Its workflow waits in the pause until somebody resumes it.
    const input = {
      workspaceId,
      enrolmentId: id,
      versionId: sequence.versionId,
      leadId,
      enrolledAt: began,
    };
    await startLater(scope, {
      workflow: 'enrolment',
      workflowId: `enrolment:${id}`,
      input: [input],
    });
  }
}
