import type { PastPipeline } from '#domain/waterfall.ts';
import { keep } from '#lib/api.ts';
import { members } from '#lib/choices.ts';
import { dateAfter } from '#lib/month.ts';
import type { PageLoad } from './$types';

/** Yesterday unless the address says another day. */
export const load: PageLoad = async ({ fetch, url, depends }) => {
  depends('api:forecast');
  const yesterday = dateAfter(new Date().toISOString().slice(0, 10), -1);
  const day = url.searchParams.get('day') ?? yesterday;
  const path = `/pipeline/on/${day}`;
  const [kept, people] = await Promise.all([keep<PastPipeline>(fetch, path), members(fetch)]);
  return { day, path, yesterday, kept, people };
};
