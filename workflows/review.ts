import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowFailure,
  executeChild,
  ParentClosePolicy,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { ReviewKeeping, ReviewRef, reviewActivities, RunRef } from '#activities/reviews.ts';
import { retry } from './activities.ts';
import { analysis } from './analysis.ts';

type Verbs = ReturnType<typeof reviewActivities>;

const ours = proxyActivities<Verbs & ReviewKeeping>({ startToCloseTimeout: '30 seconds', retry });
// A provider that is busy is asked eight times within a quarter of an hour, then a person decides.
const { deliverReview } = proxyActivities<Verbs>({
  startToCloseTimeout: '30 seconds',
  retry: { ...retry, maximumInterval: '5 minutes', maximumAttempts: 8 },
});

/** Looks at what a review is about, once for its slot or when somebody asked, and tells who wants to know. */
export async function review(one: ReviewRef & { runId?: string }): Promise<void> {
  const { runId: workflowRun } = workflowInfo();
  const begun = await ours.beginReview({ ...one, slot: slotOf(), workflowRun });
  if (!begun) return;
  const { workspaceId, reviewId } = one;
  const run = { workspaceId, reviewId, runId: begun.runId };
  await deliverAll(workspaceId, await alertsAfter(run, begun.analysisId));
}

/** Carries a run to its end, good or bad, and answers which deliveries tell of what was given up. */
async function alertsAfter(run: RunRef, analysisId: string | null): Promise<string[]> {
  const { workspaceId } = run;
  try {
    if (analysisId) await lookAt(workspaceId, analysisId);
    await deliverAll(workspaceId, await ours.planReview(run));
    return await ours.endReview(run);
  } catch (error) {
    const problem = problemOf(error);
    return CancellationScope.nonCancellable(() => ours.failReview({ ...run, problem }));
  }
}

/** Tries a delivery again that was given up. */
export async function redeliverReview(one: RunRef & { deliveryId: string }): Promise<void> {
  const { deliveryId, ...run } = one;
  await deliverAll(run.workspaceId, [deliveryId]);
  await deliverAll(run.workspaceId, await ours.planAlerts(run));
}

/** Makes Temporal's schedule of a review that of its row, however long Temporal was away. */
export async function keepReview(one: ReviewRef): Promise<void> {
  await ours.keepReviewSchedule(one);
}

async function lookAt(workspaceId: string, analysisId: string): Promise<void> {
  await executeChild(analysis, {
    workflowId: `analysis:${workspaceId}:${analysisId}`,
    args: [{ workspaceId, analysisId }],
    parentClosePolicy: ParentClosePolicy.ABANDON,
  });
}

/** Each recipient by themselves: one that cannot be reached keeps nobody else waiting. */
async function deliverAll(workspaceId: string, ids: string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += TOGETHER) {
    const some = ids.slice(from, from + TOGETHER);
    await Promise.all(some.map((deliveryId) => deliver({ workspaceId, deliveryId })));
  }
}

const TOGETHER = 20;

async function deliver(one: { workspaceId: string; deliveryId: string }): Promise<void> {
  try {
    await deliverReview(one);
  } catch (error) {
    const problem = problemOf(error);
    await CancellationScope.nonCancellable(() => ours.giveUpDelivery({ ...one, problem }));
  }
}

/** The moment this run was meant for, which may be hours ago, to the minute as a cron means it. */
function slotOf(): string {
  const { searchAttributes, startTime } = workflowInfo();
  const [slot] = searchAttributes['TemporalScheduledStartTime'] ?? [];
  const at = slot instanceof Date ? slot : startTime;
  return new Date(Math.floor(at.getTime() / MINUTE) * MINUTE).toISOString();
}

const MINUTE = 60_000;

/** Messages of errors may quote a row; of what was refused they are for people, of the rest their names do. */
function problemOf(error: unknown): string {
  let cause = error;
  while (cause instanceof ActivityFailure || cause instanceof ChildWorkflowFailure)
    cause = cause.cause;
  if (!(cause instanceof ApplicationFailure)) return 'It took too long or was cancelled.';
  if (cause.type === 'Refusal') return cause.message;
  return cause.message === BUSY ? cause.message : `It failed again and again: ${cause.type}.`;
}

const BUSY = 'The provider did not take it yet.';
