import { redirect } from '@sveltejs/kit';
import { resolve } from '$app/paths';
import type { Analysis, AnalysisReject } from '#domain/analysis.ts';
import type { DealFields } from '#lib/analysis-columns.ts';
import { get, keep, type Page } from '#lib/api.ts';
import type { Pipeline } from '#lib/deal.ts';
import type { DealPage } from '#lib/result.ts';
import type { PageLoad } from './$types';

/** When it is done, what it found is what one came for. */
export const load: PageLoad = async ({ fetch, params, depends }) => {
  depends('api:analyses');
  const path = `/analyze/${params.id}`;
  const one = await get<Analysis>(fetch, path);
  if (one.status === 'done') redirect(307, resolve('/reviews/[id]', { id: one.id }));
  const isMapping = one.status === 'mapping';
  const [fields, pipelines, worst, noted] = await Promise.all([
    keep<DealFields>(fetch, '/deal-fields'),
    keep<Page<Pipeline>>(fetch, '/pipelines'),
    isMapping ? undefined : keep<DealPage>(fetch, `${path}/deals?limit=13`),
    isMapping ? undefined : keep<{ rejects: AnalysisReject[] }>(fetch, `${path}/rejects?limit=8`),
  ]);
  return {
    ...{ one, fields: fields.value?.fields ?? [] },
    ...{ worst: worst?.value?.deals ?? [], noted: noted?.value?.rejects ?? [] },
    stages: (pipelines.value?.items ?? []).flatMap(({ stages }) => stages),
  };
};
