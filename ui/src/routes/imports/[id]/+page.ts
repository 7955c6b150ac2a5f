import { chosenIn } from '#lib/address.ts';
import { get, keep, type Kept, type Page, queryOf } from '#lib/api.ts';
import type { Import, ImportRow } from '#lib/import.ts';
import type { PageLoad } from './$types';

export type Line = ImportRow & { id: string };

export const load: PageLoad = async ({ fetch, params, url, depends }) => {
  depends('api:imports');
  const one = await get<Import>(fetch, `/imports/${params.id}`);
  const { outcome = one.rejected > 0 ? 'rejected' : 'created' } = chosenIn(url, ['outcome']);
  const path = `/imports/${params.id}/rows${queryOf({ outcome, limit: 100 })}`;
  const nothing: Kept<Page<ImportRow>> = {};
  const [page, sequences] = await Promise.all([
    one.status === 'mapping' ? nothing : keep<Page<ImportRow>>(fetch, path),
    keep<Page<{ id: string; name: string; liveVersion: number | null }>>(
      fetch,
      '/sequences?limit=100',
    ),
  ]);
  return { one, outcome, path, page, sequences: sequences.value?.items ?? [] };
};
