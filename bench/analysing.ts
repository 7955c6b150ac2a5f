import { openAsBlob } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Account, openAccount } from '#tests/account.ts';
import { type House, raiseHouse } from '#tests/house.ts';
import { bombAt, csvOf, workbook } from './deal-files.ts';
import { DEALS, fillLeads, fillPipeline } from './fill.ts';
import { asMs, percentile, type Row } from './table.ts';

const MB = 1024 * 1024;

interface Run {
  took: number;
  peak: { api: number; worker: number };
  /** Of the lists that somebody else asked for meanwhile, in milliseconds. */
  others: number[];
}

interface Guest {
  house: House;
  cookie: string;
  /** Somebody of another workspace. */
  other: Account;
}

/** Files of deals and a pipeline, from the upload to the results. */
export async function measure(folder: string): Promise<Row[]> {
  const house = await raiseHouse(folder);
  const account = await openAccount(house.url);
  const other = await openAccount(house.url);
  await fillLeads(house.db, other.workspaceId, other.userId);
  const guest = { house, other, cookie: await signIn(house, account) };
  const idle = await asking(other, () => pause(15_000));

  await judge(guest, await csvOf(join(folder, 'warm.csv'), 1000, 0), 'warm.csv');
  const small = await judge(guest, await csvOf(join(folder, 'small.csv'), 1000, 0), 'small.csv');
  const rows = await csvOf(join(folder, 'rows.csv'), 100_000, 0);
  const many = await judge(guest, rows, 'rows.csv');
  const large = await judge(guest, await csvOf(join(folder, 'large.csv'), 100_000, 1950), 'l.csv');
  const book = await judge(guest, await workbook(join(folder, 'small.xlsx'), 1000), 'small.xlsx');
  const thick = await judge(guest, await workbook(join(folder, 'large.xlsx'), 53_000), 'l.xlsx');
  const bomb = await refusal(guest, await bombAt(join(folder, 'bomb.xlsx')));
  const scan = await scanned(house, account);
  await house.stop();

  const p99 = { idle: percentile(idle, 0.99), busy: percentile(many.others, 0.99) };
  return [
    {
      what: '100,000-row CSV, upload to results',
      ours: `${seconds(many)}, ${grown(many, small)}`,
      beside: `1,000 rows: ${seconds(small)}, ${memory(small)}`,
      must: '≤ 60 s, memory ± 100 MB',
      holds: many.took <= 60_000 && worst(many, small) <= 100 * MB,
    },
    {
      what: 'lists of another workspace meanwhile',
      ours: `p99 ${asMs(p99.busy)} of ${many.others.length}`,
      beside: `idle p99 ${asMs(p99.idle)} of ${idle.length}`,
      must: '≤ 2 × idle',
      holds: p99.busy <= 2 * p99.idle,
    },
    {
      what: '200 MB CSV',
      ours: `${seconds(large)}, ${grown(large, small)}`,
      must: '≤ + 100 MB',
      holds: worst(large, small) <= 100 * MB,
    },
    {
      what: '10 MB XLSX',
      ours: `${seconds(thick)}, ${grown(thick, book)}`,
      beside: `1,000 rows: ${memory(book)}`,
      must: '≤ + 100 MB',
      holds: worst(thick, book) <= 100 * MB,
    },
    {
      what: 'a bomb of 3 MB that says it is 1 GiB',
      ours: `refused with ${bomb.status} in ${asMs(bomb.took)}`,
      must: '400 in ≤ 100 ms',
      holds: bomb.status === 400 && bomb.took <= 100,
    },
    {
      what: `a look at ${DEALS.toLocaleString('en')} open deals`,
      ours: `${(scan.took / 1000).toFixed(1)} s, ${scan.findings.toLocaleString('en')} findings`,
      must: '≤ 15 s',
      holds: scan.took <= 15_000,
    },
  ];
}

/** Somebody else asks for a list ten times a second as long as the work lasts; how long each answer took. */
async function asking(other: Account, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let over = false;
  const done = work().finally(() => void (over = true));
  while (!over) {
    const began = performance.now();
    await other.call('GET', '/api/leads?limit=50');
    times.push(performance.now() - began);
    await pause(50);
  }
  await done;
  return times;
}

