import { Client, Connection } from '@temporalio/client';
import { sql } from 'kysely';
import { openAccount } from '#tests/account.ts';
import { raiseHouse } from '#tests/house.ts';
import { countOf, enrol, leadIdsOf, people, publish, reached, receive } from './crowd.ts';
import type { Row } from './table.ts';

/** What one person costs Temporal who is sent three mails with two waits between them. */
export async function measure(folder: string): Promise<Row[]> {
  const house = await raiseHouse(folder);
  const account = await openAccount(house.url);
  const sequenceId = await publish(account, {
    name: 'Three mails',
    steps: [
      { id: 'one', kind: 'email', subject: 'One', body: 'Hello {{contact.firstName}}' },
      { id: 'rest', kind: 'wait', for: { seconds: 2 } },
      { id: 'two', kind: 'email', subject: 'Two', body: 'Hello again' },
      { id: 'pause', kind: 'wait', for: { seconds: 2 } },
      { id: 'three', kind: 'email', subject: 'Three', body: 'Goodbye' },
    ],
  });
  await receive(house, account, people(2));
  await reached(() => countOf(house, sql`leads where intake_at is not null`), 2, performance.now());
  const [leadId] = await leadIdsOf(house, account);
  await enrol(account, sequenceId, [leadId!]);
  const done = sql`enrolments where status = 'completed'`;
  await reached(() => countOf(house, done), 1, performance.now());

  const { id } = await house.db.selectFrom('enrolments').select('id').executeTakeFirstOrThrow();
  const connection = await Connection.connect({ address: house.temporalAddress });
  const handle = new Client({ connection }).workflow.getHandle(`enrolment:${id}`);
  await handle.result();
  const { events = [] } = await handle.fetchHistory();
  const all = events ?? [];
  const activities = all.filter((event) => event.activityTaskScheduledEventAttributes).length;
  await connection.close();
  await house.stop();
  return [
    {
      what: 'history of 3 mails and 2 waits',
      ours: `${all.length} events, ${activities} ordinary activities`,
      must: '≤ 38 events, 3 activities',
      holds: all.length <= 38 && activities === 3,
    },
  ];
}
