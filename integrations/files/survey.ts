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
  /** Rows that are not like the others, and the line of the first of them. */
  broken: { count: number; line?: number };
  columns: Told[];
  /** A few rows from the line on that was asked for. */
  shown: Row[];
}

const MOST = { rows: 20_000, bytes: 8 * 1024 * 1024, values: 2000, shown: 20, text: 200 };

/** Looks through the first 20,000 rows or 8 MB of a table: what its columns hold and how often. */
export async function survey(
  blobs: Blobs,
  table: Parameters<typeof rowsFrom>[1],
  from: Position,
  line = 0,
): Promise<Survey> {
  const columns: Told[] = table.columns.map(() => ({ filled: 0, values: new Map() }));
  const shown: Row[] = [];
  const broken: Survey['broken'] = { count: 0 };
  let rows = 0;
  for await (const row of rowsFrom(blobs, table, from)) {
    if (rows >= MOST.rows || row.next.byte - from.byte > MOST.bytes) {
      return { rows, isWhole: false, broken, columns, shown };
    }
    rows += 1;
    if (row.line >= line && shown.length < MOST.shown) shown.push(row);
    if (row.fault) {
      broken.count += 1;
      broken.line ??= row.line;
      continue;
    }
    for (const [at, told] of columns.entries()) count(told, row.cells[at] ?? '');
  }
  return { rows, isWhole: true, broken, columns, shown };
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
