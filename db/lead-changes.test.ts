import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { aLead, aMember, aSequence } from '#tests/leads.ts';
import { enrol } from './entering.ts';
import { doToLeads } from './lead-bulk.ts';
import { addNote, changeLead } from './lead-changes.ts';
import { getLead } from './lead-detail.ts';
import { funnelOf } from './lead-funnel.ts';
import { receiveLeads } from './leads.ts';
import { seedWorkspace } from './taxonomies.ts';
import { timelineOf } from './timeline.ts';

const soon = '2030-01-01T09:00:00.000Z';

test('a lead cannot be qualified without a next action and its date', async ({ inside }) => {
  const id = await inside((scope) => aLead(scope));
  await expect(inside((scope) => changeLead(scope, id, { status: 'qualified' }))).rejects.toThrow(
    'A qualified lead needs a next action with its date.',
  );
  await inside((scope) =>
    changeLead(scope, id, { status: 'qualified', nextAction: 'Call', nextActionAt: soon }),
  );
  await expect(inside((scope) => changeLead(scope, id, { nextActionAt: null }))).rejects.toThrow(
    'A qualified lead needs a next action with its date.',
  );
  expect(await inside((scope) => getLead(scope, id))).toMatchObject({
    ...{ status: 'qualified', nextAction: 'Call', nextActionAt: soon },
  });
});

test('disqualified is another word for unqualified, and spam and converted have columns', async ({
  inside,
}) => {
  const [a, b, c] = await inside(async (scope) => [
    await aLead(scope),
    await aLead(scope),
    await aLead(scope),
  ]);
  await inside(async (scope) => {
    await changeLead(scope, a!, { status: 'Disqualified' });
    await changeLead(scope, b!, { status: 'spam' });
    await changeLead(scope, c!, { status: 'converted' });
  });
  expect(await inside((scope) => getLead(scope, a!))).toMatchObject({ status: 'unqualified' });
  expect(await inside((scope) => getLead(scope, b!))).toMatchObject({ isSpam: true });
  expect(await inside((scope) => getLead(scope, c!))).toMatchObject({ isConverted: true });
  await expect(inside((scope) => changeLead(scope, a!, { status: 'great' }))).rejects.toThrow(
    'The status “great” is not one of ours.',
  );
});

test('a change of an older state is refused and shows both', async ({ inside }) => {
  const id = await inside((scope) => aLead(scope));
  const { updatedAt } = await inside((scope) => getLead(scope, id));
  await inside((scope) => changeLead(scope, id, { updatedAt, nextAction: 'Call' }));
  const late = inside((scope) => changeLead(scope, id, { updatedAt, nextAction: 'Write' }));
  await expect(late).rejects.toMatchObject({
    reason: 'conflict',
    faults: [{ field: 'nextAction', message: 'It is “Call” by now; you wanted “Write”.' }],
  });
});

test('moving to won and lost is dated and taken back when it moves on', async ({ inside }) => {
  await inside(seedWorkspace);
  const id = await inside((scope) => aLead(scope));
  await inside((scope) => changeLead(scope, id, { stage: 'WON' }));
  const won = await inside((scope) => getLead(scope, id));
  expect(won.wonAt).not.toBeNull();
  await inside((scope) => changeLead(scope, id, { stage: 'LOST' }));
  const lost = await inside((scope) => getLead(scope, id));
  expect([lost.wonAt, lost.lostAt === null]).toEqual([null, false]);
  const { items } = await inside((scope) => timelineOf(scope, id, { limit: 50 }));
  expect(items.filter(({ kind }) => kind === 'stage_changed').map(({ title }) => title)).toEqual([
    'Stage “WON” → “LOST”',
    'Stage “NEW” → “WON”',
  ]);
  await expect(inside((scope) => changeLead(scope, id, { stage: 'MOON' }))).rejects.toThrow();
});

test('a new owner is told unless they did it themselves', async ({ inside }) => {
  await inside((scope) => aMember(scope, { userId: 'rep' }));
  await inside((scope) => aMember(scope, { userId: 'dana' }));
  const id = await inside((scope) => aLead(scope));
  await inside((scope) => changeLead(scope, id, { ownerId: 'dana' }));
  await inside((scope) => changeLead(scope, id, { ownerId: 'rep' }));
  const told = await inside(({ db }) => db.selectFrom('notifications').select('userId').execute());
  expect(told).toEqual([{ userId: 'dana' }]);
  await expect(inside((scope) => changeLead(scope, id, { ownerId: 'nobody' }))).rejects.toThrow(
    'There is no such member.',
  );
});

