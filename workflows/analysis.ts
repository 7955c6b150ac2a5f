import {
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { analysisActivities } from '#activities/analyses.ts';
import type { assessmentActivities } from '#activities/assessments.ts';
import { retry } from './activities.ts';

// A killed worker is noticed by its silence; the place to go on from lies in the database.
const { analysisTurn } = proxyActivities<ReturnType<typeof analysisActivities>>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { ...retry, maximumInterval: '1 minute' },
});

// One transaction over all that was found.
const { finishAnalysis } = proxyActivities<ReturnType<typeof analysisActivities>>({
  startToCloseTimeout: '2 minutes',
  retry: { ...retry, maximumInterval: '1 minute' },
});

// A model may think for a while; what it does not say, rules do, and a result never waits for it in vain.
const { assess } = proxyActivities<ReturnType<typeof assessmentActivities>>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '2 minutes',
  retry: { ...retry, maximumAttempts: 3 },
});

/** Another one of the workspace has ended, so it may be this one's turn. */
export const mayGoOn = defineSignal('mayGoOn');

/** Judges a file or the workspace's own deals, one turn after the other, and reports what it found. */
export async function analysis(one: { workspaceId: string; analysisId: string }): Promise<void> {
  let told = false;
  setHandler(mayGoOn, () => {
    told = true;
  });
  for (;;) {
    told = false;
    const turn = await analysisTurn(one);
    if (turn === 'over') return;
    if (turn === 'read') break;
    // One that was killed tells nobody.
    if (turn === 'waits') await condition(() => told, '1 minute');
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof analysis>(one);
  }
  await assess(one).catch(() => undefined);
  await finishAnalysis(one);
}
