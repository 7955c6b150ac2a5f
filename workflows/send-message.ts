import { act } from './activities.ts';

/** Hands over one message that a person here wrote. */
export async function sendMessage(message: {
  workspaceId: string;
  touchId: string;
}): Promise<void> {
  await act.sendMessage(message);
}
