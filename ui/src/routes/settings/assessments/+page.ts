import type { AssessmentSettings, Spend } from '#domain/assessment.ts';
import { keep } from '#lib/api.ts';
import type { PageLoad } from './$types';

export interface Asking extends AssessmentSettings {
  connections: { id: string; name: string; source: string; usual: string }[];
}

export const load: PageLoad = async ({ fetch, depends }) => {
  depends('api:settings');
  const [settings, spend] = await Promise.all([
    keep<Asking>(fetch, '/assessments/settings'),
    keep<Spend>(fetch, '/assessments/spend'),
  ]);
  return { settings, spend };
};
