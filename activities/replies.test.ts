import { sql } from 'kysely';
import { expect } from 'vitest';
import { receiveMessage } from '#db/replies.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import { suppress } from '#db/suppressions.ts';
import { test } from '#tests/db.ts';
import { depsFor, entered, mail, published } from '#tests/sequences.ts';
import { touchActivities } from './touches.ts';

function now(): string {
  return new Date().toISOString();
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function reply(from: string, more: object = {}) {
  const told = { channel: 'email' as const, kind: 'reply' as const, provider: 'sandbox' };
  const words = { to: null, text: 'Call me on Monday.', at: now() };
  return { ...told, ...words, providerId: crypto.randomUUID(), from, ...more };
}

test(
  'a reply in the same instant as a due send: nothing is claimed after it and what was claimed before is named',
  {
    timeout: 120_000,
  },
  async ({ db, who, inside }) => {
    const { touch } = touchActivities(depsFor(db));
    const people = await inside(async (scope) =>
      entered(scope, (await published(scope, [mail])).sequenceId, 200),
    );
    const seen = { sent: 0, paused: 0, named: 0 };

    function claimsOf({ db }: Scope, enrolmentId: string) {
      const touches = db.selectFrom('touches').select(['id', 'state']);
      return touches.where('enrolmentId', '=', enrolmentId).execute();
    }

    async function race({ enrolmentId, email }: (typeof people)[number], headStart: number) {
      const step = { ...who, enrolmentId, stepId: 'first', visit: 0, since: now() };
      async function answering() {
        await after(headStart);
        return inWorkspace(db, who, async (scope) => {
          const { claimed } = await receiveMessage(scope, reply(email));
          return {
            named: claimed.map(({ touchId }) => touchId),
            there: await claimsOf(scope, enrolmentId),
          };
        });
      }
      const [answer, { named, there }] = await Promise.all([
        after(-headStart).then(() => touch(step)),
        answering(),
      ]);
      const later = await inside((scope) => claimsOf(scope, enrolmentId));
      expect(later.map(({ id }) => id)).toEqual(there.map(({ id }) => id));
      // What was claimed before may be accepted while the acknowledgement is written.
      const open = there.filter(({ state }) => state === 'claimed').map(({ id }) => id);
      expect(named).toEqual(expect.arrayContaining(open));
      expect(there.map(({ id }) => id)).toEqual(expect.arrayContaining(named));
      expect(answer.is).toBe(there.length > 0 ? 'sent' : 'paused');
      expect(await touch({ ...step, visit: 1 })).toEqual({ is: 'paused', because: 'replied' });
      if (there.length > 0) seen.sent += 1;
      else seen.paused += 1;
      if (named.length > 0) seen.named += 1;
    }

    // The reply comes a little before the send, with it, or a little after.
    for (let from = 0; from < people.length; from += 4)
      await Promise.all(
        people.slice(from, from + 4).map((person, index) => race(person, index * 8 - 20)),
      );
    expect(seen.sent).toBeGreaterThan(0);
    expect(seen.paused).toBeGreaterThan(0);
  },
);

test('a reply told twice is one message, and pauses every sequence of that person', async ({
  inside,
}) => {
  const [person] = await inside(async (scope) => {
    const { sequenceId } = await published(scope, [mail]);
    return entered(scope, sequenceId);
  });
  const message = reply(person!.email);
  const first = await inside((scope) => receiveMessage(scope, message));
  const second = await inside((scope) => receiveMessage(scope, message));
  expect(first).toMatchObject({ duplicate: false, enrolmentIds: [person!.enrolmentId] });
  expect(second).toMatchObject({ duplicate: true, messageId: first.messageId, did: [] });
  const { status, tasks } = await inside(async ({ db }) => ({
    ...(await db.selectFrom('enrolments').select(['status', 'reason']).executeTakeFirstOrThrow()),
    tasks: await db.selectFrom('tasks').select('kind').execute(),
  }));
  expect({ status, tasks }).toEqual({ status: 'paused', tasks: [{ kind: 'reply' }] });
});

test('an answer is matched by the mail it answers, before the address it comes from', async ({
  db,
  who,
  inside,
}) => {
  const { touch } = touchActivities(depsFor(db));
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, [mail])).sequenceId),
  );
  const { enrolmentId } = person!;
  await touch({ ...who, enrolmentId, stepId: 'first', visit: 0, since: now() });
  const headers = await inside(({ db }) =>
    db.selectFrom('touches').select('headers').executeTakeFirstOrThrow(),
  );
  const inReplyTo = (headers.headers as Record<string, string>)['Message-ID']!;
  const told = await inside((scope) =>
    receiveMessage(scope, reply('boss@elsewhere.example', { inReplyTo })),
  );
  expect(told.matched).toMatchObject({ by: 'references', confidence: 1, enrolmentId });
  const plus = await inside((scope) =>
    receiveMessage(
      scope,
      reply('boss@elsewhere.example', { to: `sam+${enrolmentId}@ours.example` }),
    ),
  );
  expect(plus.matched).toMatchObject({ by: 'plus-address', enrolmentId });
});

