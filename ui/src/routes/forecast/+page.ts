import type { CountedDeal, ForecastPage } from '#domain/forecast-page.ts';
import type { ForecastSum } from '#domain/forecast.ts';
import type { Pipeline } from '#domain/pipeline.ts';
import type { Waterfall } from '#domain/waterfall.ts';
import { chosenIn } from '#lib/address.ts';
import { keep, type Page, queryOf } from '#lib/api.ts';
import { members } from '#lib/choices.ts';
import { dateAfter, mondayOf } from '#lib/month.ts';
import type { PageLoad } from './$types';

const fields = ['month', 'months', 'owner', 'pipeline', 'from', 'to', 'bar', 'as'] as const;

export const load: PageLoad = async ({ fetch, url, depends }) => {
  depends('api:forecast', 'api:deals');
  const set = chosenIn(url, fields);
  const of = { owner: set.owner, pipeline: set.pipeline };
  const [page, people, pipelines] = await Promise.all([
    keep<ForecastPage>(fetch, `/forecast${queryOf({ ...of, months: set.months })}`),
    members(fetch),
    keep<Page<Pipeline>>(fetch, '/pipelines'),
  ]);
  const months = page.value?.months ?? [];
  const month = months.find((one) => one.month === set.month) ?? months[0];
  const from = set.from ?? (page.value ? dateAfter(mondayOf(page.value.today), -1) : undefined);
  const dealsPath = `/forecast/deals${queryOf({ ...of, month: month?.month, limit: 100 })}`;
  const movesPath = `/pipeline/waterfall${queryOf({ month: month?.month, from, to: set.to })}`;
  const [deals, moves] = await Promise.all([
    month ? keep<Page<CountedDeal> & { sum: ForecastSum }>(fetch, dealsPath) : {},
    month ? keep<Waterfall>(fetch, movesPath) : {},
  ]);
  return {
    ...{ set, page, month, dealsPath, deals, moves, from },
    people,
    pipelines: pipelines.value?.items ?? [],
  };
};
