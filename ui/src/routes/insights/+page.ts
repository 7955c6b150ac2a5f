import { chosenIn } from '#lib/address.ts';
import { keep, queryOf } from '#lib/api.ts';
import type { Insights } from '#lib/insight.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url, depends }) => {
  depends('api:insights', 'api:deals');
  const set = chosenIn(url, ['severity', 'kind', 'source'] as const);
  return {
    set,
    kept: await keep<Insights>(fetch, `/sales/insights${queryOf({ ...set, limit: 500 })}`),
  };
};
