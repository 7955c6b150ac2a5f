import { keep, type Kept, type Page, queryOf } from './api.ts';
import { type Member, members, type Tag, tags } from './choices.ts';

/** A list whose search, filters and sort stand in its address. */
export interface RecordList<Row> {
  /** The address of the page, e.g. /companies. */
  home: string;
  set: Record<string, string | undefined>;
  sort: string | undefined;
  path: string;
  page: Kept<Page<Row>>;
  /** How many there are when nothing is filtered. */
  counts: { all: number } | undefined;
  people: Member[];
  words: Tag[];
}

/** Loads the list that an address asks for; `fields` are the filters it knows beside the search. */
export async function loadList<Row>(
  fetch: typeof globalThis.fetch,
  url: URL,
  home: string,
  fields: readonly string[],
): Promise<RecordList<Row>> {
  const set = Object.fromEntries(
    ['q', ...fields].map((field) => [field, url.searchParams.get(field) ?? undefined]),
  );
  const sort = url.searchParams.get('sort') ?? undefined;
  const path = `${home}${queryOf({ ...set, sort, limit: 100 })}`;
  const [page, counts, people, words] = await Promise.all([
    keep<Page<Row>>(fetch, path),
    keep<{ all: number }>(fetch, `${home}/counts`),
    members(fetch),
    tags(fetch),
  ]);
  return { home, set, sort, path, page, counts: counts.value, people, words };
}
