import { chosenIn } from '#lib/address.ts';
import { keep, type Page } from '#lib/api.ts';
import { members } from '#lib/choices.ts';
import type { Pipeline } from '#lib/deal.ts';
import type { RuleFilter, RuleList, RulePage } from '#lib/rule.ts';
import { byLabel, type Fact } from '#lib/rule-condition.ts';
import type { PageLoad } from './$types';

const filters: string[] = ['fire', 'changed', 'custom'];

export const load: PageLoad = async ({ fetch, url, depends }) => {
  depends('api:rules', 'api:deals');
  const set = chosenIn(url, ['id', 'show', 'q', 'view']);
  const [list, table, opened, pipelines, people] = await Promise.all([
    keep<RuleList>(fetch, '/rules'),
    keep<{ facts: Fact[] }>(fetch, '/rules/facts'),
    set.id ? keep<RulePage>(fetch, `/rules/${encodeURIComponent(set.id)}`) : undefined,
    keep<Page<Pipeline>>(fetch, '/pipelines'),
    members(fetch),
  ]);
  return {
    ...{ set, list, opened, people, facts: byLabel(table.value?.facts ?? []) },
    show: (filters.includes(set.show ?? '') ? set.show : 'all') as RuleFilter,
    stages: stagesOf(pipelines.value?.items ?? []),
  };
};

/** Every stage once, by its slug: pipelines may share them. */
function stagesOf(pipelines: Pipeline[]): { slug: string; name: string }[] {
  const all = pipelines.flatMap(({ stages }) => stages.map(({ slug, name }) => ({ slug, name })));
  return all.filter(({ slug }, at) => all.findIndex((one) => one.slug === slug) === at);
}
