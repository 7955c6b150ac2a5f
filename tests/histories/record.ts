import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { startTemporal } from '#local/temporal.ts';
import { temporalProgram } from '#local/temporal-program.ts';
import { bundleWorkflows } from '#worker/bundle.ts';
import { enrolment } from '#workflows/enrolment.ts';
import { type Recorded, stories, worldOf } from './stories.ts';

// Run by hand when a story is added: `node tests/histories/record.ts`. What was recorded before stays as it is.
const logger = new DefaultLogger('ERROR');
Runtime.install({ logger });
const folder = await mkdtemp(join(tmpdir(), 'throughline-record-'));
const temporal = await startTemporal(folder, await temporalProgram('.data/bin'));
const connection = await NativeConnection.connect({ address: temporal.address });
const client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
const workflowBundle = await bundleWorkflows(logger);

for (const [name, story] of Object.entries(stories)) {
  const file = new URL(`./${name}.json`, import.meta.url);
  const json = await record(name, story);
  await writeFile(file, `${json}\n`, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
await client.connection.close();
await connection.close();
await temporal.stop();
await rm(folder, { recursive: true, force: true });

async function record(name: string, story: Recorded): Promise<string> {
  const { activities, ready } = worldOf(story);
  const worker = await Worker.create({
    ...{ connection, workflowBundle, taskQueue: name, activities },
  });
  const person = {
    ...{ workspaceId: 'w1', enrolmentId: 'e1', versionId: 'v1', leadId: 'l1' },
    enrolledAt: new Date().toISOString(),
  };
  return worker.runUntil(async () => {
    const how = { taskQueue: name, workflowId: name, args: [person] as [typeof person] };
    const handle = await client.workflow.start(enrolment, how);
    await ready;
    await story.meanwhile?.(handle);
    await handle.result();
    return JSON.stringify(JSON.parse(historyToJSON(await handle.fetchHistory())));
  });
}
