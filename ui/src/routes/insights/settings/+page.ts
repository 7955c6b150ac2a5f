import { keep, type Page } from '#lib/api.ts';
import type { Settings } from '#lib/rule-form.ts';
import type { PageLoad } from './$types';

interface Shown {
  /** What the file says. */
  defaults: Settings;
  /** What holds. */
  settings: Settings;
}

interface Sequence {
  id: string;
  name: string;
  liveVersion?: number | null;
}

export const load: PageLoad = async ({ fetch, url, depends }) => {
  depends('api:settings', 'api:insights');
  const what = url.searchParams.get('what') === 'insights' ? 'insights' : 'risk';
  const [risk, insights, sequences] = await Promise.all([
    keep<Shown>(fetch, '/risk/settings'),
    keep<Shown>(fetch, '/insights/settings'),
    keep<Page<Sequence>>(fetch, '/sequences?limit=100'),
  ]);
  return {
    ...{ what: what as 'risk' | 'insights', risk, insights },
    sequences: (sequences.value?.items ?? []).filter(({ liveVersion }) => liveVersion),
  };
};
