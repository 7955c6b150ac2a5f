import type { Duplicate, DuplicateScan } from '#domain/duplicate.ts';
import type { Merge, MergePreview } from '#domain/merge.ts';
import { keep, type Page, queryOf } from '#lib/api.ts';
import type { PageLoad } from './$types';

/** The queue of one kind of record, and the pair that is looked at: the likeliest unless the address names one. */
export const load: PageLoad = async ({ fetch, url, depends }) => {
  depends('api:contacts', 'api:companies');
  const record = url.searchParams.get('record') === 'company' ? 'company' : 'contact';
  const path = `/duplicates${queryOf({ record, limit: 100 })}`;
  const [page, counts, scan, merges] = await Promise.all([
    keep<Page<Duplicate> & { prior: number }>(fetch, path),
    keep<{ contact: number; company: number }>(fetch, '/duplicates/counts'),
    keep<{ scan: DuplicateScan | null }>(fetch, `/duplicates/scan${queryOf({ record })}`),
    keep<{ items: Merge[] }>(fetch, `/merges${queryOf({ record })}`),
  ]);
  const wanted = url.searchParams.get('pair');
  const pairs = page.value?.items ?? [];
  const pair = pairs.find((one) => pairOf(one) === wanted) ?? pairs[0];
  const swapped = url.searchParams.has('swap');
  const [kept, merged] = pair
    ? swapped
      ? [pair.second, pair.first]
      : [pair.first, pair.second]
    : [];
  const preview =
    kept &&
    (await keep<MergePreview>(
      fetch,
      `/merges/preview${queryOf({ record, kept: kept.id, merged: merged!.id })}`,
    ));
  return {
    ...{ record, path, page, scan: scan.value?.scan, pair, kept, merged, swapped, preview },
    ...{ counts: counts.value, isChosen: pair !== undefined && pairOf(pair) === wanted },
    merges: merges.value?.items ?? [],
  };
};

function pairOf({ first, second }: Duplicate): string {
  return `${first.id}.${second.id}`;
}
