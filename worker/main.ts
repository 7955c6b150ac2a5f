import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { createActivities } from '#activities/index.ts';
import { createDeps } from '#activities/deps.ts';
import { connect } from '#db/client.ts';
import { statementNames } from '#db/statement-names.ts';
import { readEnv } from '#env.ts';
import { TASK_QUEUE } from '#workflows/queue.ts';
import { bundleWorkflows } from './bundle.ts';
import { startRelaying } from './relaying.ts';
import { keepReviews, reviewKeeping } from './reviews.ts';
import { keepSchedules } from './schedules.ts';

const env = readEnv();
const log = pino({ name: 'worker', level: env.logLevel });
const logger = new DefaultLogger('WARN', ({ level, message, meta }) =>
  log[level === 'ERROR' ? 'error' : 'warn']({ about: meta?.['workflowId'] }, message),
);
Runtime.install({ logger, shutdownSignals: [] });

const db = connect(env.databaseUrl, 30, { nameOf: statementNames() });
const connection = await NativeConnection.connect({
  address: env.temporalAddress,
  ...(env.temporalApiKey && { apiKey: env.temporalApiKey, tls: true }),
});
const namespace = env.temporalNamespace;
const temporal = new Client({ connection, namespace });

const worker = await Worker.create({
  ...{ connection, namespace, taskQueue: TASK_QUEUE },
  workflowBundle: await bundleWorkflows(logger),
  activities: {
    ...createActivities(createDeps({ db, env })),
    ...reviewKeeping({ db, temporal, taskQueue: TASK_QUEUE }),
  },
  // Without grace a stop would cancel what is being sent.
  shutdownGraceTime: '20 seconds',
  shutdownForceTime: '30 seconds',
  maxCachedWorkflows: 400,
  maxConcurrentWorkflowTaskExecutions: 40,
  maxConcurrentActivityTaskExecutions: 40,
  maxConcurrentLocalActivityExecutions: 40,
});

await keepSchedules({ temporal, taskQueue: TASK_QUEUE });
await keepReviews({ db, temporal, taskQueue: TASK_QUEUE });
const relaying = startRelaying(
  {
    ...{ db, temporal, taskQueue: TASK_QUEUE },
    onProblem: (error, { kind, workflow }) =>
      log.warn({ kind, workflow, error: nameOf(error) }, 'A promise could not be kept yet.'),
  },
  env.databaseUrl,
  (error) => log.warn({ error: nameOf(error) }, 'The outbox cannot be reached.'),
);

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
  });

log.info('The worker is ready.');
await worker.run();
await relaying.stop();
await connection.close();
await db.destroy();
log.info('The worker has stopped.');

/** Messages of errors may quote a row; their names do not. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
