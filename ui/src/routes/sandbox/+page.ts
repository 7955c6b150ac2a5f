import { keep, type Page, queryOf } from '#lib/api.ts';
import type { Kept } from './messages.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url, depends }) => {
  depends('api:sandbox');
  const to = url.searchParams.get('to') ?? undefined;
  const path = `/sandbox/messages${queryOf({ to, limit: 100 })}`;
  return { to, path, page: await keep<Page<Kept>>(fetch, path) };
};
