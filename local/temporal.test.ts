import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from 'vitest';
import { isListening } from './process.ts';
import { startTemporal } from './temporal.ts';

/** Looks whether its port is free, as the real one does, and begins some time later; or never. */
function program(begins: boolean): string {
  return `#!${process.execPath}
const { connect, createServer } = require('node:net');
const how = process.argv.slice(2);
const port = Number((how[how.indexOf('--port') + 1] ?? '').split(':').pop());
if (how[0] === 'server') {
  const look = createServer().listen(port, '127.0.0.1', () => setTimeout(() => look.close(later), 200));
  const later = () => setTimeout(() => ${begins ? "createServer().listen(port, '127.0.0.1')" : 'process.exit(1)'}, 400);
} else {
  const at = Number(how[how.indexOf('--address') + 1].split(':')[1]);
  const ask = () => connect(at, '127.0.0.1').on('connect', () => process.exit(0)).on('error', () => process.exit(1));
  setTimeout(ask, 400);
}
`;
}

const test = base.extend('folder', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-temporal-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  return folder;
});

test('a Temporal that only looks whether its port is free is not up until it answers', async ({
  folder,
}) => {
  const path = join(folder, 'program');
  await writeFile(path, program(true), { mode: 0o755 });
  const temporal = await startTemporal(folder, { path, version: '1' });
  expect(await isListening(temporal.port)).toBe(true);
  await temporal.stop();
});

test('a Temporal that ends before it answers is told of with its last words', async ({
  folder,
}) => {
  const path = join(folder, 'program');
  await writeFile(path, program(false), { mode: 0o755 });
  await expect(startTemporal(folder, { path, version: '1' })).rejects.toThrow(
    'Temporal did not come up',
  );
});
