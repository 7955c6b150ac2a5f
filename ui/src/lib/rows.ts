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

interface Read<Item> {
  items: Item[];
  next: string | null;
}

/**
 * The rows as a list read again from its beginning has them: in the order they stand in, without those
 * that left it, and with what now follows the last of them. What was put before them stays news; rows
 * that news pushed past the end of what was read stay, and so does the cursor after them.
 */
export function reconciled<Item extends Row>(shown: Read<Item>, read: Read<Item>): Read<Item> {
  const now = new Map(read.items.map((item) => [item.id, item]));
  const known = new Set(shown.items.map(({ id }) => id));
  const after = read.items.slice(read.items.findLastIndex(({ id }) => known.has(id)) + 1);
  const last = shown.items.findLastIndex(({ id }) => now.has(id));
  const ended = read.next === null;
  if (last < 0 && !ended) return shown;
  const kept = shown.items.slice(0, last + 1).flatMap(({ id }) => now.get(id) ?? []);
  if (ended || after.length > 0) return { items: [...kept, ...after], next: read.next };
  return { items: [...kept, ...shown.items.slice(last + 1)], next: shown.next };
}
