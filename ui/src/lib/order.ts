let order: string[] = [];

/** Keeps the order of the list someone came from, so that a record knows its neighbours. */
export function remember(ids: string[]): void {
  order = ids;
}

/** Where a record stands in that list, and who is before and after it. */
export function placeIn(id: string): { at: number; of: number; before?: string; after?: string } {
  const index = order.indexOf(id);
  if (index < 0) return { at: 0, of: 0 };
  return { at: index + 1, of: order.length, before: order[index - 1], after: order[index + 1] };
}
