import { openAccount } from '#tests/account.ts';
import { raiseHouse } from '#tests/house.ts';
import { sql } from 'kysely';
import { countOf, enrol, leadIdsOf, people, publish, reached, receive } from './crowd.ts';
import { asMs, percentile, type Row } from './table.ts';

const OPEN = 2000;
const REPLIES = 200;

/** A reply comes while many are open: until the status says paused and the workflow was told. */
export async function measure(folder: string): Promise<Row[]> {
  const house = await raiseHouse(folder);
  const account = await openAccount(house.url);
  const sequenceId = await publish(account, {
    name: 'Hello',
    steps: [
      { id: 'hello', kind: 'email', subject: 'Hello', body: 'Hello {{contact.firstName}}' },
      { id: 'rest', kind: 'wait', for: { days: 30 } },
    ],
  });
  await receive(house, account, people(OPEN));
  const received = sql`leads where intake_at is not null`;
  await reached(() => countOf(house, received), OPEN, performance.now());
  await enrol(account, sequenceId, await leadIdsOf(house, account));
  const waiting = sql`enrolments where step_id = 'rest'`;
  await reached(() => countOf(house, waiting), OPEN, performance.now());

  const sent = await house.db
    .selectFrom('sandboxMessages')
    .select(['id', 'enrolmentId'])
    .limit(REPLIES)
    .execute();
  const times: number[] = [];
  for (const { id, enrolmentId } of sent) {
    const began = performance.now();
    await account.call('POST', `/api/sandbox/messages/${id}/reply`, { text: 'Call me on Monday.' });
    const paused = sql`enrolments e where id = ${enrolmentId} and status = 'paused'
      and not exists (select from outbox where workflow_id = 'enrolment:' || e.id)`;
    times.push(await reached(() => countOf(house, paused), 1, began));
  }
  await house.stop();

  const p99 = percentile(times, 0.99);
  return [
    {
      what: `reply → enrolment paused and its workflow told (${OPEN} open)`,
      ours: `p50 ${asMs(percentile(times, 0.5))}, p99 ${asMs(p99)}`,
      must: 'p99 ≤ 2 s',
      holds: times.length === REPLIES && p99 <= 2000,
    },
  ];
}
