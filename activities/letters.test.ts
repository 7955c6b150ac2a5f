import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { depsFor, entered, mail, published } from '#tests/sequences.ts';
import { touchActivities } from './touches.ts';

/** Noon in Phoenix, where area code 602 is. */
const noon = '2026-07-01T19:00:00.000Z';

test('a text ends with the name of who sends it, unless it does already', async ({
  db,
  who,
  inside,
}) => {
  const { touch } = touchActivities(depsFor(db, { now: () => noon }));
  const steps = [
    { id: 'bare', kind: 'sms', text: 'Hi {{contact.firstName}}, still looking?' },
    { id: 'signed', kind: 'sms', text: 'It is me again. sam' },
  ];
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, steps)).sequenceId),
  );
  await inside(({ db }) =>
    db.updateTable('contacts').set({ phoneE164: '+16025550142', smsEligible: true }).execute(),
  );
  const { enrolmentId } = person!;
  for (const [visit, stepId] of ['bare', 'signed'].entries())
    await touch({ ...who, enrolmentId, stepId, visit, since: noon });
  const texts = await inside(({ db }) =>
    db.selectFrom('sandboxMessages').select(['recipient', 'body']).orderBy('id').execute(),
  );
  expect(texts).toEqual([
    { recipient: '+16025550142', body: 'Hi Ada, still looking? - Sam' },
    { recipient: '+16025550142', body: 'It is me again. sam' },
  ]);
});

test('a number that cannot be texted is skipped and the ledger says why', async ({
  db,
  who,
  inside,
}) => {
  const { touch } = touchActivities(depsFor(db, { now: () => noon }));
  const steps = [{ id: 'text', kind: 'sms', text: 'Hi' }];
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, steps)).sequenceId),
  );
  await inside(({ db }) =>
    db.updateTable('contacts').set({ phoneE164: '+16025550142', smsEligible: false }).execute(),
  );
  const { enrolmentId } = person!;
  const answer = await touch({ ...who, enrolmentId, stepId: 'text', visit: 0, since: noon });
  expect(answer).toEqual({ is: 'skipped', because: 'The number cannot be texted.' });
  const row = await inside(({ db }) =>
    db.selectFrom('touches').select(['state', 'reason']).executeTakeFirstOrThrow(),
  );
  expect(row).toEqual({ state: 'skipped', reason: 'not-sms-eligible' });
});

test('steps send mails and texts and give tasks', async ({ db, who, inside }) => {
  const { touch } = touchActivities(depsFor(db, { now: () => noon }));
  const steps = [
    mail,
    { id: 'text', kind: 'sms', text: 'Hi' },
    { id: 'look', kind: 'task', title: 'Look up {{contact.firstName}}' },
  ];
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, steps)).sequenceId),
  );
  await inside(({ db }) =>
    db.updateTable('contacts').set({ phoneE164: '+16025550142', smsEligible: true }).execute(),
  );
  const { enrolmentId, email } = person!;
  const answers = [];
  for (const [visit, { id: stepId }] of steps.entries())
    answers.push(await touch({ ...who, enrolmentId, stepId, visit, since: noon }));
  expect(answers.map(({ is }) => is)).toEqual(['sent', 'sent', 'done']);
  const messages = await inside(({ db }) =>
    db.selectFrom('sandboxMessages').select(['channel', 'recipient']).orderBy('id').execute(),
  );
  expect(messages).toEqual([
    { channel: 'email', recipient: email },
    { channel: 'sms', recipient: '+16025550142' },
  ]);
  const tasks = await inside(({ db }) =>
    db.selectFrom('tasks').select(['kind', 'title']).execute(),
  );
  expect(tasks).toEqual([{ kind: 'task', title: 'Look up Ada' }]);
});
