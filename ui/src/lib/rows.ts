interface Row {
  id: string;
}

/** The same rows in the same order, each as it is now. */
export function refreshed<Item extends Row>(rows: Item[], latest: Item[]): Item[] {
  const now = new Map(latest.map((item) => [item.id, item]));
  return rows.map((row) => now.get(row.id) ?? row);
}

/** What is not among the rows yet. */
export function newcomers<Item extends Row>(rows: Item[], latest: Item[]): Item[] {
  const known = new Set(rows.map(({ id }) => id));
  return latest.filter(({ id }) => !known.has(id));
}
