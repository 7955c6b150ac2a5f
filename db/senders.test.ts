import { expect } from 'vitest';
import { createConnection } from '#db/connections.ts';
import { test } from '#tests/db.ts';
import { aMember } from '#tests/leads.ts';
import { key } from '#tests/serve.ts';
import { saveSender, senderFor } from './senders.ts';

const wish = { channel: 'sms', from: 'owner', walkId: crypto.randomUUID() } as const;

test('each member texts from a number and a gateway of their own, and who has none from the first of the workspace', async ({
  inside,
}) => {
  const gateways = await inside(async (scope) => {
    const ids = [];
    for (const name of ['Office', 'Dana']) {
      const settings = { url: `http://${name.toLowerCase()}.example` };
      const secrets = { username: name, password: `the password of ${name}`, secret: 's' };
      const made = await createConnection(
        scope,
        { source: 'sms-gateway', name, settings, secrets },
        key,
      );
      ids.push(made.id);
    }
    return ids;
  });
  const provider = 'sms-gateway';
  await inside(async (scope) => {
    await aMember(scope, { userId: 'dana' });
    const office = { provider, connectionId: gateways[0]! };
    await saveSender(scope, { channel: 'sms', address: '+16025550100', ...office });
    const hers = { provider, connectionId: gateways[1]!, userId: 'dana' };
    await saveSender(scope, { channel: 'sms', address: '+16025550101', ...hers });
  });
  function numberOf(ownerId: string | null) {
    return inside((scope) => senderFor(scope, { ...wish, ownerId }));
  }
  expect(await numberOf('dana')).toMatchObject({
    ...{ address: '+16025550101', connectionId: gateways[1] },
  });
  expect(await numberOf('marcus')).toMatchObject({
    ...{ address: '+16025550100', connectionId: gateways[0] },
  });
  expect(await numberOf(null)).toMatchObject({ address: '+16025550100' });
  const kept = await inside(({ db }) => db.selectFrom('connections').selectAll().execute());
  expect(JSON.stringify(kept)).not.toContain('the password of');
});

test('of a list of senders one walk has always the same', async ({ inside }) => {
  const addresses = ['a@ours.example', 'b@ours.example', 'c@ours.example'];
  await inside(async (scope) => {
    for (const address of addresses) await saveSender(scope, { channel: 'email', address });
  });
  const given = { channel: 'email', from: addresses, ownerId: null } as const;
  const used = new Set<string>();
  for (let n = 0; n < 40; n += 1) {
    const walkId = crypto.randomUUID();
    const [one, again] = await inside(async (scope) => [
      await senderFor(scope, { ...given, from: [...addresses], walkId }),
      await senderFor(scope, { ...given, from: [...addresses], walkId }),
    ]);
    expect(one).toEqual(again);
    used.add(one!.address);
  }
  expect(used.size).toBe(3);
});