test('an address that another contact has is refused and a new one is looked into', async ({
  inside,
}) => {
  const id = await inside((scope) => aLead(scope, { email: 'ann@acme.example' }));
  await inside((scope) => aLead(scope, { email: 'bob@acme.example' }));
  const taken = inside((scope) =>
    changeLead(scope, id, { contact: { email: 'BOB@acme.example' } }),
  );
  await expect(taken).rejects.toThrow('Another contact has this address already.');
  await inside((scope) =>
    changeLead(scope, id, { contact: { email: 'ann.lee@acme.example', firstName: 'Ann' } }),
  );
  const [found] = await inside((scope) => receiveLeads(scope, [{ email: 'Ann.Lee@acme.example' }]));
  expect(found).toMatchObject({ outcome: 'matched', leadId: id });
  await expect(
    inside((scope) => changeLead(scope, id, { contact: { timeZone: 'Mars/Base' } })),
  ).rejects.toThrow('is not a time zone');
});

test('a person has one open lead, also when an old one is opened again', async ({ inside }) => {
  const id = await inside((scope) => aLead(scope, { email: 'ann@acme.example' }));
  await inside((scope) => changeLead(scope, id, { status: 'unqualified' }));
  await inside((scope) => aLead(scope, { email: 'ann@acme.example' }));
  await expect(inside((scope) => changeLead(scope, id, { status: 'new' }))).rejects.toThrow(
    'This person has another open lead already.',
  );
});

test('closing a lead ends its sequences', async ({ inside }) => {
  const id = await inside((scope) => aLead(scope));
  const sequenceId = await inside((scope) => aSequence(scope));
  await inside((scope) => enrol(scope, { sequenceId, leadIds: [id], enteredBy: 'rep' }));
  await inside((scope) => changeLead(scope, id, { status: 'converted' }));
  const { enrolments } = await inside((scope) => getLead(scope, id));
  expect(enrolments).toMatchObject([{ status: 'stopped', reason: 'converted', sequence: 'Hello' }]);
});

test('many leads are changed at once and each says what became of it', async ({ inside }) => {
  await inside(seedWorkspace);
  const ids = await inside(async (scope) => [await aLead(scope), await aLead(scope)]);
  const nobody = crypto.randomUUID();
  const sequenceId = await inside((scope) => aSequence(scope));
  const all = [...ids, nobody];
  const refused = { leadId: nobody, refused: 'There is no such lead.' };
  const tagged = await inside((scope) =>
    doToLeads(scope, all, { action: 'tag', slug: 'callback' }),
  );
  expect(tagged).toEqual([{ leadId: ids[0] }, { leadId: ids[1] }, refused]);
  const changed = await inside((scope) =>
    doToLeads(scope, all, { action: 'status', status: 'contacted' }),
  );
  expect(changed).toEqual([{ leadId: ids[0] }, { leadId: ids[1] }, refused]);
  const enrolled = await inside((scope) => doToLeads(scope, all, { action: 'enrol', sequenceId }));
  expect(enrolled.map((one) => Boolean(one.enrolmentId))).toEqual([true, true, false]);
  const qualified = await inside((scope) =>
    doToLeads(scope, ids, { action: 'status', status: 'qualified' }),
  );
  expect(qualified[0]!.refused).toBe('A qualified lead needs a next action with its date.');
  await inside((scope) => doToLeads(scope, ids, { action: 'untag', slug: 'callback' }));
  expect(await inside((scope) => getLead(scope, ids[0]!))).toMatchObject({
    status: 'contacted',
    tags: [],
  });
});

test('the funnel counts where leads have been, and spam nowhere', async ({ inside }) => {
  const ids = await inside(async (scope) => {
    const all: string[] = [];
    for (let n = 0; n < 4; n += 1) all.push(await aLead(scope));
    return all;
  });
  await inside(async (scope) => {
    await changeLead(scope, ids[0]!, { status: 'contacted' });
    await changeLead(scope, ids[0]!, { status: 'unqualified' });
    await changeLead(scope, ids[1]!, { status: 'qualified', nextActionAt: soon });
    await changeLead(scope, ids[1]!, { status: 'converted', stage: 'WON' });
    await changeLead(scope, ids[2]!, { status: 'contacted' });
    await changeLead(scope, ids[2]!, { status: 'spam' });
  });
  expect(await inside(funnelOf)).toEqual({
    ...{ new: 3, contacted: 2, qualified: 1, converted: 1, won: 1 },
  });
});

test('the timeline tells everything newest first, page by page', async ({ inside }) => {
  const id = await inside((scope) => aLead(scope));
  for (const text of ['one', 'two', 'three']) await inside((scope) => addNote(scope, id, text));
  const seen: (string | null)[] = [];
  let cursor: string | undefined;
  do {
    const page = await inside((scope) => timelineOf(scope, id, { limit: 2, cursor }));
    seen.push(...page.items.map(({ body, title }) => body ?? title));
    cursor = page.next ?? undefined;
  } while (cursor);
  expect(seen).toEqual(['three', 'two', 'one', 'Arrived from other']);
});
