import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keptSecrets } from './keepsakes.ts';
import { answers, startPostgres } from './postgres.ts';
import { bornAt } from './process.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-postgres-'));
  await chmod(folder, 0o711);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('the database takes its password and no other', async () => {
  const { url, stop } = await startPostgres(join(folder, 'postgres'), { password: 'right' });
  expect(await answers(url)).toBe(true);
  expect(await answers(url.replace('right', 'wrong'))).toBe(false);
  expect(await answers(url.replace(':right', ''))).toBe(false);
  await stop();
});

test('a postmaster that was killed and never buried does not keep the next from starting', async () => {
  const data = join(folder, 'postgres');
  const first = await startPostgres(data, { password: 'secret' });
  process.kill(first.pid, 'SIGKILL');
  await expect.poll(() => bornAt(first.pid)).toBeUndefined();
  const second = await startPostgres(data, { password: 'secret' });
  expect(await answers(second.url)).toBe(true);
  await second.stop();
});

test('a folder that is no database is left alone, and a person is told what to do', async () => {
  const data = join(folder, 'postgres');
  await mkdir(data);
  await writeFile(join(data, 'pg_control'), 'what is left of it');
  await expect(startPostgres(data, { password: 'x' })).rejects.toThrow(
    `move it away (mv ${data} ${data}.broken)`,
  );
});

test('a database of another version is named, not touched', async () => {
  const data = join(folder, 'postgres');
  await mkdir(data);
  await writeFile(join(data, 'PG_VERSION'), '16\n');
  await expect(startPostgres(data, { password: 'x' })).rejects.toThrow(
    'was made by PostgreSQL 16, and this is 18',
  );
});

test('a damaged database is named with its last words and what to do', async () => {
  const data = join(folder, 'postgres');
  const { stop } = await startPostgres(data, { password: 'x' });
  await stop();
  await writeFile(join(data, 'global/pg_control'), 'garbage');
  await expect(startPostgres(data, { password: 'x' })).rejects.toThrow(
    /did not come up[^]*pg_control[^]*put back a copy/,
  );
});

test('secrets that cannot be read are not replaced by others', async () => {
  await writeFile(join(folder, 'secrets.json'), '{"authSecret": "cut of');
  expect(() => keptSecrets(folder)).toThrow('Put back a copy of it');
});
