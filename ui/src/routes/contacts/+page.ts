import type { ContactRow } from '#domain/contact.ts';
import { loadList } from '#lib/record-list.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ fetch, url, depends }) => {
  depends('api:contacts');
  return loadList<ContactRow>(fetch, url, '/contacts', ['company', 'owner', 'tag']);
};
