import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { freePort } from '#local/process.ts';
import { openAccount } from '#tests/account.ts';
import { raiseHouse } from '#tests/house.ts';
import { countOf } from './crowd.ts';
import { asMs, asRate, median, perSecond, type Row } from './table.ts';

/** Many short ones by turns: one is worth little on a machine that is shared. */
const ROUNDS = 9;

interface Load {
  count: number;
  failed: number;
  took: number;
  p99: number;
}

/** Signed webhook → deduplicated row + outbox → 2xx, beside a handler that only inserts. */
export async function measure(folder: string): Promise<Row[]> {
  const house = await raiseHouse(folder);
  const account = await openAccount(house.url);
  const { url, secret } = await account.call<{ url: string; secret: string }>(
    'POST',
    '/api/connections',
    { source: 'generic', settings: { mapping: { email: 'email', firstName: 'firstName' } } },
  );
  // The door is asked, not what is done with what came through it.
  await house.kill('worker');
  const port = await freePort();
  const bare = spawn(process.execPath, ['bench/bare-door.ts', house.databaseUrl, String(port)]);
  await once(bare.stdout, 'data');

  const ours: Load[] = [];
  const theirs: Load[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    theirs.push(await load(`http://127.0.0.1:${port}`, '/bare', secret));
    ours.push(await load(house.url, new URL(url).pathname, secret));
  }
  const rows = await countOf(house, sql`deliveries`);
  const acknowledged = ours.reduce((sum, { count }) => sum + count, 0);
  bare.kill();
  await house.stop();

  const rate = median(ours.map(({ count, took }) => perSecond(count, took)));
  const bareRate = median(theirs.map(({ count, took }) => perSecond(count, took)));
  const share = rate / bareRate;
  return [
    {
      what: 'signed webhook → deduplicated row + outbox → 2xx, 50 connections',
      ours: `${asRate(rate)} (${Math.round(share * 100)} %), p99 ${asMs(median(ours.map(({ p99 }) => p99)))}`,
      beside: `${asRate(bareRate)} bare Express + pg`,
      must: '≥ 2,000/s and ≥ 60 %',
      holds: rate >= 2000 && share >= 0.6 && rows === acknowledged,
    },
  ];
}

async function load(origin: string, path: string, secret: string): Promise<Load> {
  const how = ['bench/load.ts', origin, path, secret, '4'];
  const { stdout } = await promisify(execFile)(process.execPath, how);
  return JSON.parse(stdout) as Load;
}
