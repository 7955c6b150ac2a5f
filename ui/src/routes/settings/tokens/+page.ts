import type { Token } from '#domain/token.ts';
import { keep, type Page } from '#lib/api.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends }) => {
  depends('api:settings');
  return { tokens: await keep<Page<Token>>(fetch, '/tokens') };
};
