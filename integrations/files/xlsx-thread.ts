import { parentPort, workerData } from 'node:worker_threads';
import { type CellObject, read, utils } from '@e965/xlsx';
import { csvLine } from './cell.ts';
import { checkDirectory, checkParts } from './zip.ts';

const PIECE = 1024 * 1024;

/** Runs in a thread of its own: reading a workbook takes seconds in which nothing else would happen. */
function tell(): void {
  const file = Buffer.from(workerData as Uint8Array);
  checkParts(file, checkDirectory(file));
  const options = {
    dense: true,
    cellDates: true,
    cellFormula: false,
    cellHTML: false,
    cellText: false,
  };
  const book = read(file, { type: 'buffer', ...options });
  // The first sheet that holds anything is the table.
  const sheet = book.SheetNames.map((name) => book.Sheets[name]).find((one) => one?.['!ref']);
  const rows = (sheet?.['!data'] ?? []) as (CellObject | undefined)[][];
  const range = sheet?.['!ref'] ? utils.decode_range(sheet['!ref']) : undefined;
  const width = range ? Math.min(range.e.c, 999) + 1 : 0;
  let piece = '';
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index] ?? [];
    piece += csvLine(Array.from({ length: width }, (_, column) => textOf(row[column])));
    if (piece.length < PIECE) continue;
    parentPort?.postMessage(piece);
    piece = '';
  }
  parentPort?.postMessage(piece);
}

/** A number as it is and not as it is shown: a phone number must not become 1.6E+10. */
function textOf(cell: CellObject | undefined): string {
  if (!cell || cell.v === undefined || cell.v === null || cell.t === 'e') return '';
  if (cell.v instanceof Date) return cell.v.toISOString().replace('T00:00:00.000Z', '');
  return String(cell.v);
}

tell();
