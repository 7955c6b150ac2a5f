import { untrack } from 'svelte';
import { keep, type Kept, post, type Problem } from './api.ts';
import {
  type Column,
  moved,
  newcomersOf,
  replaced,
  reread,
  type Spot,
  spotOf,
} from './deal-board.ts';
import type { Deal } from './deal.ts';
import { newcomers } from './rows.ts';

export interface Move {
  lostReason?: string;
  lostNote?: string | null;
  wonAt?: string;
}

/** What stands further down is read again when somebody comes there. */
const MOST_PAGES = 4;

/**
 * The columns as they are shown: moved at once and put right by what the server answers. Another address is another
 * board; the same one loaded again keeps the order that is on the screen, and waits while `held` says that a card is
 * in the air.
 */
export function boardOf(
  given: () => {
    path: string;
    columns: Kept<Column[]>;
    more: (stageId: string, next: string) => string;
  },
  held: () => boolean,
) {
  let columns = $state.raw<Column[]>([]);
  let latest = $state.raw<Column[]>([]);
  let problem = $state.raw<Problem>();
  let path = '';
  let placed: string[] = [];
  let loading: string[] = [];
  let moving = $state(0);
  /** What was read and is shown, or was read before a move was saved and does not know of it. */
  let seen: Column[] | undefined;

  $effect.pre(() => {
    const now = given();
    if (held() || moving > 0) return;
    untrack(() => {
      const { value } = now.columns;
      if (!value || value === seen) return;
      if (now.path === path && now.columns.problem) return;
      seen = value;
      if (now.path === path) return void refresh(value);
      path = now.path;
      placed = [];
      latest = value;
      columns = value;
    });
  });

  /** Later pages are asked for again too, so that what is on the screen is the present. */
  async function refresh(read: Column[]) {
    latest = read;
    const asked = path;
    const whole = await Promise.all(read.map((column) => readOn(column)));
    if (asked !== path || latest !== read) return;
    if (held() || moving > 0) return void (seen = undefined);
    columns = reread(columns, whole, placed);
    latest = whole;
  }

  async function readOn(column: Column): Promise<Column> {
    const shown = columns.find(({ stage }) => stage.id === column.stage.id)?.items.length ?? 0;
    let read = column;
    for (let page = 0; read.next && page < MOST_PAGES && read.items.length < shown; page++) {
      const { value } = await keep<Pick<Column, 'items' | 'next'>>(
        fetch,
        given().more(column.stage.id, read.next),
      );
      if (!value) return read;
      read = {
        ...read,
        items: [...read.items, ...newcomers(read.items, value.items)],
        next: value.next,
      };
    }
    return read;
  }

  async function loadMore(stageId: string) {
    const column = columns.find(({ stage }) => stage.id === stageId);
    if (!column?.next || loading.includes(stageId)) return;
    loading = [...loading, stageId];
    const asked = path;
    const answer = await keep<Pick<Column, 'items' | 'next'>>(
      fetch,
      given().more(stageId, column.next),
    );
    loading = loading.filter((id) => id !== stageId);
    if (asked !== path) return;
    problem = answer.problem;
    const { value } = answer;
    if (!value || answer.problem) return;
    const known = columns.flatMap(({ items }) => items);
    columns = columns.map((one) =>
      one.stage.id === stageId
        ? { ...one, items: [...one.items, ...newcomers(known, value.items)], next: value.next }
        : one,
    );
  }

  function place(deal: Deal, to: Spot) {
    placed = [...placed, deal.id];
    columns = moved(columns, deal, to);
  }

  /** Shows the move, saves it, and puts the deal back where it was when the server will not have it. */
  async function move(deal: Deal, to: Spot, more: Move = {}): Promise<Problem | undefined> {
    const from = spotOf(columns, deal.id);
    if (from) place(deal, to);
    if (deal.stageId === to.stageId) return undefined;
    moving += 1;
    const { done, problem: refused } = await post<{ deal: Deal }>(`/deals/${deal.id}/stage`, {
      ...{ stageId: to.stageId, fromStageId: deal.stageId },
      ...more,
    });
    seen = given().columns.value;
    moving -= 1;
    if (done) {
      columns = replaced(columns, done.deal);
      return undefined;
    }
    const now = columns.flatMap(({ items }) => items).find(({ id }) => id === deal.id);
    if (from && now) columns = replaced(moved(columns, now, from), deal);
    return refused;
  }

  return {
    get columns() {
      return columns;
    },
    /** How many came since the board was drawn; they are not put under the pointer. */
    get fresh() {
      return newcomersOf(columns, latest);
    },
    get problem() {
      return problem;
    },
    showFresh() {
      placed = [];
      columns = latest;
    },
    change(deal: Deal) {
      columns = replaced(columns, deal);
    },
    ...{ loadMore, move },
  };
}

export type Board = ReturnType<typeof boardOf>;
