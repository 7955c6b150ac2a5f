import { continueAsNew, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { importActivities } from '#activities/imports.ts';
import { retry } from './activities.ts';

// A killed worker is noticed by its silence; the place to go on from lies in the database.
const { importChunk, finishImport } = proxyActivities<ReturnType<typeof importActivities>>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '20 seconds',
  retry: { ...retry, maximumInterval: '1 minute' },
});

/** Reads a file of leads to its end, one turn after the other, and then enrols whom it may. */
export async function importLeads(one: { workspaceId: string; importId: string }): Promise<void> {
  for (;;) {
    const turn = await importChunk(one);
    if (turn === 'read' || turn === 'over') break;
    if (turn === 'waits') await sleep('5 seconds');
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof importLeads>(one);
  }
  // People are enrolled when they have been scored and have an owner, which takes a moment.
  for (let asked = 1; ; asked += 1) {
    const isLast = asked === 30;
    if ((await finishImport({ ...one, isLast })) || isLast) return;
    await sleep('3 seconds');
  }
}
