import { createRawSnippet } from 'svelte';
import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import type { Kept, Problem } from '#lib/api.ts';
import type { List } from '#lib/list.svelte.ts';
import ListBody from './ListBody.svelte';

interface Row {
  id: string;
}

const away: Problem = { status: 503, title: 'The database is away.', errors: [] };
function text(words: string) {
  return createRawSnippet(() => ({ render: () => `<p>${words}</p>` }));
}

function shown(page: Kept<unknown>, list: Partial<List<Row>> = {}): string {
  const nothing = { rows: [], more: false, fresh: 0, problem: undefined };
  const idle = { loadMore: async () => {}, loadAll: async () => {}, showFresh() {}, change() {} };
  return render(ListBody<Row>, {
    props: {
      ...{ list: { ...nothing, ...idle, ...list }, page, again: () => {}, label: 'Leads' },
      ...{ columns: [{ title: 'Name' }], name: ({ id }: Row) => id, empty: text('No leads yet') },
      ...{ cells: text('a cell'), compact: text('a row') },
    },
  }).body;
}

test('a list shows that it loads, that it is empty, or its rows', () => {
  expect(shown({})).toMatch(/aria-label="Loading"/);
  expect(shown({ value: {} })).toMatch(/No leads yet/);
  const rows = shown({ value: {} }, { rows: [{ id: 'a' }] });
  expect(rows).toMatch(/<table aria-label="Leads"/);
  expect(rows).not.toMatch(/No leads yet/);
});

test('a list that fails says so and is never taken for an empty one; old rows stay', () => {
  const failing = shown({ problem: away });
  expect(failing).toMatch(/The leads could not be loaded\..*The database is away\./s);
  expect(failing).not.toMatch(/No leads yet|Loading|More leads/);
  const stale = shown({ value: {}, problem: away }, { rows: [{ id: 'a' }] });
  expect(stale).toMatch(/The leads could not be refreshed\..*<table/s);
});

test('a next page that fails is said below the rows', () => {
  const more = shown({ value: {} }, { rows: [{ id: 'a' }], more: true, problem: away });
  expect(more).toMatch(/<table.*More leads could not be loaded\./s);
});
