import type { Pipeline } from '#lib/deal.ts';
import { keep, type Page } from '#lib/api.ts';
import { sequenceChoices } from '#lib/choices.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends, url }) => {
  depends('api:settings', 'api:deals');
  const [pipelines, sequences] = await Promise.all([
    keep<Page<Pipeline>>(fetch, '/pipelines?archived=true'),
    sequenceChoices(),
  ]);
  return { pipelines, sequences, chosen: url.searchParams.get('pipeline') ?? undefined };
};
