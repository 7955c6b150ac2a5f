import type { Loss } from '#domain/deal-loss.ts';
import { keep, type Page, queryOf } from '#lib/api.ts';
import { members } from '#lib/choices.ts';
import { periodOf } from '#lib/deal-periods.ts';
import type { Pipeline } from '#lib/deal.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url, depends }) => {
  depends('api:deals');
  const { searchParams } = url;
  const period = periodOf(searchParams.get('period'));
  const owner = searchParams.get('owner') ?? undefined;
  const pipeline = searchParams.get('pipeline') ?? undefined;
  const since = period.since(new Date());
  const [losses, people, pipelines] = await Promise.all([
    keep<Page<Loss>>(fetch, `/deals/lost-reasons${queryOf({ since, owner, pipeline })}`),
    members(fetch),
    keep<Page<Pipeline>>(fetch, '/pipelines'),
  ]);
  const set = { owner, pipeline };
  return { losses, people, period: period.id, set, pipelines: pipelines.value?.items ?? [] };
};
