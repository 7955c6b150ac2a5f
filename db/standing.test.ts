import { sql } from 'kysely';
import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { aLead, aSequence } from '#tests/leads.ts';
import { stopEnrolment } from './commands.ts';
import { enrol } from './entering.ts';
import { receiveMessage } from './replies.ts';
import type { Scope } from './scope.ts';

const mail = { id: 'hi', kind: 'email', subject: 'Hi', body: 'Hi' };

test('tasks that are certain stand there from the start with the day they are due, and are cancelled and kept when their sequence stops', async ({
  inside,
}) => {
  const steps = [
    mail,
    { id: 'rest', kind: 'wait', for: { days: 2 } },
    { id: 'ring', kind: 'call', title: 'Call Ann', due: { hours: 4 } },
    { id: 'fork', kind: 'branch', if: { field: 'lead.status', operator: 'is_empty' }, then: [] },
    { id: 'later', kind: 'task', title: 'Nobody knows whether' },
  ];
  const leadId = await inside((scope) => aLead(scope));
  const sequenceId = await inside((scope) => aSequence(scope, { steps }));
  const [entered] = await inside((scope) =>
    enrol(scope, { sequenceId, leadIds: [leadId], enteredBy: 'rep' }),
  );
  const tasks = await inside(({ db }) =>
    db
      .selectFrom('tasks as t')
      .innerJoin('enrolments as e', 'e.id', 't.enrolmentId')
      .select(['t.title', 't.leadId', 't.dueAt', 'e.enrolledAt'])
      .execute(),
  );
  expect(tasks).toMatchObject([{ title: 'Call Ann', leadId }]);
  const [{ dueAt, enrolledAt }] = tasks as [(typeof tasks)[number]];
  expect(Date.parse(dueAt!) - Date.parse(enrolledAt)).toBe((2 * 24 + 4) * 3600 * 1000);
  await inside((scope) => stopEnrolment(scope, entered!.enrolmentId!, crypto.randomUUID()));
  const kept = await inside(({ db }) =>
    db.selectFrom('tasks').select(['cancelledAt', 'doneAt', 'outcome']).execute(),
  );
  expect(kept).toEqual([
    { cancelledAt: expect.any(String) as string, doneAt: null, outcome: 'manual' },
  ]);
});

test('one answer settles every sequence of that person as each says, and those of nobody else', async ({
  inside,
}) => {
  const email = 'ann@acme.example';
  const [ann, bob] = await inside(async (scope) => [
    await aLead(scope, { email }),
    await aLead(scope, { email: 'bob@ray.example' }),
  ]);
  for (const onReply of ['pause', 'pause', 'stop', 'ignore'])
    for (const leadId of [ann!, bob!]) {
      const sequenceId = await inside((scope) => sequenceOf(scope, onReply));
      await inside((scope) => enrol(scope, { sequenceId, leadIds: [leadId], enteredBy: 'rep' }));
    }
  await inside((scope) =>
    receiveMessage(scope, {
      ...{ channel: 'email', kind: 'reply', provider: 'sandbox', providerId: '1' },
      ...{ from: email, to: null, text: 'Yes', at: new Date().toISOString() },
    }),
  );
  const rows = await inside(({ db }) =>
    db
      .selectFrom('enrolments as e')
      .innerJoin('sequences as s', 's.id', 'e.sequenceId')
      .select(['e.leadId', 's.name', 'e.status', 'e.reason'])
      .orderBy('e.id')
      .execute(),
  );
  function of(leadId: string): string[] {
    const own = rows.filter((row) => row.leadId === leadId);
    return own.map(({ name, status }) => `${name}: ${status}`);
  }
  expect(of(ann!)).toEqual(['pause: paused', 'pause: paused', 'stop: stopped', 'ignore: active']);
  expect(of(bob!)).toEqual(['pause: active', 'pause: active', 'stop: active', 'ignore: active']);
});

async function sequenceOf(scope: Scope, onReply: string): Promise<string> {
  const id = await aSequence(scope, { name: onReply, steps: [mail] });
  const definition = sql<string>`jsonb_set(definition, '{onReply}', to_jsonb(${onReply}::text))`;
  await scope.db
    .updateTable('sequenceVersions')
    .set({ definition })
    .where('sequenceId', '=', id)
    .execute();
  return id;
}
