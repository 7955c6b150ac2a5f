import { untrack } from 'svelte';
import { keep, type Kept, type Page, type Problem } from './api.ts';
import { newcomers, reconciled, refreshed } from './rows.ts';

const MOST_PAGES = 20;

/** What a list shows: rows in the order they were read, more at the end, news only when asked for. */
export interface List<Item> {
  readonly rows: Item[];
  /** Whether there is a next page. */
  readonly more: boolean;
  /** Why the next page did not come; asking again clears it. */
  readonly problem: Problem | undefined;
  /** How many arrived since; they are not put under the pointer. */
  readonly fresh: number;
  loadMore(): Promise<void>;
  /** Loads on until everything is there, or as much as one can sensibly hold. */
  loadAll(): Promise<void>;
  showFresh(): void;
  /** Shows a change before the server has said so. */
  change(id: string, change: Partial<Item>): void;
}

/**
 * Follows the first page that `load` gives. Another address is another list; the same address loaded
 * again (something changed) updates rows in place and drops those that left the list.
 */
export function listOf<Item extends { id: string }>(
  given: () => { path: string; page: Kept<Page<Item>> },
): List<Item> {
  let rows = $state.raw<Item[]>([]);
  let next = $state<string | null>(null);
  let latest = $state.raw<Page<Item>>({ items: [], next: null });
  let path = '';
  let problem = $state.raw<Problem>();
  let loading = false;

  $effect.pre(() => {
    const now = given();
    untrack(() => {
      if (!now.page.value) return;
      if (now.path === path && now.page.problem) return;
      latest = now.page.value;
      if (now.path === path) return void merge();
      path = now.path;
      showFresh();
    });
  });

  function showFresh() {
    rows = latest.items;
    next = latest.next;
    problem = undefined;
  }

  /** Rows of later pages are asked for again too, so that what is on the screen is the present. */
  async function merge(): Promise<void> {
    const first = latest;
    let read = first;
    for (let page = 1; read.next && page < MOST_PAGES && read.items.length < rows.length; page++) {
      rows = refreshed(rows, read.items);
      const { value, problem } = await keep<Page<Item>>(fetch, withCursor(path, read.next));
      if (!value || problem || latest !== first) return;
      read = { items: [...read.items, ...newcomers(read.items, value.items)], next: value.next };
    }
    ({ items: rows, next } = reconciled({ items: rows, next }, read));
  }

  async function loadMore(): Promise<void> {
    if (!next || loading) return;
    loading = true;
    const asked = path;
    const answer = await keep<Page<Item>>(fetch, withCursor(path, next));
    loading = false;
    if (asked !== path) return;
    problem = answer.problem;
    if (!answer.value || problem) return;
    const { value } = answer;
    rows = [...rows, ...newcomers(rows, value.items)];
    next = value.next;
  }

  return {
    get rows() {
      return rows;
    },
    get more() {
      return next !== null;
    },
    get problem() {
      return problem;
    },
    get fresh() {
      return newcomers(rows, latest.items).length;
    },
    loadMore,
    async loadAll() {
      for (let page = 0; next && !problem && page < MOST_PAGES; page++) await loadMore();
    },
    showFresh,
    change(id, change) {
      rows = rows.map((row) => (row.id === id ? { ...row, ...change } : row));
    },
  };
}

function withCursor(path: string, cursor: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
}
