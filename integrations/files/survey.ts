import type { Blobs } from '#integrations/blobs/blobs.ts';
import type { Position, Row } from './csv.ts';
import { rowsFrom } from './table.ts';

interface Told {
  filled: number;
  /** Different values with how often they were met, in the order they were first. */
  values: Map<string, number>;
}

/** What stands in the first rows of a table, all of them when it is not large. */
export interface Survey {
  rows: number;
  /** Whether these are all. */
  isWhole: boolean;
  columns: Told[];
  first: Row[];
}

const MOST = { rows: 20_000, bytes: 8 * 1024 * 1024, values: 1000, first: 20, text: 200 };

/** Looks through the first 20,000 rows or 8 MB of a table: what its columns hold and how often. */
export async function survey(
  blobs: Blobs,
  table: Parameters<typeof rowsFrom>[1],
  from: Position,
): Promise<Survey> {
  const columns: Told[] = table.columns.map(() => ({ filled: 0, values: new Map() }));
  const first: Row[] = [];
  let rows = 0;
  for await (const row of rowsFrom(blobs, table, from)) {
    if (rows >= MOST.rows || row.next.byte - from.byte > MOST.bytes) {
      return { rows, isWhole: false, columns, first };
    }
    rows += 1;
    if (first.length < MOST.first) first.push(row);
    if (!row.fault) for (const [at, told] of columns.entries()) count(told, row.cells[at] ?? '');
  }
  return { rows, isWhole: true, columns, first };
}

function count(told: Told, cell: string): void {
  const text = cell.trim().slice(0, MOST.text);
  if (text === '') return;
  told.filled += 1;
  const before = told.values.get(text);
  if (before !== undefined || told.values.size < MOST.values) {
    told.values.set(text, (before ?? 0) + 1);
  }
}
