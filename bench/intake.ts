import { openAccount } from '#tests/account.ts';
import { raiseHouse } from '#tests/house.ts';
import { sql } from 'kysely';
import { countOf, people, publish, reached, receive } from './crowd.ts';
import { asRate, perSecond, type Row } from './table.ts';

const CROWD = 5000;

/** A crowd comes in at once: until every lead is scored, assigned and enrolled, with its outbox row. */
export async function measure(folder: string): Promise<Row[]> {
  const house = await raiseHouse(folder);
  const account = await openAccount(house.url);
  await publish(account, {
    name: 'Welcome',
    entry: { on: { event: 'lead.received' } },
    steps: [{ id: 'later', kind: 'wait', for: { days: 30 } }],
  });

  const began = performance.now();
  await receive(house, account, people(CROWD));
  const took = await reached(() => countOf(house, sql`enrolments`), CROWD, began);
  const done = await countOf(house, sql`leads where score is not null and owner_id is not null`);
  await house.stop();

  const rate = perSecond(CROWD, took);
  return [
    {
      what: `lead received → scored, assigned, enrolment and outbox rows committed (crowd of ${CROWD})`,
      ours: asRate(rate),
      must: '≥ 300/s',
      holds: rate >= 300 && done === CROWD,
    },
  ];
}
