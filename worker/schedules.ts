import {
  type Client,
  type ScheduleDescription,
  type ScheduleOptions,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
} from '@temporalio/client';
import { type Clock, scheduleIdOf, schedules } from '#workflows/schedules.ts';

interface Keeping {
  temporal: Client;
  taskQueue: string;
  clocks?: Clock[];
  /** Whose schedules these are; others in the namespace stay as they are. */
  prefix?: string;
}

/** Makes Temporal's schedules those of the list. Done twice, or by two workers at once, it is done once. */
export async function keepSchedules(keeping: Keeping): Promise<void> {
  const { temporal, clocks = schedules, prefix = 'clock' } = keeping;
  const wanted = new Set(clocks.map(({ name }) => scheduleIdOf(name, prefix)));
  const gone: string[] = [];
  for await (const { scheduleId } of temporal.schedule.list())
    if (scheduleId.startsWith(`${prefix}:`) && !wanted.has(scheduleId)) gone.push(scheduleId);
  await Promise.all([
    ...gone.map((id) => unlessGone(temporal.schedule.getHandle(id).delete())),
    ...clocks.map((clock) => keep(keeping, clock)),
  ]);
}

async function keep({ temporal, taskQueue, prefix }: Keeping, clock: Clock): Promise<void> {
  const options = optionsOf(clock, taskQueue, scheduleIdOf(clock.name, prefix));
  const isThere = await temporal.schedule.create(options).then(
    () => false,
    (error: unknown) => {
      if (error instanceof ScheduleAlreadyRunning) return true;
      throw error;
    },
  );
  if (!isThere) return;
  const handle = temporal.schedule.getHandle(options.scheduleId);
  // An update makes Temporal forget the slots that were missed before it, so only a change is one.
  if (definitionIn(await handle.describe()) === definitionOf(clock, taskQueue)) return;
  await handle.update(({ state }) => ({ ...options, state }));
}

function optionsOf(clock: Clock, taskQueue: string, scheduleId: string) {
  const { name, what, cron, workflow, overlap, catchup } = clock;
  return {
    scheduleId,
    spec: { cronExpressions: [cron], timezone: 'UTC' },
    action: {
      type: 'startWorkflow',
      workflowType: workflow,
      taskQueue,
      workflowId: scheduleId,
      args: [{ name }],
      memo: { definition: definitionOf(clock, taskQueue) },
      staticSummary: what,
    },
    policies: { overlap, catchupWindow: catchup, pauseOnFailure: false },
  } satisfies ScheduleOptions;
}

function definitionOf(clock: Clock, taskQueue: string): string {
  return JSON.stringify({ ...clock, taskQueue });
}

function definitionIn({ action }: ScheduleDescription): unknown {
  return action.memo?.['definition'];
}

async function unlessGone(deleting: Promise<void>): Promise<void> {
  await deleting.catch((error: unknown) => {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  });
}
