import { proxyActivities } from '@temporalio/workflow';
import type { assessmentActivities } from '#activities/assessments.ts';
import { retry } from './activities.ts';

// Longer than a model may think.
const { assessAnew } = proxyActivities<ReturnType<typeof assessmentActivities>>({
  startToCloseTimeout: '1 minute',
  retry,
});

/** Says something else of one deal, as somebody asked. */
export async function assessment(one: {
  workspaceId: string;
  assessmentId: string;
}): Promise<void> {
  await assessAnew(one);
}
