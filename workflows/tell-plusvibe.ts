import { act } from './activities.ts';

/** Lets the system that ran the campaign before us pause its own sequence for somebody who answered. */
export async function tellPlusvibe(lead: {
  workspaceId: string;
  leadId: string;
  connectionId: string;
}): Promise<void> {
  await act.tellPlusvibe(lead);
}
