import type { AnalysisLine } from '#domain/analysis.ts';
import { chosenIn } from '#lib/address.ts';
import { keep, type Kept, type Page, queryOf } from '#lib/api.ts';
import { fields } from '#lib/analysis-list.ts';
import type { Pipeline } from '#lib/deal.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url, depends }) => {
  depends('api:analyses');
  const set = chosenIn(url, fields);
  const path = `/analyze${queryOf({ ...set, limit: 100 })}`;
  const [kept, pipelines] = await Promise.all([
    keep<{ analyses: AnalysisLine[]; next: string | null }>(fetch, path),
    keep<Page<Pipeline>>(fetch, '/pipelines'),
  ]);
  const { value } = kept;
  const page: Kept<Page<AnalysisLine>> = {
    ...{ asOf: kept.asOf, problem: kept.problem },
    value: value && { items: value.analyses, next: value.next },
  };
  return { set, path, page, pipelines: pipelines.value?.items ?? [] };
};
