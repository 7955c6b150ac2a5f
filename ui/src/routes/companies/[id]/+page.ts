import type { CompanyPage } from '#domain/record.ts';
import { get, keep, type Page } from '#lib/api.ts';
import { members, tags } from '#lib/choices.ts';
import type { Entry } from '#lib/timeline.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, depends }) => {
  depends('api:companies', 'api:contacts', 'api:deals', 'api:leads', 'api:activities');
  const [{ company }, timeline, people, words] = await Promise.all([
    get<{ company: CompanyPage }>(fetch, `/companies/${params.id}`),
    keep<Page<Entry>>(fetch, `/companies/${params.id}/timeline`),
    members(fetch),
    tags(fetch),
  ]);
  return { company, timeline, people, words };
};
