import { act } from './activities.ts';

/** Lets the system that ran the campaign before us pause or stop its own sequence for somebody. */
export async function tellPlusvibe(lead: {
  workspaceId: string;
  leadId: string;
  connectionId: string;
  stop?: boolean;
}): Promise<void> {
  await act.tellPlusvibe(lead);
}
