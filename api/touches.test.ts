import { expect } from 'vitest';
import { touchActivities } from '#activities/touches.ts';
import { test as base } from '#tests/db.ts';
import { depsFor, entered, mail, published } from '#tests/sequences.ts';

interface Reasons {
  items: { column: string; reason: string; count: number }[];
}
type Fate = { state: string; reason: string | null };

/** Touches of made-up people, one each, in the states that are given. */
const test = base.extend('ledger', async ({ db, who, inside }) => {
  const { touch } = touchActivities(depsFor(db));
  return async function ledger(...fates: Fate[]) {
    const made = await inside(async (scope) => {
      const { sequenceId } = await published(scope, [mail]);
      return { sequenceId, people: await entered(scope, sequenceId, fates.length) };
    });
    const since = new Date().toISOString();
    for (const [index, { enrolmentId }] of made.people.entries()) {
      await touch({ ...who, enrolmentId, stepId: 'first', visit: 0, since });
      await inside(({ db }) =>
        db
          .updateTable('touches')
          .set(fates[index]!)
          .where('enrolmentId', '=', enrolmentId)
          .execute(),
      );
    }
    return made;
  };
});

test('the reasons why touches did not go out are counted by column, the most frequent first', async ({
  serve,
  ledger,
}) => {
  await ledger(
    { state: 'skipped', reason: 'replied' },
    { state: 'held', reason: 'window' },
    { state: 'skipped', reason: 'unsubscribed' },
    { state: 'skipped', reason: 'replied' },
    { state: 'planned', reason: 'window' },
    { state: 'held', reason: 'window' },
    { state: 'failed', reason: 'provider-refused' },
    { state: 'unknown', reason: 'unknown' },
    { state: 'claimed', reason: null },
    { state: 'accepted', reason: null },
    { state: 'delivered', reason: null },
    { state: 'bounced', reason: 'mailbox-full' },
  );
  const { status, body } = await serve.get('/api/touches/reasons');
  expect(status).toBe(200);
  const { items } = body as Reasons;
  expect(items.slice(0, 2)).toEqual([
    { column: 'held', reason: 'window', count: 3 },
    { column: 'skipped', reason: 'replied', count: 2 },
  ]);
  expect(new Set(items.slice(2))).toEqual(
    new Set([
      { column: 'skipped', reason: 'unsubscribed', count: 1 },
      { column: 'failed', reason: 'provider-refused', count: 1 },
      { column: 'unknown', reason: 'unknown', count: 1 },
      { column: 'held', reason: 'claimed', count: 1 },
    ]),
  );
  const balance = (await serve.get('/api/touches/balance')).body as Record<string, number>;
  for (const column of ['held', 'skipped', 'failed', 'unknown']) {
    const counted = items.filter((one) => one.column === column);
    expect(
      counted.reduce((sum, { count }) => sum + count, 0),
      column,
    ).toBe(balance[column]);
  }
});

test('the reasons are those of the touches that were asked for, and without any there are none', async ({
  serve,
  ledger,
}) => {
  expect((await serve.get('/api/touches/reasons')).body).toEqual({ items: [], next: null });
  const { sequenceId, people } = await ledger(
    { state: 'skipped', reason: 'replied' },
    { state: 'held', reason: 'window' },
  );
  async function reasonsOf(query: string): Promise<string[]> {
    const { body } = await serve.get(`/api/touches/reasons?${query}`);
    return (body as Reasons).items.map(({ reason }) => reason).toSorted();
  }
  expect(await reasonsOf(`sequence=${sequenceId}`)).toEqual(['replied', 'window']);
  expect(await reasonsOf(`sequence=${crypto.randomUUID()}`)).toEqual([]);
  expect(await reasonsOf(`lead=${people[0]!.leadId}`)).toEqual(['replied']);
  expect(await reasonsOf(`enrolment=${people[1]!.enrolmentId}`)).toEqual(['window']);
  expect(await reasonsOf('state=held')).toEqual(['window']);
  expect(await reasonsOf('reason=replied')).toEqual(['replied']);
  expect(await reasonsOf('channel=sms')).toEqual([]);
  expect((await serve.get('/api/touches/reasons?state=lost')).status).toBe(422);
});
