import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { openAccount } from '#tests/account.ts';
import { raiseHouse } from '#tests/house.ts';
import { countOf, enrol, leadIdsOf, people, publish, reached, receive } from './crowd.ts';
import { asRate, perSecond, type Row } from './table.ts';

const PEOPLE = 2000;

/** Enrolments started and first touch accepted, beside a bare worker that runs as many statements. */
export async function measure(folder: string): Promise<Row[]> {
  const house = await raiseHouse(folder, { COUNT_STATEMENTS: '1' });
  const account = await openAccount(house.url);
  const sequenceId = await publish(account, {
    name: 'Hello',
    steps: [
      { id: 'hello', kind: 'email', subject: 'Hello', body: 'Hello {{contact.firstName}}' },
      { id: 'rest', kind: 'wait', for: { days: 30 } },
    ],
  });
  await receive(house, account, people(PEOPLE));
  await reached(
    () => countOf(house, sql`leads where intake_at is not null`),
    PEOPLE,
    performance.now(),
  );
  const leadIds = await leadIdsOf(house, account);

  const began = performance.now();
  await enrol(account, sequenceId, leadIds);
  const took = await reached(
    () => countOf(house, sql`touches where state = 'accepted'`),
    PEOPLE,
    began,
  );
  await house.kill('worker');

  const statements = 12;
  const how = [house.temporalAddress, house.databaseUrl, String(PEOPLE), String(statements)];
  const { stdout } = await promisify(execFile)(process.execPath, ['bench/bare-worker.ts', ...how]);
  const bare = JSON.parse(stdout) as { took: number };
  await house.stop();

  const rate = perSecond(PEOPLE, took);
  const bareRate = perSecond(PEOPLE, bare.took);
  const share = rate / bareRate;
  return [
    {
      what: `enrolments started and first touch accepted (${PEOPLE} people)`,
      ours: `${asRate(rate)} (${Math.round(share * 100)} %)`,
      beside: `${asRate(bareRate)} bare worker, ${statements} statements`,
      must: '≥ 80 %',
      holds: share >= 0.8,
    },
  ];
}
