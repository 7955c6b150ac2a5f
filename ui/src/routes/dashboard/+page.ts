import type { Dashboard } from '#domain/dashboard.ts';
import { keep, queryOf } from '#lib/api.ts';
import { periods } from '#lib/dashboard.ts';
import type { Insights } from '#lib/insight.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url, depends }) => {
  depends('api:forecast', 'api:deals', 'api:insights', 'api:activities', 'api:leads', 'api:today');
  const wish = url.searchParams.get('period');
  const period = periods.find(({ value }) => value === wish)?.value ?? 'quarter';
  const owner = url.searchParams.get('owner') ?? undefined;
  const [dashboard, insights] = await Promise.all([
    keep<Dashboard>(fetch, `/dashboard${queryOf({ period, owner })}`),
    keep<Insights>(fetch, '/sales/insights?limit=6'),
  ]);
  return { period, owner, dashboard, insights };
};
