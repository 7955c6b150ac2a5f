import type { CompanyRow } from '#domain/company.ts';
import { loadList } from '#lib/record-list.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ fetch, url, depends }) => {
  depends('api:companies');
  return loadList<CompanyRow>(fetch, url, '/companies', ['status', 'industry', 'owner', 'tag']);
};
