import type { Workspace } from '#domain/workspace.ts';
import { keep } from '#lib/api.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends }) => {
  depends('api:settings');
  return { kept: await keep<Workspace>(fetch, '/workspace') };
};
