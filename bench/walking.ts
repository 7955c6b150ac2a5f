import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { CamelCasePlugin, Kysely, PostgresDialect, type PostgresPool, sql } from 'kysely';
import { createDeps } from '#activities/deps.ts';
import { createActivities } from '#activities/index.ts';
import { poolOf } from '#db/client.ts';
import { type Account, openAccount } from '#tests/account.ts';
import { type House, raiseHouse } from '#tests/house.ts';
import { countOf, enrol, leadIdsOf, people, publish, reached, receive } from './crowd.ts';
import { asRate, perSecond, type Row } from './table.ts';

const PEOPLE = 2000;

/** Enrolments started and first touch accepted, beside a bare worker that runs as many statements. */
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
  await receive(house, account, people(PEOPLE + 2));
  await reached(
    () => countOf(house, sql`leads where intake_at is not null`),
    PEOPLE,
    performance.now(),
  );
  const [spare, ...others] = await leadIdsOf(house, account);
  const leadIds = others.slice(0, PEOPLE);

  const began = performance.now();
  await enrol(account, sequenceId, leadIds);
  const took = await reached(
    () => countOf(house, sql`touches where state = 'accepted'`),
    PEOPLE,
    began,
  );
  await house.kill('worker');

  await enrol(account, sequenceId, [spare!]);
  const statements = await statementsOfOne(house, account, spare!);
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

/**
 * How many statements Postgres is asked for one person's start, first touch and first wait: counted on the connection,
 * with each `begin` and `commit`, by doing it once here.
 */
async function statementsOfOne(house: House, account: Account, leadId: string): Promise<number> {
  let statements = 0;
  const pool = listening(poolOf({ connectionString: house.databaseUrl }), () => (statements += 1));
  const db: House['db'] = new Kysely({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
  const env = {
    ...{ encryptionKey: randomBytes(32), publicBaseUrl: house.url, sandbox: true },
    ...{ outboundAllow: [], dataDir: '.data' },
  };
  const acts = createActivities(createDeps({ db, env }));
  const { id: enrolmentId } = await house.db
    .selectFrom('enrolments')
    .select('id')
    .where('leadId', '=', leadId)
    .executeTakeFirstOrThrow();
  const { workspaceId } = account;
  const at = { workspaceId, enrolmentId, visit: 0, since: new Date().toISOString() };
  await acts.begin({ workspaceId, enrolmentId });
  await acts.touch({ ...at, stepId: 'hello' });
  await acts.rest({ ...at, stepId: 'rest', visit: 1, until: at.since, because: 'rests' });
  await db.destroy();
  return statements;
}

/** The same pool, that says when a statement is asked of one of its connections. */
function listening(pool: PostgresPool, onStatement: () => void): PostgresPool {
  return {
    ...pool,
    async connect() {
      const client = await pool.connect();
      const ask = client.query as (...asked: unknown[]) => unknown;
      function query(...asked: unknown[]) {
        onStatement();
        return ask(...asked);
      }
      return { query: query as typeof client.query, release: client.release.bind(client) };
    },
  };
}
