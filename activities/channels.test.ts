import { expect } from 'vitest';
import { createConnection } from '#db/connections.ts';
import { inWorkspace } from '#db/scope.ts';
import { createOutbound } from '#integrations/http.ts';
import { simulateSmsGateway } from '#integrations/sms-gateway/simulator.ts';
import { test as base } from '#tests/db.ts';
import { depsFor, entered, mail, published } from '#tests/sequences.ts';
import { key } from '#tests/serve.ts';
import { carry } from './channels.ts';
import { houseOf } from './house.ts';
import { touchActivities } from './touches.ts';

const test = base.extend('office', async ({ db, who }, { onCleanup }) => {
  const [phone, own] = [await simulateSmsGateway(), await simulateSmsGateway()];
  const outbound = createOutbound({ allow: ['127.0.0.1'] });
  onCleanup(async () => {
    await Promise.all([phone.stop(), own.stop(), outbound.close()]);
  });
  const house = houseOf({ smsGateway: { url: phone.url, username: 'user', password: 'pass' } });
  function send(id: string, connectionId: string | null = null) {
    return carry(depsFor(db, { outbound, house, encryptionKey: key }), {
      ...{ ...who, touchId: id, key: id, enrolmentId: null, connectionId },
      ...{ channel: 'sms' as const, provider: 'sms-gateway', sender: '+16025550100' },
      ...{ senderName: null, recipient: '+16025550142', subject: null, body: 'Hi', html: null },
      headers: {},
    });
  }
  function connectOwn() {
    const settings = { url: own.url, username: 'user' };
    const given = { source: 'sms-gateway', name: 'Own', settings };
    const secrets = { secret: 's', password: 'pass' };
    return inWorkspace(db, who, (scope) => createConnection(scope, { ...given, secrets }, key));
  }
  return { phone, own, send, connectOwn };
});

test('a workspace without a connection of its own sends as the settings say, and with one through it', async ({
  office,
}) => {
  const { phone, own, send, connectOwn } = office;
  expect(await send('one')).toMatchObject({ is: 'accepted' });
  expect([phone.messages.size, own.messages.size]).toEqual([1, 0]);
  await connectOwn();
  expect(await send('two')).toMatchObject({ is: 'accepted' });
  expect([phone.messages.size, own.messages.size]).toEqual([1, 1]);
});

test('a sender whose own connection is gone sends nothing through the others', async ({
  office,
}) => {
  const { phone, send } = office;
  expect(await send('three', crypto.randomUUID())).toMatchObject({ is: 'refused' });
  expect(phone.messages.size).toBe(0);
});

test('mail and texts of the installation are told by its settings', () => {
  const url = 'smtps://rep%40ours.example:p%3Aw@mail.example';
  expect(houseOf({ resend: { apiKey: 're_1' }, smtp: { url } })).toEqual({
    resend: { settings: {}, secrets: { apiKey: 're_1' } },
    smtp: {
      settings: { host: 'mail.example', secure: true, port: 465, username: 'rep@ours.example' },
      secrets: { password: 'p:w' },
    },
  });
  expect(houseOf({})).toEqual({});
});

test.for([
  { provider: 'resend', hours: 22, state: 'failed' },
  { provider: 'resend', hours: 23, state: 'unknown' },
  { provider: 'sms-gateway', hours: 1000, state: 'failed' },
  { provider: 'smtp', hours: 0, state: 'unknown' },
])(
  'a claim of $hours hours at $provider is offered again only while its key is kept: it is $state',
  async ({ provider, hours, state }, { db, who, inside }) => {
    const [person] = await inside(async (scope) =>
      entered(scope, (await published(scope, [mail])).sequenceId),
    );
    const now = new Date().toISOString();
    const at = { ...who, enrolmentId: person!.enrolmentId, stepId: 'first', visit: 0, since: now };
    const { touch } = touchActivities(depsFor(db, { now: () => now }));
    await touch(at);
    const claimedAt = new Date(Date.parse(now) - hours * 3_600_000).toISOString();
    const claim = { state: 'claimed', provider, claimedAt };
    await inside(({ db }) => db.updateTable('touches').set(claim).execute());
    await touch(at);
    const touches = await inside(({ db }) => db.selectFrom('touches').select('state').execute());
    // There is no connection: what is offered again is refused.
    expect(touches).toEqual([{ state }]);
  },
);
