import { sql } from 'kysely';
import { expect } from 'vitest';
import { stopEnrolments } from '#db/standing.ts';
import { test } from '#tests/db.ts';
import { always, depsFor, entered, mail, published } from '#tests/sequences.ts';
import { touchActivities } from './touches.ts';

function since(): string {
  return new Date().toISOString();
}

test('an activity that is retried twenty times leaves one row in each ledger, decisions, activities and mailbox', async ({
  db,
  who,
  inside,
}) => {
  const { touch } = touchActivities(depsFor(db));
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, [mail])).sequenceId),
  );
  const { enrolmentId } = person!;
  const step = { ...who, enrolmentId, stepId: 'first', visit: 0, since: since() };
  const answers = [];
  for (let round = 0; round < 20; round += 1) answers.push(await touch(step));
  expect(new Set(answers.map(({ is }) => is))).toEqual(new Set(['sent']));
  const counts = await inside(async ({ db }) => {
    const { rows } = await sql`select
      (select count(*) from touches where enrolment_id = ${enrolmentId}) as touches,
      (select count(*) from decisions where enrolment_id = ${enrolmentId}) as decisions,
      (select count(*) from activities where key like 'sent:%') as lines,
      (select count(*) from sandbox_messages) as messages,
      (select max(times) from sandbox_messages) as times`.execute(db);
    return rows[0];
  });
  expect(counts).toEqual({ touches: 1, decisions: 1, lines: 1, messages: 1, times: 1 });
});

test('a mail says who unsubscribes where, who answers to what, and what it is an answer to', async ({
  db,
  who,
  inside,
}) => {
  const { touch } = touchActivities(depsFor(db));
  const steps = [mail, { ...mail, id: 'second', thread: 'first', body: 'Still there?' }];
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, steps)).sequenceId),
  );
  const { enrolmentId } = person!;
  await touch({ ...who, enrolmentId, stepId: 'first', visit: 0, since: since() });
  await touch({ ...who, enrolmentId, stepId: 'second', visit: 1, since: since() });
  const [one, two] = await inside(({ db }) =>
    db.selectFrom('sandboxMessages').selectAll().orderBy('id').execute(),
  );
  const headers = one!.headers as Record<string, string>;
  expect(one).toMatchObject({ subject: 'Hi Ada', recipient: person!.email });
  expect(headers['List-Unsubscribe']).toMatch(
    /^<http:\/\/throughline\.example\/unsubscribe\/[\w.-]+>$/,
  );
  expect(headers['List-Unsubscribe']).not.toContain('ada');
  expect(headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
  expect(two!.headers).toMatchObject({ 'In-Reply-To': headers['Message-ID'] });
  expect(two!.subject).toBe('Re: Hi Ada');
});

test('a missing variable blocks the step with its name, and nothing is sent with a hole in it', async ({
  db,
  who,
  inside,
}) => {
  const { touch } = touchActivities(depsFor(db));
  const steps = [{ ...mail, body: 'Your {{contact.title}} friend' }];
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, steps)).sequenceId),
  );
  const { enrolmentId } = person!;
  const answer = await touch({ ...who, enrolmentId, stepId: 'first', visit: 0, since: since() });
  expect(answer).toMatchObject({
    is: 'blocked',
    because: expect.stringContaining('contact.title'),
  });
  const { messages, status } = await inside(async ({ db }) => ({
    messages: await db.selectFrom('sandboxMessages').selectAll().execute(),
    status: await db.selectFrom('enrolments').select(['status', 'reason']).executeTakeFirst(),
  }));
  expect(messages).toEqual([]);
  expect(status).toEqual({ status: 'blocked', reason: 'missing-variable' });
});

test('a message that may not go yet is held until the window opens, and says so', async ({
  db,
  who,
  inside,
}) => {
  const { touch } = touchActivities(depsFor(db, { now: () => '2026-07-03T23:30:00.000Z' }));
  const schedule = { ...always, days: ['mon'], from: '09:00', to: '17:00' };
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, [mail], { schedule })).sequenceId),
  );
  const { enrolmentId } = person!;
  const at = '2026-07-03T23:30:00.000Z';
  const answer = await touch({ ...who, enrolmentId, stepId: 'first', visit: 0, since: at });
  expect(answer).toMatchObject({ is: 'held', until: expect.stringMatching(/^2026-07-06T09:/) });
  const { state } = await inside(({ db }) =>
    db.selectFrom('touches').select('state').executeTakeFirstOrThrow(),
  );
  expect(state).toBe('held');
});

test('whoever left while a message was being sent is not written to again: it stays in doubt', async ({
  db,
  who,
  inside,
}) => {
  const { touch } = touchActivities(depsFor(db));
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, [mail])).sequenceId),
  );
  const { enrolmentId } = person!;
  const step = { ...who, enrolmentId, stepId: 'first', visit: 0, since: since() };
  await touch(step);
  await inside(async (scope) => {
    // As a worker that was killed between the claim and the answer leaves it.
    await sql`update touches set state = 'claimed', accepted_at = null`.execute(scope.db);
    await sql`delete from sandbox_messages`.execute(scope.db);
    const stop = { reason: 'unsubscribed', because: 'asked', eventId: 'one' } as const;
    const { claimed } = await stopEnrolments(scope, { enrolmentId }, stop);
    expect(claimed).toHaveLength(1);
  });
  expect(await touch(step)).toMatchObject({ is: 'left' });
  const { state, sent } = await inside(async ({ db }) => ({
    ...(await db.selectFrom('touches').select('state').executeTakeFirstOrThrow()),
    sent: await db.selectFrom('sandboxMessages').selectAll().execute(),
  }));
  expect({ state, sent }).toEqual({ state: 'unknown', sent: [] });
});
