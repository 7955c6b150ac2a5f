import { sql } from 'kysely';
import { expect } from 'vitest';
import { touchActivities } from '#activities/touches.ts';
import { test } from '#tests/db.ts';
import { aLead } from '#tests/leads.ts';
import { depsFor, entered, mail, published } from '#tests/sequences.ts';
import { addNote, changeLead } from './lead-changes.ts';
import { receiveMessage } from './replies.ts';
import { addTask, completeTask } from './tasks.ts';
import { seedWorkspace } from './taxonomies.ts';
import { timelineOf } from './timeline.ts';

test('a lead has notes, tasks, calls, mails and changes of stage in one history', async ({
  inside,
}) => {
  await inside(seedWorkspace);
  const leadId = await inside((scope) => aLead(scope, { email: 'ann@acme.example' }));
  await inside((scope) => addNote(scope, leadId, 'Renewal in May.'));
  for (const kind of ['task', 'call'] as const) {
    const { id } = await inside((scope) => addTask(scope, { leadId, kind, title: kind }));
    await inside((scope) => completeTask(scope, id, { outcome: 'done' }));
  }
  await inside((scope) =>
    receiveMessage(scope, {
      ...{ channel: 'email', kind: 'reply', provider: 'sandbox', providerId: '1', to: null },
      ...{ from: 'ann@acme.example', text: 'Yes', at: new Date().toISOString() },
    }),
  );
  await inside((scope) => changeLead(scope, leadId, { stage: 'QUALIFIED' }));
  const { items } = await inside((scope) => timelineOf(scope, leadId, { limit: 50 }));
  const kinds = items.filter(({ promised }) => !promised).map(({ kind }) => kind);
  expect(kinds).toEqual([
    ...['stage_changed', 'message', 'call_done', 'task_done', 'note', 'lead_received'],
  ]);
});

test('a mail that went out is told once', async ({ db, who, inside }) => {
  const { touch } = touchActivities(depsFor(db));
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, [mail])).sequenceId),
  );
  const { enrolmentId, leadId } = person!;
  const since = new Date().toISOString();
  await touch({ ...who, enrolmentId, stepId: 'first', visit: 0, since });
  const { items } = await inside((scope) => timelineOf(scope, leadId, { limit: 50 }));
  const told = items.filter(({ promised }) => !promised).map(({ kind }) => kind);
  expect(told).toEqual(['touch', 'enrolled', 'lead_received']);
});

test('what happened can be neither changed nor taken away', async ({ inside }) => {
  const leadId = await inside((scope) => aLead(scope));
  await inside((scope) => addNote(scope, leadId, 'Renewal in May.'));
  for (const table of ['activities', 'decisions']) {
    const attempts = [
      sql`update ${sql.table(table)} set lead_id = lead_id`,
      sql`delete from ${sql.table(table)}`,
    ];
    for (const attempt of attempts)
      await expect(inside(({ db }) => attempt.execute(db))).rejects.toMatchObject({
        code: '42501',
      });
  }
  const { items } = await inside((scope) => timelineOf(scope, leadId, { limit: 50 }));
  expect(items.map(({ kind }) => kind)).toEqual(['note', 'lead_received']);
});
