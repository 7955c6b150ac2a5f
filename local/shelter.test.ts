import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answers, startPostgres } from './postgres.ts';
import { dataWithin, nobody, programsWithin } from './shelter.ts';

let closed: string;

beforeEach(async () => {
  closed = await mkdtemp(join(tmpdir(), 'throughline-closed-'));
  await chmod(closed, 0o700);
});

afterEach(async () => {
  const moved = join(closed, 'data/postgres.moved-to');
  await rm(await readFile(moved, 'utf8').catch(() => moved), { recursive: true, force: true });
  await rm(closed, { recursive: true, force: true });
});

test.runIf(nobody)(
  'as root below a folder that only root may enter the database lives elsewhere and works',
  async () => {
    const wanted = join(closed, 'data/postgres');
    const postgres = await startPostgres(wanted, { password: 'secret' });
    expect(postgres.data).not.toContain(closed);
    expect(await answers(postgres.url)).toBe(true);
    await postgres.stop();
    expect(await dataWithin(wanted)).toBe(postgres.data);
    await rm(`${postgres.data}.log`);
  },
);

test.runIf(nobody)(
  'programs that nobody could reach are copied once to where all may',
  async () => {
    const folder = join(closed, 'native');
    await mkdir(folder);
    await writeFile(join(folder, 'program'), 'run me', { mode: 0o755 });
    const name = `test-${process.pid}`;
    const [one, two] = await Promise.all([
      programsWithin(folder, name),
      programsWithin(folder, name),
    ]);
    expect(one).not.toContain(closed);
    expect(two).toBe(one);
    expect(await readFile(join(one, 'program'), 'utf8')).toBe('run me');
    expect((await readdir(dirname(one))).filter((other) => other.startsWith(name))).toEqual([name]);
    await rm(one, { recursive: true });
  },
);

test.runIf(nobody)('a folder that all may enter is used as it is', async () => {
  await chmod(closed, 0o711);
  expect(await dataWithin(join(closed, 'postgres'))).toBe(join(closed, 'postgres'));
  expect(await programsWithin(closed, 'unused')).toBe(closed);
});
