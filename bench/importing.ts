import { openAsBlob } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Account, openAccount } from '#tests/account.ts';
import { type House, raiseHouse } from '#tests/house.ts';
import { asRate, perSecond, type Row } from './table.ts';

const MB = 1024 * 1024;

interface Run {
  took: number;
  peak: { api: number; worker: number };
}

/** 100,000 rows of 2 KB, and whether they need more memory than 1,000 do. */
export async function measure(folder: string): Promise<Row[]> {
  const house = await raiseHouse(folder);
  const account = await openAccount(house.url);
  const small = await csvOf(join(folder, 'small.csv'), 1000, 'small');
  const large = await csvOf(join(folder, 'large.csv'), 100_000, 'large');
  const cookie = await signIn(house, account);
  await importFile(house, cookie, small, 1000);
  const one = await importFile(
    house,
    cookie,
    await csvOf(join(folder, 'two.csv'), 1000, 'two'),
    1000,
  );
  const many = await importFile(house, cookie, large, 100_000);
  await house.stop();

  const rate = perSecond(100_000, many.took);
  const grown = {
    api: many.peak.api - one.peak.api,
    worker: many.peak.worker - one.peak.worker,
  };
  const worst = Math.max(grown.api, grown.worker);
  return [
    {
      what: 'CSV import, 100,000 rows of 2 KB',
      ours: `${asRate(rate, ' rows/s')}, memory +${Math.round(grown.api / MB)} MB API, +${Math.round(grown.worker / MB)} MB worker`,
      beside: `2 MB file: ${Math.round(one.peak.api / MB)} and ${Math.round(one.peak.worker / MB)} MB`,
      must: '≥ 2,000 rows/s, ± 50 MB',
      holds: rate >= 2000 && worst <= 50 * MB,
    },
  ];
}

async function csvOf(path: string, rows: number, prefix: string): Promise<string> {
  const file = await open(path, 'w');
  const notes = 'Asked about forty vehicles and the renewal in May. '.repeat(37);
  await file.write('Email,First name,Last name,Company,Phone,Notes\n');
  for (let from = 0; from < rows; from += 1000) {
    const lines = Array.from({ length: Math.min(1000, rows - from) }, (_, at) => {
      const n = from + at;
      return `${prefix}-${n}@firm-${n % (rows / 4)}.example,Ada,Person ${n},Firm ${prefix} ${n % (rows / 4)},,"${notes}"\n`;
    });
    await file.write(lines.join(''));
  }
  await file.close();
  return path;
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

async function importFile(house: House, cookie: string, path: string, rows: number): Promise<Run> {
  const body = new FormData();
  body.set('start', 'true');
  body.set('file', await openAsBlob(path), 'leads.csv');
  const began = performance.now();
  const peak = { api: 0, worker: 0 };
  const headers = { cookie, origin: house.url };
  let over = false;
  const watching = watch();

  async function watch(): Promise<void> {
    for (; !over; await pause(100))
      for (const part of ['api', 'worker'] as const)
        peak[part] = Math.max(peak[part], await memoryOf(house.pidOf(part)!));
  }

  const response = await fetch(`${house.url}/api/imports`, { method: 'POST', headers, body });
  const { id } = (await response.json()) as { id: string };
  for (;;) {
    const state = (await (await fetch(`${house.url}/api/imports/${id}`, { headers })).json()) as {
      status: string;
      created: number;
      problem?: string;
    };
    if (state.status === 'done' && state.created === rows) break;
    if (state.status !== 'running' && state.status !== 'done')
      throw new Error(JSON.stringify(state));
    await pause(200);
  }
  over = true;
  await watching;
  return { took: performance.now() - began, peak };
}

/** Resident memory of a process, in bytes. */
async function memoryOf(pid: number): Promise<number> {
  const pages = Number((await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1]);
  return pages * 4096;
}
