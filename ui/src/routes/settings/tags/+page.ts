import type { Tag, Term } from '#domain/taxonomy.ts';
import { keep, type Page } from '#lib/api.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends }) => {
  depends('api:settings', 'api:leads');
  const [tags, sources] = await Promise.all([
    keep<Page<Tag>>(fetch, '/tags'),
    keep<Page<Term>>(fetch, '/taxonomies/lead-source'),
  ]);
  return { tags, sources: sources.value?.items ?? [] };
};
