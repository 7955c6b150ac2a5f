import { type Deal, weightedCents } from '#domain/deal.ts';
import type { BoardColumn } from '#domain/deal-board.ts';
import type { Stage } from '#domain/pipeline.ts';

export type Column = BoardColumn;

/** Where a deal stands, or would. */
export interface Spot {
  stageId: string;
  index: number;
}

export function spotOf(columns: Column[], id: string): Spot | undefined {
  for (const { stage, items } of columns) {
    const index = items.findIndex((deal) => deal.id === id);
    if (index >= 0) return { stageId: stage.id, index };
  }
  return undefined;
}

/** The board as it is when a deal has gone to a spot: figures of both columns follow, nothing else moves. */
export function moved(columns: Column[], deal: Deal, to: Spot): Column[] {
  const from = spotOf(columns, deal.id);
  const target = columns.find(({ stage }) => stage.id === to.stageId);
  if (!from || !target) return columns;
  const stays = from.stageId === to.stageId;
  const next = stays ? deal : entered(deal, target.stage);
  return columns.map((column) => {
    let { items } = column;
    if (column.stage.id === from.stageId) items = items.filter(({ id }) => id !== deal.id);
    if (column.stage.id === to.stageId) items = items.toSpliced(to.index, 0, next);
    if (stays || items === column.items) return { ...column, items };
    return column === target
      ? { ...column, items, ...sums(column, next, 1) }
      : { ...column, items, ...sums(column, deal, -1) };
  });
}

/** One deal as it is now, wherever it stands; the figures follow its amount and its chance. */
export function replaced(columns: Column[], deal: Deal): Column[] {
  return columns.map((column) => {
    const old = column.items.find(({ id }) => id === deal.id);
    if (!old) return column;
    const without = { ...column, ...sums(column, old, -1) };
    const items = column.items.map((one) => (one.id === deal.id ? deal : one));
    return { ...without, items, ...sums(without, deal, 1) };
  });
}

/**
 * The board as it was read again, in the order that is on the screen: what left a column is gone, what came is left
 * out until it is asked for, and what stands below the end of what was read stays. `placed` are deals that a person
 * has put somewhere further up than they would be read.
 */
export function reread(shown: Column[], read: Column[], placed: readonly string[]): Column[] {
  const everywhere = new Set(read.flatMap(({ items }) => items.map(({ id }) => id)));
  return read.map((column) => {
    const before = shown.find(({ stage }) => stage.id === column.stage.id);
    if (!before) return column;
    const now = new Map(column.items.map((deal) => [deal.id, deal]));
    const known = new Set(before.items.map(({ id }) => id));
    const last = before.items.findLastIndex(({ id }) => now.has(id) && !placed.includes(id));
    const items = before.items.flatMap((deal, index) => {
      const latest = now.get(deal.id);
      if (latest) return [latest];
      const isUnread = column.next !== null && (index > last || placed.includes(deal.id));
      return isUnread && !everywhere.has(deal.id) ? [deal] : [];
    });
    const end = column.items.findLastIndex(({ id }) => known.has(id));
    const after = column.items.slice(end + 1);
    const isLonger = items.length > column.items.length;
    return { ...column, items: [...items, ...after], next: isLonger ? before.next : column.next };
  });
}

/** How many deals were read that are not shown. */
export function newcomersOf(shown: Column[], read: Column[]): number {
  const known = new Set(shown.flatMap(({ items }) => items.map(({ id }) => id)));
  return read.flatMap(({ items }) => items).filter(({ id }) => !known.has(id)).length;
}

/** A deal as it stands in a stage that it enters. */
export function entered(deal: Deal, stage: Stage): Deal {
  const { id: stageId, probability } = stage;
  const status = stage.kind;
  return {
    ...{ ...deal, stageId, probability, status },
    weightedCents: weightedCents(deal.amountCents, probability),
  };
}

function sums(column: Column, deal: Deal, sign: 1 | -1) {
  const weight = deal.weightedCents ?? 0;
  return {
    count: column.count + sign,
    totalCents: column.totalCents + sign * deal.amountCents,
    weightedCents: column.weightedCents + sign * (column.stage.isActive ? weight : 0),
  };
}