test('a guess asks a person instead of pausing', async ({ inside }) => {
  const [person] = await inside(async (scope) => {
    const all = await entered(scope, (await published(scope, [mail])).sequenceId);
    await sql`update contacts set phone_e164 = '+12125550123'`.execute(scope.db);
    return all;
  });
  const text = { channel: 'sms' as const, text: 'Who is this?' };
  const told = await inside((scope) => receiveMessage(scope, reply('+442125550123', text)));
  expect(told).toMatchObject({ matched: { confidence: 0.6 }, enrolmentIds: [] });
  const exact = await inside((scope) => receiveMessage(scope, reply('+12125550123', text)));
  expect(exact).toMatchObject({
    matched: { by: 'phone', confidence: 1 },
    enrolmentIds: [person!.enrolmentId],
  });
});

test('STOP ends every sequence and closes the number, and START opens it again', async ({
  inside,
}) => {
  const [person] = await inside(async (scope) => {
    const all = await entered(scope, (await published(scope, [mail])).sequenceId);
    await sql`update contacts set phone_e164 = '+12125550123'`.execute(scope.db);
    return all;
  });
  const stop = { channel: 'sms' as const, text: ' Stop. ' };
  const told = await inside((scope) => receiveMessage(scope, reply('+12125550123', stop)));
  expect(told.enrolmentIds).toEqual([person!.enrolmentId]);
  function closed() {
    return inside(({ db }) =>
      db.selectFrom('suppressions').select(['address', 'liftedAt']).execute(),
    );
  }
  expect(await closed()).toEqual([{ address: '+12125550123', liftedAt: null }]);
  const start = { channel: 'sms' as const, text: 'START' };
  await inside((scope) => receiveMessage(scope, reply('+12125550123', start)));
  expect((await closed())[0]!.liftedAt).not.toBeNull();
  const consents = await inside(({ db }) =>
    db.selectFrom('consents').select(['state', 'source']).orderBy('id').execute(),
  );
  expect(consents).toEqual([
    { state: 'withdrawn', source: 'sms' },
    { state: 'given', source: 'sms' },
  ]);
});

test('an out-of-office stops nobody and moves what follows to the day of return', async ({
  db,
  who,
  inside,
}) => {
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, [mail])).sequenceId),
  );
  const away = reply(person!.email, { kind: 'auto-reply', returnsOn: '2030-01-07' });
  const told = await inside((scope) => receiveMessage(scope, away));
  expect(told).toMatchObject({
    enrolmentIds: [],
    did: ['waits until 2030-01-07, when they are back'],
  });
  const { status, signals } = await inside(async ({ db }) => ({
    ...(await db.selectFrom('enrolments').select('status').executeTakeFirstOrThrow()),
    signals: await db.selectFrom('outbox').select('input').where('kind', '=', 'signal').execute(),
  }));
  expect(status).toBe('active');
  expect(signals.map(({ input }) => input)).toEqual([expect.stringContaining('retimed')]);
  const { touch } = touchActivities(depsFor(db));
  const step = {
    ...who,
    enrolmentId: person!.enrolmentId,
    stepId: 'first',
    visit: 0,
    since: now(),
  };
  expect(await touch(step)).toMatchObject({
    ...{ is: 'held', until: expect.stringMatching(/^2030-01-07T00:/) },
    because: expect.stringContaining('2030-01-07'),
  });
});

test('a mail that comes back for good ends the sequence and closes the address; one that may recover does not', async ({
  inside,
}) => {
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, [mail])).sequenceId),
  );
  function back(permanent: boolean) {
    return reply('mailer-daemon@there.example', {
      ...{
        kind: 'bounce',
        bounced: { address: person!.email, permanent, because: '5.1.1 no such user' },
      },
    });
  }
  expect(await inside((scope) => receiveMessage(scope, back(false)))).toMatchObject({
    enrolmentIds: [],
  });
  const told = await inside((scope) => receiveMessage(scope, back(true)));
  expect(told.enrolmentIds).toEqual([person!.enrolmentId]);
  const { status, reason, address } = await inside(async ({ db }) => ({
    ...(await db.selectFrom('enrolments').select(['status', 'reason']).executeTakeFirstOrThrow()),
    ...(await db.selectFrom('suppressions').select('address').executeTakeFirstOrThrow()),
  }));
  expect({ status, reason, address }).toEqual({
    ...{ status: 'stopped', reason: 'bounced', address: person!.email },
  });
});

test('who is suppressed is skipped, visibly', async ({ db, who, inside }) => {
  const { touch } = touchActivities(depsFor(db));
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, [mail])).sequenceId),
  );
  const { enrolmentId, email } = person!;
  const wish = { channel: 'email' as const, address: email.toUpperCase(), contactId: undefined };
  await inside((scope) => suppress(scope, { ...wish, reason: 'unsubscribed', source: 'link' }));
  const answer = await touch({ ...who, enrolmentId, stepId: 'first', visit: 0, since: now() });
  expect(answer).toMatchObject({
    is: 'skipped',
    because: expect.stringContaining('suppression list'),
  });
  const row = await inside(({ db }) =>
    db.selectFrom('touches').select(['state', 'reason']).executeTakeFirstOrThrow(),
  );
  expect(row).toEqual({ state: 'skipped', reason: 'suppressed' });
});
