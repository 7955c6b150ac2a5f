import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { clockActivities } from '#activities/clocks.ts';
import { act, retry } from './activities.ts';

// A killed worker is noticed by its silence; what it has done by then is not done again.
const { strike } = proxyActivities<ReturnType<typeof clockActivities>>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '2 minutes',
  retry: { ...retry, maximumInterval: '2 minutes', maximumAttempts: 8 },
});

/** Does what a clock is for, once for the slot that Temporal started it for. */
export async function runClock({ name }: { name: string }): Promise<void> {
  const { runId } = workflowInfo();
  const run = { name, slot: slotOf(), runId };
  try {
    await strike(run);
  } catch (error) {
    const problem = problemOf(error);
    await CancellationScope.nonCancellable(() => act.failStrike({ ...run, problem }));
    throw error;
  }
}

/** The moment this run was meant for, which may be hours ago; its own start when nobody scheduled it. */
function slotOf(): string {
  const { searchAttributes, startTime } = workflowInfo();
  const [slot] = searchAttributes['TemporalScheduledStartTime'] ?? [];
  return (slot instanceof Date ? slot : startTime).toISOString();
}

/** Messages of errors may quote a row; of what was refused they are for people, of the rest their names do. */
function problemOf(error: unknown): string {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (!(cause instanceof ApplicationFailure)) return 'It took too long or was cancelled.';
  return cause.type === 'Refusal' ? cause.message : `It failed eight times: ${cause.type}.`;
}
