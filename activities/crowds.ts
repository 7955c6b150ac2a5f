import { setTimeout as pause } from 'node:timers/promises';
import type { Row } from '#integrations/files/csv.ts';

/** Rows of one transaction: many enough to be quick, few enough to hold no lock for long. */
export const MOST_ROWS = 500;
const MOST_CHARACTERS = 4_000_000;
/** How long one turn over a crowd lasts, in milliseconds. */
export const TURN = 10_000;
/** What one crowd may take in a second, so that others have their share. */
const ROWS_PER_SECOND = 5000;

/** A few hundred rows at a time, fewer when they are long. */
export async function* crowds(rows: AsyncIterable<Row>): AsyncGenerator<Row[]> {
  let crowd: Row[] = [];
  let size = 0;
  for await (const row of rows) {
    crowd.push(row);
    for (const cell of row.cells) size += cell.length;
    if (crowd.length < MOST_ROWS && size < MOST_CHARACTERS) continue;
    yield crowd;
    crowd = [];
    size = 0;
  }
  if (crowd.length > 0) yield crowd;
}

/** Waits until a crowd of `count` rows, begun at a time in milliseconds, has lasted as long as it may be quick. */
export async function leaveOthersTheirShare(count: number, began: number): Promise<void> {
  await pause(Math.max(0, (count * 1000) / ROWS_PER_SECOND - (Date.now() - began)));
}
