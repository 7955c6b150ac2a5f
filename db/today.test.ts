import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { aLead, aMember, aSequence } from '#tests/leads.ts';
import { enrol } from './entering.ts';
import type { Scope } from './scope.ts';
import { addTask, completeTask, reopenTask, snoozeTask } from './tasks.ts';
import { seedWorkspace } from './taxonomies.ts';
import { settleToday, snoozeToday, todayOf } from './today.ts';
import { timelineOf } from './timeline.ts';

const later = '2099-01-01T00:00:00.000Z';

test('today shows what is due with its reason, replies first', async ({ inside }) => {
  const leadId = await inside((scope) =>
    aLead(scope, { email: 'ann@acme.example', firstName: 'Ann', company: 'Acme' }),
  );
  await inside((scope) => addTask(scope, { leadId, kind: 'task', title: 'Send the quote' }));
  await inside((scope) =>
    addTask(scope, { leadId, kind: 'call', title: 'Call Ann', dueAt: later }),
  );
  await inside((scope) => reply(scope, leadId));
  const { items, counts } = await inside((scope) => todayOf(scope));
  expect(items).toMatchObject([
    {
      kind: 'reply',
      action: 'reply',
      leadName: 'Ann',
      companyName: 'Acme',
      because: 'She answered.',
    },
    { kind: 'task', action: 'done', title: 'Send the quote' },
  ]);
  expect(counts).toEqual({ queue: 2, snoozed: 0, done: 0 });
});

test('what is put off is counted and gone until then, and what is done is done', async ({
  inside,
}) => {
  const leadId = await inside((scope) => aLead(scope));
  const [a, b] = await inside(async (scope) => [
    await addTask(scope, { leadId, kind: 'task', title: 'One' }),
    await addTask(scope, { leadId, kind: 'call', title: 'Two' }),
  ]);
  await inside((scope) => snoozeToday(scope, `task:${a!.id}`, later));
  await inside((scope) => settleToday(scope, `task:${b!.id}`));
  const today = await inside((scope) => todayOf(scope));
  expect(today).toMatchObject({ items: [], counts: { queue: 0, snoozed: 1, done: 1 } });
  await inside((scope) => reopenTask(scope, b!.id));
  expect((await inside((scope) => todayOf(scope))).items).toMatchObject([{ title: 'Two' }]);
});

test('a lead that nobody owns or that could not be taken in stands in today', async ({
  inside,
}) => {
  const a = await inside((scope) => aLead(scope));
  const b = await inside((scope) => aLead(scope));
  await inside(({ db }) =>
    db.updateTable('leads').set({ intakeAt: '2026-01-01T00:00:00Z' }).where('id', '=', a).execute(),
  );
  await inside(({ db }) =>
    db.updateTable('leads').set({ intakeProblem: 'no' }).where('id', '=', b).execute(),
  );
  const { items } = await inside((scope) => todayOf(scope));
  expect(items).toMatchObject([
    { id: `lead:${b}`, kind: 'unassigned', because: 'no' },
    { id: `lead:${a}`, kind: 'unassigned', action: 'assign' },
  ]);
  await inside((scope) => snoozeToday(scope, `lead:${a}`, later));
  await inside((scope) => settleToday(scope, `lead:${b}`));
  const after = await inside((scope) => todayOf(scope));
  expect(after.counts).toEqual({ queue: 0, snoozed: 1, done: 1 });
});

test('a blocked walk is shown to the owner of its lead and not to other reps', async ({
  inside,
}) => {
  await inside((scope) => aMember(scope, { userId: 'dana' }));
  const leadId = await inside((scope) => aLead(scope));
  const sequenceId = await inside((scope) => aSequence(scope));
  await inside((scope) => enrol(scope, { sequenceId, leadIds: [leadId], enteredBy: 'rep' }));
  await inside(async ({ db }) => {
    await db.updateTable('leads').set({ ownerId: 'dana' }).execute();
    await db
      .updateTable('enrolments')
      .set({ status: 'blocked', because: 'fleetSize is missing' })
      .execute();
  });
  const hers = await inside((scope) => todayOf(scope, 'dana'));
  expect(hers.items).toMatchObject([
    { kind: 'blocked', action: 'fix', because: 'fleetSize is missing' },
  ]);
  expect((await inside((scope) => todayOf(scope, 'rep'))).items).toEqual([]);
});

test('fourteen days are promised and say what each will bring', async ({ inside }) => {
  const leadId = await inside((scope) => aLead(scope));
  const tomorrow = new Date(Date.now() + 24 * 3600 * 1000).toISOString();
  await inside((scope) => addTask(scope, { leadId, kind: 'call', title: 'Call', dueAt: tomorrow }));
  const { promised } = await inside((scope) => todayOf(scope));
  expect(promised).toHaveLength(14);
  expect(promised[1]).toMatchObject({ date: tomorrow.slice(0, 10), call: 1, email: 0 });
  const { items } = await inside((scope) => timelineOf(scope, leadId, { limit: 10 }));
  expect(items[0]).toMatchObject({ title: 'Call', promised: true, channel: 'call' });
});

test('a task that a walk waits for is told to it once', async ({ inside }) => {
  await inside(seedWorkspace);
  const leadId = await inside((scope) => aLead(scope));
  const steps = [{ id: 'ring', kind: 'call', title: 'Call', pause: 'until-done' }];
  const sequenceId = await inside((scope) => aSequence(scope, { steps }));
  await inside((scope) => enrol(scope, { sequenceId, leadIds: [leadId], enteredBy: 'rep' }));
  const { id } = await inside(({ db }) =>
    db.selectFrom('tasks').select('id').executeTakeFirstOrThrow(),
  );
  await inside((scope) => completeTask(scope, id, { tag: 'left-voicemail' }));
  await inside((scope) => completeTask(scope, id));
  const signals = await inside(({ db }) =>
    db.selectFrom('outbox').select('messageId').where('kind', '=', 'signal').execute(),
  );
  expect(signals.map(({ messageId }) => messageId)).toEqual([
    `task.done:${id}`,
    `tag:${leadId}:left-voicemail:1`,
  ]);
});

test('a cancelled task cannot be done and what is unknown is not there', async ({ inside }) => {
  const leadId = await inside((scope) => aLead(scope));
  const { id } = await inside((scope) => addTask(scope, { leadId, kind: 'task', title: 'One' }));
  await inside(({ db }) =>
    db.updateTable('tasks').set({ cancelledAt: '2026-01-01T00:00:00Z' }).execute(),
  );
  await expect(inside((scope) => completeTask(scope, id))).rejects.toThrow('was cancelled');
  await expect(inside((scope) => snoozeTask(scope, id, later))).rejects.toThrow('is not open');
  for (const item of [`lead:${crypto.randomUUID()}`, 'nonsense', crypto.randomUUID()]) {
    await expect(inside((scope) => settleToday(scope, item))).rejects.toThrow(
      'There is no such thing in Today.',
    );
  }
});

async function reply({ db, workspaceId }: Scope, leadId: string): Promise<void> {
  const row = {
    workspaceId,
    leadId,
    kind: 'reply',
    title: 'Ann replied',
    because: 'She answered.',
  };
  await db
    .insertInto('tasks')
    .values({ ...row, assigneeId: 'rep' })
    .execute();
}
