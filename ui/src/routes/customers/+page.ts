import type { Customer } from '#domain/customer.ts';
import { loadList } from '#lib/record-list.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ fetch, url, depends }) => {
  depends('api:companies', 'api:deals');
  return loadList<Customer>(fetch, url, '/customers', ['health', 'owner']);
};
