import { keep, type Page } from '#lib/api.ts';
import type { SequenceRow } from '#lib/sequence.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends }) => {
  depends('api:sequences', 'api:enrolments');
  const path = '/sequences?limit=200';
  return { path, page: await keep<Page<SequenceRow>>(fetch, path) };
};
