import { act } from './activities.ts';

/** Takes in a crowd of up to a hundred leads at the price of one: enriched, scored, assigned and let into sequences. */
export async function leadIntake(crowd: { workspaceId: string; ids: string[] }): Promise<void> {
  await act.intake(crowd);
}
