import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { aLead, aSequence } from '#tests/leads.ts';
import { enrol } from './entering.ts';
import type { Scope } from './scope.ts';
import { addTask } from './tasks.ts';
import { doneOf, snoozedOf } from './today-views.ts';
import { settleToday, snoozeToday, todayOf } from './today.ts';

const later = '2099-01-01T00:00:00.000Z';

test('everything that was put off in Today is listed with whom it is about', async ({ inside }) => {
  const ids = await inside(fillToday);
  for (const id of ids) await inside((scope) => snoozeToday(scope, id, later));
  const items = await inside((scope) => snoozedOf(scope));
  expect(items.map(({ id }) => id).sort()).toEqual(ids);
  expect(new Set(items.map(({ kind }) => kind))).toEqual(
    new Set(['blocked', 'task', 'unassigned']),
  );
  expect(items).toMatchObject(ids.map(() => ({ dueAt: later, leadName: 'Ann' })));
  expect((await inside((scope) => todayOf(scope))).counts).toMatchObject({ queue: 0, snoozed: 3 });
  expect(await inside((scope) => snoozedOf(scope, 'dana'))).toEqual([]);
  expect(await inside((scope) => doneOf(scope))).toEqual([]);
});

test('everything that was ticked off in Today is listed until midnight', async ({ inside }) => {
  const ids = await inside(fillToday);
  for (const id of ids) await inside((scope) => settleToday(scope, id));
  const done = await inside((scope) => doneOf(scope));
  expect(done.map(({ id }) => id).sort()).toEqual(ids);
  expect(await inside((scope) => snoozedOf(scope))).toEqual([]);
  await inside(({ db }) =>
    db.updateTable('todayMarks').set({ doneAt: '2026-01-01T00:00:00Z' }).execute(),
  );
  expect(await inside((scope) => doneOf(scope))).toMatchObject([{ kind: 'task', because: 'done' }]);
});

/** A task, a walk that is blocked and a lead that nobody owns. */
async function fillToday(scope: Scope): Promise<string[]> {
  const leadId = await aLead(scope, { email: 'ann@acme.example', firstName: 'Ann' });
  const { id } = await addTask(scope, { leadId, kind: 'task', title: 'Send the quote' });
  const sequenceId = await aSequence(scope);
  await enrol(scope, { sequenceId, leadIds: [leadId], enteredBy: 'rep' });
  await scope.db.updateTable('enrolments').set({ status: 'blocked', because: 'no' }).execute();
  await scope.db.updateTable('leads').set({ intakeProblem: 'no' }).execute();
  const { items } = await todayOf(scope);
  expect(items.map(({ id }) => id)).toContain(`task:${id}`);
  return items.map(({ id }) => id).sort();
}
