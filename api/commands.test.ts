import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { expect, inject } from 'vitest';
import { createActivities } from '#activities/index.ts';
import { test } from '#tests/db.ts';
import { depsFor, entered, published } from '#tests/sequences.ts';
import { serving } from '#tests/serve.ts';
import { relay } from '#worker/relay.ts';

Runtime.install({ logger: new DefaultLogger('ERROR') });

const patient = { timeout: 120_000 };
const steps = [
  { id: 'rest', kind: 'wait', for: { days: 3 } },
  { id: 'last', kind: 'stop' },
];

const walking = test.extend('walk', async ({ db, inside }, { onCleanup }) => {
  const address = inject('temporalAddress');
  const [connection, own] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  onCleanup(async () => {
    await connection.close();
    await own.close();
  });
  const temporal = new Client({ connection });
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, steps)).sequenceId),
  );
  const { enrolmentId } = person!;
  const taskQueue = crypto.randomUUID();
  const handle = temporal.workflow.getHandle(`enrolment:${enrolmentId}`);
  return {
    path: `/api/enrolments/${enrolmentId}`,
    relay: () => relay({ db, temporal, taskQueue }),
    /** While the story is told a worker listens; before and after it the workflow is silent. */
    async awake(story: () => Promise<void>): Promise<void> {
      const worker = await Worker.create({
        ...{ connection: own, taskQueue, maxCachedWorkflows: 0 },
        workflowBundle: { codePath: inject('bundlePath') },
        activities: createActivities(depsFor(db)),
      });
      await worker.runUntil(story);
    },
    /** The ids of the commands that the workflow took. */
    async taken(): Promise<(string | null | undefined)[]> {
      const { events } = await handle.fetchHistory();
      return (events ?? []).flatMap(({ workflowExecutionUpdateAcceptedEventAttributes: taken }) =>
        taken ? [taken.acceptedRequest?.meta?.updateId] : [],
      );
    },
  };
});

walking(
  'a command to a walk that is silent is accepted at once and obeyed once when it listens again',
  patient,
  async ({ serve, walk }) => {
    const { path, taken } = walk;
    await walk.relay();
    await walk.awake(() =>
      expect
        .poll(async () => (await serve.get(path)).body)
        .toMatchObject({ next: { stepId: 'rest' } }),
    );
    const paused = await serve.post(`${path}/pause`);
    expect(paused).toMatchObject({ status: 202, body: { status: 'paused', heard: false } });
    expect(await taken()).toEqual([]);
    expect((await serve.get(path)).body).toMatchObject({ status: 'paused' });
    const { command } = paused.body as { command: { id: string } };
    await walk.awake(async () => {
      await walk.relay();
      await expect.poll(taken).toEqual([command.id]);
      const resumed = await serve.post(`${path}/resume`);
      expect(resumed).toMatchObject({ status: 200, body: { status: 'active', heard: true } });
      const { command: second } = resumed.body as { command: { id: string } };
      await walk.relay();
      expect(await taken()).toEqual([command.id, second.id]);
    });
  },
);

walking(
  'a command is accepted while Temporal itself is away, and kept for when it is back',
  patient,
  async ({ db, who, walk }) => {
    const connection = Connection.lazy({ address: '127.0.0.1:1' });
    const api = await serving(db, who, { temporal: new Client({ connection }) });
    const paused = await api.post(`${walk.path}/pause`);
    expect(paused).toMatchObject({ status: 202, body: { status: 'paused', heard: false } });
    const { command } = paused.body as { command: { id: string } };
    await api.stop();
    const waiting = db.selectFrom('outbox').selectAll().where('workspaceId', '=', who.workspaceId);
    expect(JSON.stringify(await waiting.execute())).toContain(command.id);
  },
);
