import { act } from './activities.ts';

/** Fetches a mail that a provider announced, and takes it in. */
export async function fetchMail(mail: {
  workspaceId: string;
  connectionId: string;
  providerId: string;
}): Promise<void> {
  await act.fetchMail(mail);
}