async function judge({ house, cookie, other }: Guest, path: string, name: string): Promise<Run> {
  const headers = { cookie, origin: house.url };
  const peak = { api: 0, worker: 0 };
  const began = performance.now();
  let took = 0;
  const others = await asking(other, async () => {
    const body = new FormData();
    body.set('file', await openAsBlob(path), name);
    const how = { method: 'POST', headers, body };
    const answer = await fetch(`${house.url}/api/analyze?start=true`, how);
    const { id, status } = (await answer.json()) as { id: string; status: string };
    if (status !== 'queued') throw new Error(`${name}: ${status}`);
    for (;;) {
      for (const part of ['api', 'worker'] as const)
        peak[part] = Math.max(peak[part], await memoryOf(house.pidOf(part)!));
      const state = await fetch(`${house.url}/api/analyze/${id}/status`, { headers });
      const { status, problem } = (await state.json()) as { status: string; problem: string };
      if (status === 'done') break;
      if (status === 'failed') throw new Error(problem);
      await pause(100);
    }
    took = performance.now() - began;
  });
  return { took, peak, others };
}

async function refusal({ house, cookie }: Guest, path: string) {
  const headers = { cookie, origin: house.url };
  const took: number[] = [];
  let status = 0;
  for (let time = 0; time < 5; time += 1) {
    const body = new FormData();
    body.set('file', await openAsBlob(path), 'bomb.xlsx');
    const began = performance.now();
    const answer = await fetch(`${house.url}/api/analyze`, { method: 'POST', headers, body });
    await answer.text();
    took.push(performance.now() - began);
    status = answer.status;
  }
  return { status, took: percentile(took, 0.5) };
}

async function scanned(house: House, account: Account) {
  const { workspaceId, userId } = account;
  await fillLeads(house.db, workspaceId, userId);
  await fillPipeline(house.db, workspaceId, [userId, 'ines', 'marcus']);
  await sql`
    update deals set status = 'open', won_at = null, lost_at = null, lost_reason = null, probability = 60,
      stage_id = (select id from stages s where s.pipeline_id = deals.pipeline_id and s.slug = 'proposal')
    where workspace_id = ${workspaceId} and status <> 'open'`.execute(house.db);
  await sql`vacuum analyze deals`.execute(house.db);
  const began = performance.now();
  const { id } = await account.call<{ id: string }>('POST', '/api/scan', { source: 'pipeline' });
  for (;;) {
    const { status, rows, problem, summary } = await account.call<{
      status: string;
      rows: number;
      problem: string;
      summary: { severity: Record<string, number> };
    }>('GET', `/api/analyze/${id}/status`);
    if (status === 'done' && rows === DEALS) {
      const findings = Object.values(summary.severity).reduce((sum, count) => sum + count);
      return { took: performance.now() - began, findings };
    }
    if (status !== 'running' && status !== 'queued')
      throw new Error(`${status} ${rows} ${problem}`);
    await pause(100);
  }
}

async function signIn(house: House, { email, password }: Account): Promise<string> {
  const response = await fetch(`${house.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: house.url },
    body: JSON.stringify({ email, password }),
  });
  return response.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
}

/** Resident memory of a process, in bytes. */
async function memoryOf(pid: number): Promise<number> {
  const pages = Number((await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1]);
  return pages * 4096;
}

function seconds({ took }: Run): string {
  return `${(took / 1000).toFixed(1)} s`;
}

function memory({ peak }: Run): string {
  return `${Math.round(peak.api / MB)} MB API, ${Math.round(peak.worker / MB)} MB worker`;
}

function grown(one: Run, other: Run): string {
  const [api, worker] = (['api', 'worker'] as const).map((part) =>
    Math.round((one.peak[part] - other.peak[part]) / MB),
  );
  return `memory ${signed(api!)} MB API, ${signed(worker!)} MB worker`;
}

function signed(value: number): string {
  return value < 0 ? `${value}` : `+${value}`;
}

function worst(one: Run, other: Run): number {
  return Math.max(one.peak.api - other.peak.api, one.peak.worker - other.peak.worker);
}
