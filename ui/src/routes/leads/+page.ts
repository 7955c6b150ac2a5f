import { keep, type Page, queryOf } from '#lib/api.ts';
import { members, tags } from '#lib/choices.ts';
import type { LeadRow } from '#lib/lead.ts';
import type { PageLoad } from './$types';
import { fields, viewOf } from './views.ts';

export interface Counts {
  all: number;
  mine: number;
  new: number;
  stale: number;
  needsAction: number;
}

export const load: PageLoad = async ({ fetch, url, depends }) => {
  depends('api:leads');
  const view = viewOf(url.searchParams.get('view'));
  const set = Object.fromEntries(
    fields.map((field) => [field, url.searchParams.get(field) ?? undefined]),
  );
  const sort = url.searchParams.get('sort') ?? 'newest';
  const narrowed = view.id === 'all' ? undefined : view.id;
  const path = `/leads${queryOf({ ...set, view: narrowed, sort, limit: 100 })}`;
  const [page, counts, people, words] = await Promise.all([
    keep<Page<LeadRow>>(fetch, path),
    keep<Counts>(fetch, '/leads/counts'),
    members(fetch),
    tags(fetch),
  ]);
  return { view: view.id, sort, set, path, page, counts: counts.value, people, words };
};
