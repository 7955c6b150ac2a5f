import { expect } from 'vitest';
import { pauseEnrolment, resumeEnrolment } from '#db/commands.ts';
import { createConnection } from '#db/connections.ts';
import { enrol } from '#db/entering.ts';
import type { Scope } from '#db/scope.ts';
import { saveSender } from '#db/senders.ts';
import { stopEnrolments } from '#db/standing.ts';
import { createOutbound } from '#integrations/http.ts';
import { simulateSmsGateway } from '#integrations/sms-gateway/simulator.ts';
import { test as base } from '#tests/db.ts';
import { aLead, aMember } from '#tests/leads.ts';
import { always, depsFor, published } from '#tests/sequences.ts';
import { key } from '#tests/serve.ts';
import { touchActivities } from './touches.ts';
import { walkActivities } from './walks.ts';

const text = { id: 'text', kind: 'sms', text: 'Hi there' };
const minute = 60_000;

/** Somebody to whom a text is on its way through a gateway, when the worker ends. */
const test = base.extend('walk', async ({ db, who, inside }, { onCleanup }) => {
  const phone = await simulateSmsGateway();
  const outbound = createOutbound({ allow: ['127.0.0.1'] });
  onCleanup(async () => {
    await Promise.all([phone.stop(), outbound.close()]);
  });
  const enrolmentId = await inside(async (scope) => {
    const { sequenceId } = await published(scope, [text], { schedule: always });
    const connectionId = await gateway(scope, phone.url);
    const provider = 'sms-gateway';
    await saveSender(scope, { channel: 'sms', address: '+12125550199', provider, connectionId });
    const leadIds = [await aLead(scope, { phone: '+12125550142' })];
    const reachable = { smsEligible: true, timeZone: 'America/Chicago' };
    await scope.db.updateTable('contacts').set(reachable).execute();
    const [entered] = await enrol(scope, { sequenceId, leadIds, enteredBy: 'rep' });
    return entered!.enrolmentId!;
  });
  // In the middle of the day where the person lives.
  const noon = `${new Date().toISOString().slice(0, 10)}T17:00:00.000Z`;
  const at = { ...who, enrolmentId, stepId: 'text', visit: 0, since: noon };

  /** The activity, so long after the claim. */
  function touch(later: number) {
    const now = new Date(Date.parse(noon) + later).toISOString();
    return touchActivities(depsFor(db, { outbound, encryptionKey: key, now: () => now })).touch(at);
  }
  async function stateNow() {
    const { state, reason, key, providerId } = await inside(({ db }) =>
      db
        .selectFrom('touches')
        .select(['state', 'reason', 'key', 'providerId'])
        .executeTakeFirstOrThrow(),
    );
    return { state, reason, key, providerId };
  }
  return {
    ...{ phone, enrolmentId, touch, stateNow },
    /** Claimed, and handed over or not, when the worker ends. */
    async interrupted(reset: 'before' | 'after') {
      phone.script({ reset });
      await expect(touch(0)).rejects.toThrow('did not say');
      await inside(({ db }) => db.updateTable('touches').set({ claimedAt: noon }).execute());
      expect((await stateNow()).state).toBe('claimed');
      phone.calls.splice(0);
    },
    /** What the walk does last, once it has let go of the activity. */
    end(later: number) {
      const instant = new Date(Date.parse(noon) + later).toISOString();
      const ending = { status: 'stopped', reason: 'meeting' } as const;
      return walkActivities(depsFor(db, { outbound, encryptionKey: key, now: () => instant })).end({
        ...{ workspaceId: who.workspaceId, enrolmentId, ending },
      });
    },
    stop: () =>
      inside((scope) =>
        stopEnrolments(
          scope,
          { enrolmentId },
          { reason: 'meeting', because: 'booked', eventId: crypto.randomUUID() },
        ),
      ),
    pause: () =>
      inside((scope) => pauseEnrolment(scope, enrolmentId, 'manual', crypto.randomUUID())),
    resume: () =>
      inside((scope) => resumeEnrolment(scope, enrolmentId, 'date', crypto.randomUUID())),
  };
});

test('what was on its way when somebody left is accepted here when the gateway says that it took it', async ({
  walk,
}) => {
  await walk.interrupted('after');
  await walk.stop();
  expect(await walk.touch(minute)).toMatchObject({ is: 'left', ending: { reason: 'meeting' } });
  const [id] = walk.phone.messages.keys();
  expect(await walk.stateNow()).toMatchObject({ state: 'accepted', providerId: id });
  expect(walk.phone.calls.map(({ method }) => method)).toEqual(['GET']);
});

test('what the gateway was never given is skipped when the person has left, and not sent', async ({
  walk,
}) => {
  await walk.interrupted('before');
  await walk.stop();
  expect(await walk.touch(minute)).toMatchObject({ is: 'left' });
  expect(await walk.stateNow()).toMatchObject({ state: 'skipped', reason: 'meeting' });
  expect(walk.phone.messages.size).toBe(0);
});

test('what the gateway was never given waits while the walk is paused, and goes out once under the same key', async ({
  walk,
}) => {
  await walk.interrupted('before');
  const { key: first } = await walk.stateNow();
  await walk.pause();
  expect(await walk.touch(minute)).toMatchObject({ is: 'paused' });
  expect(await walk.stateNow()).toMatchObject({ state: 'held', reason: 'manual', key: first });
  expect(walk.phone.messages.size).toBe(0);
  await walk.resume();
  expect(await walk.touch(2 * minute)).toMatchObject({ is: 'sent' });
  expect(await walk.touch(2 * minute)).toMatchObject({ is: 'sent' });
  expect(await walk.stateNow()).toMatchObject({ state: 'accepted', key: first });
  expect(walk.phone.messages.size).toBe(1);
});

