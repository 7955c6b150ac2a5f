import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, inject } from 'vitest';
import { freePort } from '#local/process.ts';
import { test as base } from '#tests/db.ts';

const test = base
  .extend('port', () => freePort())
  .extend('start', async ({ db, port }, { onCleanup }) => {
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db);
    const folder = await mkdtemp(join(tmpdir(), 'throughline-server-'));
    const children: ChildProcess[] = [];
    onCleanup(async () => {
      for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    });
    return function start() {
      const env = {
        ...process.env,
        ...{ NODE_ENV: 'development', HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'info' },
        DATABASE_URL: inject('databaseUrl').replace(/postgres$/, rows[0]!.name),
        TEMPORAL_ADDRESS: inject('temporalAddress'),
        DATA_DIR: folder,
        AUTH_SECRET: 's'.repeat(32),
        ENCRYPTION_KEY: 'ab'.repeat(32),
      };
      const child = spawn(process.execPath, ['api/server.ts'], { env });
      children.push(child);
      const said = { text: '' };
      child.stdout.on('data', (bytes) => (said.text += String(bytes)));
      child.stderr.on('data', (bytes) => (said.text += String(bytes)));
      return { child, said, gone: once(child, 'exit') as Promise<[number | null]> };
    };
  });

test('told to stop it ends its streams, finishes, and says nothing but lines of JSON', async ({
  start,
  port,
}) => {
  const { child, said, gone } = start();
  await expect.poll(() => said.text, { timeout: 45_000 }).toContain('The API is ready.');
  const answer = await fetch(`http://127.0.0.1:${port}/api/health/ready`);
  expect(answer.status).toBe(200);
  child.kill('SIGTERM');
  expect((await gone)[0]).toBe(0);
  const lines = said.text.trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toContain(
    'The API has stopped.',
  );
}, 60_000);

test('a taken port is named, and ends it', async ({ start, port }) => {
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  const { said, gone } = start();
  expect((await gone)[0]).toBe(1);
  expect(said.text).toContain(`Port ${port} is taken.`);
  other.close();
}, 60_000);
