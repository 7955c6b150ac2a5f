import type { ContactPage } from '#domain/record.ts';
import { get, keep, type Page } from '#lib/api.ts';
import { members, tags } from '#lib/choices.ts';
import type { Entry } from '#lib/timeline.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, depends }) => {
  depends('api:contacts', 'api:companies', 'api:deals', 'api:leads', 'api:activities');
  const [{ contact }, timeline, people, words] = await Promise.all([
    get<{ contact: ContactPage }>(fetch, `/contacts/${params.id}`),
    keep<Page<Entry>>(fetch, `/contacts/${params.id}/timeline`),
    members(fetch),
    tags(fetch),
  ]);
  return { contact, timeline, people, words };
};
