import { keep } from '#lib/api.ts';
import type { Today } from '#lib/today.ts';
import type { PageLoad } from './$types';

export type View = 'queue' | 'snoozed' | 'done';

export const load: PageLoad = async ({ fetch, url, depends, parent }) => {
  depends('api:leads');
  const view = (url.searchParams.get('view') ?? 'queue') as View;
  const counting = keep<{ all: number }>(fetch, '/leads/counts');
  const listing = view === 'queue' ? undefined : keep<Today>(fetch, `/today?view=${view}`);
  if (listing) depends('api:today');
  const { today } = await parent();
  const [{ value: leads }, list] = await Promise.all([counting, listing ?? today]);
  return { view, list: list ?? {}, leads: leads?.all };
};
