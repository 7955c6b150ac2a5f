import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { depsFor, entered, mail, published } from '#tests/sequences.ts';
import { messageActivities } from './messages.ts';
import { touchActivities } from './touches.ts';

test.for([
  { was: 'sent', keys: ['1'], state: 'accepted' },
  { was: 'not-sent', keys: ['1', '2'], state: 'accepted' },
])(
  'a doubtful message of which a person says it was $was goes out under $keys.length keys in all',
  async ({ was, keys, state }, { db, who, inside, serve }) => {
    const deps = depsFor(db);
    const [person] = await inside(async (scope) =>
      entered(scope, (await published(scope, [mail])).sequenceId),
    );
    const { enrolmentId } = person!;
    const since = new Date().toISOString();
    await touchActivities(deps).touch({ ...who, enrolmentId, stepId: 'first', visit: 0, since });
    const { id: touchId } = await inside(({ db }) =>
      db.updateTable('touches').set({ state: 'unknown' }).returning('id').executeTakeFirstOrThrow(),
    );
    const said = await serve.post(`/api/touches/${touchId}/resolve`, { was });
    expect(said.status).toBeLessThan(300);
    const { sendMessage } = messageActivities(deps);
    for (let round = 0; round < 3; round += 1) await sendMessage({ ...who, touchId });
    expect((await serve.post(`/api/touches/${touchId}/resolve`, { was })).status).toBe(409);
    const { sent, touch } = await inside(async ({ db }) => ({
      sent: await db.selectFrom('sandboxMessages').select('key').orderBy('id').execute(),
      touch: await db.selectFrom('touches').select('state').executeTakeFirstOrThrow(),
    }));
    expect(sent.map(({ key }) => key.split(':').at(-1))).toEqual(keys);
    expect(touch.state).toBe(state);
  },
);
