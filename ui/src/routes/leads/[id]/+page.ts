import { get, keep, type Page } from '#lib/api.ts';
import { members, tags } from '#lib/choices.ts';
import type { LeadPage } from '#lib/lead.ts';
import type { Entry } from '#lib/timeline.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, depends }) => {
  depends('api:leads', 'api:touches', 'api:enrolments', 'api:today');
  const [{ lead }, timeline, people, words] = await Promise.all([
    get<{ lead: LeadPage }>(fetch, `/leads/${params.id}`),
    keep<Page<Entry>>(fetch, `/leads/${params.id}/timeline`),
    members(fetch),
    tags(fetch),
  ]);
  return { lead, timeline, people, words };
};
