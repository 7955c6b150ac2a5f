import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { sql } from 'kysely';
import { expect, inject } from 'vitest';
import { startLater } from '#db/outbox.ts';
import { test as base } from '#tests/db.ts';

const test = base.extend('worker', async ({ db }, { onCleanup }) => {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db);
  const folder = await mkdtemp(join(tmpdir(), 'throughline-worker-'));
  // A namespace of its own, so that it takes nothing from other tests.
  const namespace = `worker-${crypto.randomUUID()}`;
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  const env = {
    ...process.env,
    ...{ NODE_ENV: 'development', LOG_LEVEL: 'info', DATA_DIR: folder },
    DATABASE_URL: inject('databaseUrl').replace(/postgres$/, rows[0]!.name),
    ...{ TEMPORAL_ADDRESS: inject('temporalAddress'), TEMPORAL_NAMESPACE: namespace },
    ...{ AUTH_SECRET: 's'.repeat(32), ENCRYPTION_KEY: 'ab'.repeat(32) },
  };
  const child: ChildProcess = spawn(process.execPath, ['worker/main.ts'], { env });
  const said = { text: '' };
  child.stdout!.on('data', (bytes) => (said.text += String(bytes)));
  child.stderr!.on('data', (bytes) => (said.text += String(bytes)));
  const gone = once(child, 'exit');
  onCleanup(async () => {
    if (child.exitCode === null) child.kill('SIGKILL');
    await gone;
    await connection.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { child, said, gone, client: new Client({ connection, namespace }) };
});

test('a worker says when it is ready, keeps what was promised, and when it is told to stop finishes and says so', async ({
  worker,
  inside,
}) => {
  const { child, said, gone, client } = worker;
  await expect.poll(() => said.text, { timeout: 60_000 }).toContain('The worker is ready.');
  const workflowId = `deliveries:${crypto.randomUUID()}`;
  await inside((scope) =>
    startLater(scope, {
      ...{ workflow: 'deliveries', workflowId },
      input: [{ workspaceId: scope.workspaceId, ids: [] }],
    }),
  );
  const handle = client.workflow.getHandle(workflowId);
  await expect
    .poll(
      () =>
        handle.describe().then(
          ({ status }) => status.name,
          () => 'not there yet',
        ),
      { timeout: 30_000 },
    )
    .toBe('COMPLETED');
  child.kill('SIGTERM');
  expect(await gone).toEqual([0, null]);
  const lines = said.text.trim().split('\n');
  const told = lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
  expect(told.at(-1)).toBe('The worker has stopped.');
}, 120_000);
