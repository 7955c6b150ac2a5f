import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import pg from 'pg';

/**
 * A bare Temporal worker whose workflow calls one activity that runs some SQL statements, at most 150 in flight:
 * `node bench/bare-worker.ts <temporal> <database> <people> <statements>`; prints {took}.
 */
const [address = '', connectionString, people = '', statements = ''] = process.argv.slice(2);
Runtime.install({ logger: new DefaultLogger('ERROR') });
const pool = new pg.Pool({ connectionString, max: 30 });
await pool.query('create table if not exists bare_touch (id uuid primary key, n int not null)');
const connection = await NativeConnection.connect({ address });
const client = new Client({ connection: await Connection.connect({ address }) });
const taskQueue = `bare-${randomUUID()}`;

async function touch(count: number): Promise<void> {
  const session = await pool.connect();
  const id = randomUUID();
  await session.query('begin');
  await session.query('insert into bare_touch values ($1, 0)', [id]);
  // The first, `begin` and `commit` are statements too.
  for (let n = 3; n < count; n += 1)
    await session.query('update bare_touch set n = $2 where id = $1', [id, n]);
  await session.query('commit');
  session.release();
}

const worker = await Worker.create({
  ...{ connection, taskQueue, activities: { touch } },
  workflowsPath: fileURLToPath(new URL('./bare-workflow.ts', import.meta.url)),
  maxCachedWorkflows: 400,
  maxConcurrentWorkflowTaskExecutions: 40,
  maxConcurrentActivityTaskExecutions: 40,
});
await worker.runUntil(async () => {
  const began = performance.now();
  let next = 0;
  async function walk(): Promise<void> {
    while (next < Number(people)) {
      const workflowId = `bare:${taskQueue}:${next++}`;
      await client.workflow.execute('bare', { taskQueue, workflowId, args: [Number(statements)] });
    }
  }
  await Promise.all(Array.from({ length: 150 }, walk));
  console.log(JSON.stringify({ took: performance.now() - began }));
});
await pool.end();
process.exit(0);
