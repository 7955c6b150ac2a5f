import type { Board } from '#domain/deal-board.ts';
import type { Deal, Pipeline } from '#lib/deal.ts';
import { fields } from '#lib/deal-filters.ts';
import { keep, type Page, queryOf } from '#lib/api.ts';
import { members, tags } from '#lib/choices.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url, depends }) => {
  depends('api:deals');
  const { searchParams } = url;
  const view = searchParams.get('view') === 'table' ? 'table' : 'board';
  const set = Object.fromEntries(
    fields.map((field) => [field, searchParams.get(field) ?? undefined]),
  );
  const pipeline = searchParams.get('pipeline') ?? undefined;
  const sort = searchParams.get('sort') ?? 'newest';
  const path =
    view === 'board'
      ? `/deals/board${queryOf({ ...set, pipeline })}`
      : `/deals${queryOf({ ...set, pipeline, sort, limit: 100 })}`;
  const [board, page, pipelines, people, words] = await Promise.all([
    view === 'board' ? keep<Board>(fetch, path) : undefined,
    view === 'table' ? keep<Page<Deal>>(fetch, path) : undefined,
    keep<Page<Pipeline>>(fetch, '/pipelines'),
    members(fetch),
    tags(fetch),
  ]);
  return {
    ...{
      view: view as 'board' | 'table',
      set,
      sort,
      path,
      pipeline,
      board,
      page: page ?? {},
      people,
      words,
    },
    pipelines: pipelines.value?.items ?? [],
  };
};
