import { proxyActivities } from '@temporalio/workflow';
import type { deliveryActivities } from '#activities/deliveries.ts';
import { retry } from './activities.ts';

// A crowd takes longer than one touch, and what is tried again does nothing twice.
const { handleDeliveries } = proxyActivities<ReturnType<typeof deliveryActivities>>({
  startToCloseTimeout: '1 minute',
  retry,
});

/** Handles up to a hundred webhooks that one workspace was sent. */
export async function deliveries(crowd: { workspaceId: string; ids: string[] }): Promise<void> {
  await handleDeliveries(crowd);
}
