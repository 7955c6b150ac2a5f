import type { Review, ReviewFailure } from '#domain/review.ts';
import type { ReportTemplate } from '#domain/report.ts';
import type { SavedView } from '#domain/saved-view.ts';
import { chosenIn } from '#lib/address.ts';
import { keep, type Page, queryOf } from '#lib/api.ts';
import { members } from '#lib/choices.ts';
import type { Pipeline } from '#lib/deal.ts';
import type { Week } from '#lib/review.ts';
import type { RuleList } from '#lib/rule.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url, depends }) => {
  depends('api:reviews');
  const set = chosenIn(url, ['id', 'edit', 'new']);
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const writing = Boolean(set.edit ?? set.new);
  const [list, week, failures, templates, pipelines, views, people, rules] = await Promise.all([
    keep<Page<Review>>(fetch, '/reviews'),
    keep<Week>(fetch, `/reviews/week${queryOf({ timeZone })}`),
    keep<Page<ReviewFailure>>(fetch, '/reviews/failures'),
    keep<Page<ReportTemplate>>(fetch, '/report-templates'),
    keep<Page<Pipeline>>(fetch, '/pipelines'),
    keep<{ items: SavedView[] }>(fetch, `/views${queryOf({ list: 'deals' })}`),
    members(fetch),
    writing ? keep<RuleList>(fetch, '/rules') : undefined,
  ]);
  return {
    ...{ set, list, people },
    week: week.value ?? { days: [], leftOut: [] },
    failures: failures.value?.items ?? [],
    templates: templates.value?.items ?? [],
    pipelines: pipelines.value?.items ?? [],
    views: views.value?.items ?? [],
    rules: rules?.value?.rules ?? [],
  };
};
