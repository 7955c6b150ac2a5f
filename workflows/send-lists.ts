import { ActivityFailure, proxyActivities } from '@temporalio/workflow';
import type { findingLetterActivities } from '#activities/finding-letters.ts';
import { retry } from './activities.ts';

type Verbs = ReturnType<typeof findingLetterActivities>;

const { listsToSend, giveUpList } = proxyActivities<Verbs>({
  startToCloseTimeout: '15 seconds',
  retry,
});
// A provider that is busy is asked eight times, then whoever looks is told.
const { sendList } = proxyActivities<Verbs>({
  startToCloseTimeout: '30 seconds',
  retry: { ...retry, maximumInterval: '5 minutes', maximumAttempts: 8 },
});

/** Sends each owner their own list of what was found, once per click. */
export async function sendLists(one: { workspaceId: string; sendId: string }): Promise<void> {
  const { workspaceId } = one;
  for (const letterId of await listsToSend(one)) {
    try {
      await sendList({ workspaceId, letterId });
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      await giveUpList({ workspaceId, letterId });
    }
  }
}