test.for([
  { reset: 'after', sent: 1 },
  { reset: 'before', sent: 1 },
] as const)(
  'a gateway that was away while the walk was paused is asked when it goes on, and $sent text went out ($reset)',
  async ({ reset, sent }, { walk }) => {
    await walk.interrupted(reset);
    await walk.pause();
    walk.phone.script({ status: 503, body: '{"message":"Queue limits exceeded"}' });
    expect(await walk.touch(minute)).toMatchObject({ is: 'paused' });
    expect((await walk.stateNow()).state).toBe('unknown');
    await walk.resume();
    expect(await walk.touch(2 * minute)).toMatchObject({ is: 'sent' });
    expect((await walk.stateNow()).state).toBe('accepted');
    expect(walk.phone.messages.size).toBe(sent);
  },
);

test('a gateway that does not know a text yet is asked again before it is believed', async ({
  walk,
}) => {
  await walk.interrupted('before');
  await walk.stop();
  await expect(walk.touch(5_000)).rejects.toThrow('does not know the message yet');
  expect((await walk.stateNow()).state).toBe('unknown');
  expect(await walk.touch(minute)).toMatchObject({ is: 'left' });
  expect((await walk.stateNow()).state).toBe('skipped');
});

test.for([
  { name: 'does not answer', order: { reset: 'before' as const }, later: minute },
  { name: 'refuses the password', order: { status: 401, body: '{}' }, later: minute },
  {
    name: 'is another program',
    order: { status: 404, body: '<html>Not Found</html>' },
    later: minute,
  },
  { name: 'may have forgotten it', order: {}, later: 25 * 60 * minute },
])('when the gateway $name a person is asked, and nothing is sent', async (given, { walk }) => {
  await walk.interrupted('before');
  await walk.stop();
  walk.phone.script(given.order);
  expect(await walk.touch(given.later)).toMatchObject({ is: 'left' });
  expect((await walk.stateNow()).state).toBe('unknown');
  expect(walk.phone.messages.size).toBe(0);
});

test('a text that the phone could not send blocks the walk that goes on, with a reason', async ({
  walk,
  inside,
}) => {
  await walk.interrupted('after');
  await walk.pause();
  const failed = { status: 200, body: JSON.stringify({ id: 'x', state: 'Failed' }) };
  walk.phone.script(failed, failed);
  expect(await walk.touch(minute)).toMatchObject({ is: 'paused' });
  expect((await walk.stateNow()).state).toBe('unknown');
  await walk.resume();
  expect(await walk.touch(2 * minute)).toMatchObject({ is: 'blocked' });
  expect(await walk.stateNow()).toMatchObject({ state: 'failed', reason: 'provider-refused' });
  const { status } = await inside(({ db }) =>
    db.selectFrom('enrolments').select('status').executeTakeFirstOrThrow(),
  );
  expect(status).toBe('blocked');
});

test('a text whose lead has a new owner is offered again where it was given to, not at the owner’s own gateway', async ({
  walk,
  inside,
  onTestFinished,
}) => {
  const own = await simulateSmsGateway();
  onTestFinished(own.stop);
  await walk.interrupted('after');
  await inside(async (scope) => {
    const connectionId = await gateway(scope, own.url);
    await aMember(scope, { userId: 'dana' });
    const hers = { provider: 'sms-gateway', connectionId, userId: 'dana' };
    await saveSender(scope, { channel: 'sms', address: '+12125550101', ...hers });
    await scope.db.updateTable('leads').set({ ownerId: 'dana' }).execute();
  });
  expect(await walk.touch(minute)).toMatchObject({ is: 'sent' });
  expect(own.calls).toEqual([]);
  expect(walk.phone.calls.map(({ executed }) => executed)).toEqual([false]);
  expect(walk.phone.messages.size).toBe(1);
});

test.for([
  { reset: 'after', state: 'accepted' },
  { reset: 'before', state: 'skipped' },
] as const)(
  'a walk that lets go of a text on its way leaves no claim behind: it is $state',
  async ({ reset, state }, { walk }) => {
    await walk.interrupted(reset);
    await walk.stop();
    await walk.end(minute);
    expect((await walk.stateNow()).state).toBe(state);
    expect(walk.phone.calls.map(({ method }) => method)).toEqual(['GET']);
  },
);

test('a walk that ends while its gateway is away leaves the doubt to a person', async ({
  walk,
  serve,
}) => {
  await walk.interrupted('before');
  await walk.stop();
  walk.phone.script({ reset: 'before' });
  await walk.end(minute);
  expect(await walk.stateNow()).toMatchObject({ state: 'unknown', reason: 'unknown' });
  const balance = (await serve.get('/api/touches/balance')).body;
  expect(balance).toMatchObject({ all: 1, unknown: 1, held: 0 });
});

async function gateway(scope: Scope, url: string): Promise<string> {
  const secrets = { secret: 's', password: 'pass' };
  const given = { source: 'sms-gateway', name: url, settings: { url, username: 'user' }, secrets };
  return (await createConnection(scope, given, key)).id;
}
