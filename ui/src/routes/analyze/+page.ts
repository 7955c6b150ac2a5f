import type { AnalysisLine } from '#domain/analysis.ts';
import { keep } from '#lib/api.ts';
import type { DealFields } from '#lib/analysis-columns.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends }) => {
  depends('api:analyses');
  const [fields, before] = await Promise.all([
    keep<DealFields>(fetch, '/deal-fields'),
    keep<{ analyses: AnalysisLine[] }>(fetch, '/analyze?source=file&limit=5'),
  ]);
  return { fields: fields.value?.fields ?? [], before };
};
