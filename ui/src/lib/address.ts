import { goto } from '$app/navigation';
import { resolve } from '$app/paths';
import { queryOf } from './api.ts';

type Values = Record<string, string | number | undefined>;

/** The address of a page with these words in its query; what is unset is left out. */
export function addressOf(path: string, values: Values): string {
  return resolve(`${path}${queryOf(values)}` as '/today');
}

/** Goes there without losing the place on the page: what was chosen lives in the address. */
export function show(path: string, values: Values): void {
  // eslint-disable-next-line svelte/no-navigation-without-resolve -- addressOf resolves
  void goto(addressOf(path, values), { reset: false });
}

/** The words of the query that a page knows. */
export function chosenIn<Field extends string>(
  url: URL,
  fields: readonly Field[],
): Record<Field, string | undefined> {
  return Object.fromEntries(
    fields.map((field) => [field, url.searchParams.get(field) ?? undefined]),
  ) as Record<Field, string | undefined>;
}
