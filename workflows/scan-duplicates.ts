import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { duplicateActivities } from '#activities/duplicates.ts';
import { retry } from './activities.ts';

// A killed worker is noticed by its silence; how far it came lies in the database.
const { scanForDuplicates } = proxyActivities<ReturnType<typeof duplicateActivities>>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { ...retry, maximumInterval: '1 minute' },
});

/** Compares all contacts, or all companies, with those they share something with, one turn after the other. */
export async function scanDuplicates(one: { workspaceId: string; scanId: string }): Promise<void> {
  while (await scanForDuplicates(one)) {
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof scanDuplicates>(one);
  }
}
