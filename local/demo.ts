import { randomBytes } from 'node:crypto';
import { createAuth } from '#db/auth.ts';
import { connect } from '#db/client.ts';
import { enrol } from '#db/entering.ts';
import { receiveLeads } from '#db/leads.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import { saveSender } from '#db/senders.ts';
import { createSequence, publishSequence } from '#db/sequences.ts';
import { suppress } from '#db/suppressions.ts';
import { seedWorkspace } from '#db/taxonomies.ts';
import { tellDeals } from './demo-deals.ts';
import { demoLeads } from './demo-people.ts';
import { demoSequences } from './demo-sequences.ts';
import { giveOwners, setStanding, spreadOverWeeks } from './demo-standing.ts';
import { type Chapter, type DemoSequence, tellAnswer, tellPast } from './demo-story.ts';

interface SignIn {
  email: string;
  password: string;
}

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
    const leadIds = await inWorkspace(db, who, async (scope) => {
      await seedWorkspace(scope);
      await addMembers(scope, [
        { userId: ids[0]!, name: owner.name, email: owner.email, role: 'owner' },
        { userId: ids[1]!, name: rep.name, email: rep.email, role: 'rep' },
      ]);
      return fill(scope, ids);
    });
    await spreadOverWeeks(db, workspaceId, leadIds);
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

async function fill(scope: Scope, userIds: string[]): Promise<string[]> {
  const sequences: DemoSequence[] = [];
  for (const definition of demoSequences) {
    const { id } = await createSequence(scope, definition);
    const { versionId } = await publishSequence(scope, id, definition);
    sequences.push({ id, versionId, definition });
  }
  const [welcome, noAnswer, checkIn] = sequences as [DemoSequence, DemoSequence, DemoSequence];
  const received = await receiveLeads(scope, demoLeads, { source: 'website', mayEnter: false });
  const leadIds = received.flatMap((one) => (one.outcome === 'rejected' ? [] : one.leadId));
  await giveOwners(scope, leadIds, userIds);

  // These walk for real as soon as the worker is up: some wait, and who lacks a fleet size is blocked.
  await enrol(scope, { sequenceId: checkIn.id, leadIds: leadIds.slice(0, 9), enteredBy: 'demo' });
  for (const chapter of pastOf(welcome, noAnswer, leadIds)) await tellPast(scope, chapter);
  for (const [n, answer] of answers.entries()) await tellAnswer(scope, leadIds[13 + n]!, answer);
  for (const leadId of leadIds.slice(16, 18)) await unsubscribe(scope, leadId);
  await setStanding(scope, leadIds);
  await tellDeals(scope, userIds);
  return leadIds;
}

const hello = {
  ...{ id: 'hello', after: 0, subject: 'Your fleet and Northgate' },
  body: 'thanks for getting in touch. What would you like to know first?',
};
const missed = {
  ...{ id: 'missed', after: 0, subject: 'Sorry I missed you' },
  body: 'I just tried to call. When would suit you tomorrow?',
};
const answers = [
  {
    text: 'Interested. What would it cost for all of our trucks, installed?',
    hours: 0.4,
    due: 1.5,
  },
  { text: 'Can you send the sums for twenty vans? We decide on Friday.', hours: 2.2, due: 4 },
  { text: 'Yes, call me after 4', hours: 19, due: 2.5, channel: 'sms' as const },
];

function pastOf(welcome: DemoSequence, noAnswer: DemoSequence, leadIds: string[]): Chapter[] {
  const whole = [
    hello,
    { id: 'two-days', after: 2 },
    { id: 'nudge', after: 2.1, body: 'did my mail reach you? Happy to call.' },
    { id: 'three-days', after: 5.1 },
    {
      ...{ id: 'break-up', after: 5.2, subject: 'Shall I close your file?' },
      body: 'I have not heard from you, so this is my last mail.',
    },
  ];
  return [
    {
      ...{ sequence: welcome, leadIds: leadIds.slice(10, 13), steps: whole },
      ...{ status: 'completed', days: 12, lasted: 5.2 },
    },
    {
      ...{ sequence: welcome, leadIds: leadIds.slice(13, 16), steps: [hello] },
      ...{ status: 'active', days: 1.4 },
    },
    {
      ...{ sequence: noAnswer, leadIds: leadIds.slice(16, 18), steps: [missed] },
      ...{ status: 'stopped', reason: 'unsubscribed', because: 'asked to be left alone' },
      ...{ days: 6, lasted: 0.3 },
    },
    {
      ...{ sequence: noAnswer, leadIds: leadIds.slice(18, 20), steps: [missed] },
      ...{ status: 'stopped', reason: 'meeting', because: 'a meeting was booked' },
      ...{ days: 9, lasted: 1 },
    },
  ];
}

/** Who left by the link is written to no more. */
async function unsubscribe(scope: Scope, leadId: string): Promise<void> {
  const { contactId, address } = await scope.db
    .selectFrom('leads')
    .innerJoin('contacts', 'contacts.id', 'leads.contactId')
    .select(['contacts.id as contactId', 'contacts.email as address'])
    .where('leads.id', '=', leadId)
    .executeTakeFirstOrThrow();
  const wish = { contactId, address: address!, reason: 'unsubscribed', source: 'link' };
  await suppress(scope, { channel: 'email', ...wish });
}
