import type { ClockShown } from '#domain/clock.ts';
import { keep, type Page } from '#lib/api.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends }) => {
  depends('api:settings', 'api:schedules');
  return { schedules: await keep<Page<ClockShown>>(fetch, '/schedules') };
};
