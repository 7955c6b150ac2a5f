import type { Import } from '#domain/import.ts';
import { keep, type Page } from '#lib/api.ts';
import { members } from '#lib/choices.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends }) => {
  depends('api:imports');
  const path = '/imports?limit=100';
  const [page, people] = await Promise.all([keep<Page<Import>>(fetch, path), members(fetch)]);
  return { path, page, people };
};
