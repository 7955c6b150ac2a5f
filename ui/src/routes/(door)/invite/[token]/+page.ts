import { keep } from '#lib/api.ts';
import type { PageLoad } from './$types';

export interface Invitation {
  workspace: string;
  role: string;
  email: string;
  invitedBy: string | null;
}

export const load: PageLoad = async ({ fetch, params }) => {
  const { value: invitation, problem } = await keep<Invitation>(
    fetch,
    `/invitations/${params.token}`,
  );
  return { invitation, problem };
};
