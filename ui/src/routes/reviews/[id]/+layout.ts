import type { Pipeline } from '#lib/deal.ts';
import { get, keep, type Page } from '#lib/api.ts';
import { members } from '#lib/choices.ts';
import type { Results } from '#lib/result.ts';
import type { LayoutLoad } from './$types';

/** What stays the same whatever is filtered, so that a filter asks only for its rows. */
export const load: LayoutLoad = async ({ fetch, params, depends }) => {
  depends('api:analyses');
  const [results, people, pipelines] = await Promise.all([
    get<Results>(fetch, `/analyze/${params.id}/results`),
    members(fetch),
    keep<Page<Pipeline>>(fetch, '/pipelines'),
  ]);
  return {
    ...{ results, people },
    stages: (pipelines.value?.items ?? []).flatMap(({ stages }) => stages),
  };
};
