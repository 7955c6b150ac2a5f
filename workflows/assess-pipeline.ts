import { proxyActivities } from '@temporalio/workflow';
import type { riskActivities } from '#activities/risks.ts';
import { retry } from './activities.ts';

const { assessPipeline: assess } = proxyActivities<ReturnType<typeof riskActivities>>({
  startToCloseTimeout: '10 minutes',
  retry,
});

/** Judges every open deal of a workspace by settings that were changed. */
export async function assessPipeline(one: { workspaceId: string }): Promise<void> {
  await assess(one);
}
