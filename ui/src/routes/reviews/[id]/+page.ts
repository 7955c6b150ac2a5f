import { chosenIn } from '#lib/address.ts';
import { keep, queryOf } from '#lib/api.ts';
import { narrowing } from '#lib/result-filters.ts';
import type { DealPage } from '#lib/result.ts';
import type { PageLoad } from './$types';

const views = ['deals', 'rules', 'clean'] as const;

/** Which deals are open and what is compared is not asked here: it changes no row. */
export const load: PageLoad = async ({ fetch, params, url, depends }) => {
  depends('api:analyses');
  const set = chosenIn(url, narrowing);
  const { view: asked, sort = 'worst' } = chosenIn(url, ['view', 'sort']);
  const view = views.find((one) => one === asked) ?? 'deals';
  const path = `/analyze/${params.id}/deals${queryOf({ ...set, sort, clean: view === 'clean', limit: 48 })}`;
  return {
    set,
    view,
    sort,
    path,
    deals: view === 'rules' ? {} : await keep<DealPage>(fetch, path),
  };
};
