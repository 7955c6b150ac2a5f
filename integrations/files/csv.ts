import type { Readable } from 'node:stream';
import { decode } from './encoding.ts';
import { lineEnd, scanRecord, type Scanned } from './scan.ts';

/** Where the next record begins: reading may go on from here at any time, in any process. */
export interface Position {
  byte: number;
  /** The first line is 1. */
  line: number;
}

export interface Row {
  line: number;
  cells: string[];
  next: Position;
  /** Why these cells cannot be trusted. */
  fault?: string;
}

export interface Csv {
  /** One ASCII character. */
  delimiter: string;
  /** How many cells a row has; nothing while that is not known. */
  width?: number;
  /** A table that was no text counts its rows, not the lines in its cells. */
  counts?: 'lines' | 'rows';
}

/** Longer records are refused: beyond this a quote is certainly not closed. In bytes. */
const LONGEST = 16 * 1024 * 1024;
const SHORTEST = 64 * 1024;

/**
 * Reads a table row by row, in UTF-8 or Windows-1252, from any position. Empty rows are left out.
 * A row that cannot be right comes with its line and the reason; reading goes on in the line after it.
 */
export async function* readCsv(
  open: (from: number) => Promise<Readable>,
  csv: Csv,
  from: Position = { byte: 0, line: 1 },
): AsyncGenerator<Row> {
  const delimiter = csv.delimiter.charCodeAt(0);
  const pieces = (await open(from.byte))[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let bytes: Buffer = Buffer.alloc(0);
  let base = from.byte;
  let at = 0;
  let line = from.line;
  let atEnd = false;
  let patience = LONGEST;

  async function more(): Promise<void> {
    const parts = [bytes.subarray(at)];
    // Twice as much each time, so that one long record is not scanned a thousand times.
    for (let wanted = Math.max(SHORTEST, parts[0]!.length); wanted > 0 && !atEnd;) {
      const { value, done } = await pieces.next();
      if (done) atEnd = true;
      else parts.push(value);
      wanted -= done ? 0 : value.length;
    }
    base += at;
    at = 0;
    bytes = Buffer.concat(parts);
  }

  /** Lets a record go that never ends: its first line is at fault, the next line is a new chance. */
  function giveUp(fault: string): Row {
    const end = lineEnd(bytes, at);
    const cells = decode(bytes.subarray(at, Math.min(end, at + SHORTEST)))
      .trimEnd()
      .split(csv.delimiter);
    patience = Math.max(SHORTEST, patience / 2);
    return row(cells, end, 1, fault);
  }

  function row(cells: string[], end: number, lines: number, fault?: string): Row {
    const started = line;
    at = end;
    line += csv.counts === 'rows' ? 1 : lines;
    return { line: started, cells, next: { byte: base + end, line }, ...(fault && { fault }) };
  }

  try {
    await more();
    while (at < bytes.length || !atEnd) {
      const scan = scanRecord(bytes, at, delimiter, atEnd);
      const tooLong = bytes.length - at > patience;
      if (scan.is === 'more' && !tooLong) {
        await more();
        continue;
      }
      if (scan.is !== 'record') {
        yield giveUp(
          scan.is === 'unclosed'
            ? `The quote that opens in column ${scan.cell + 1} is never closed.`
            : 'The row is too long, or a quote in it is never closed.',
        );
        continue;
      }
      const { record } = scan;
      const cells = cellsOf(bytes, record);
      if (record.doubtful || (csv.width && cells.length !== csv.width && record.lines > 1)) {
        yield giveUp(
          `A quote in this row seems not to be closed: it would run over ${record.lines} lines.`,
        );
        continue;
      }
      patience = Math.min(LONGEST, patience * 2);
      const { width } = csv;
      const read = row(
        cells,
        record.end,
        record.lines,
        width ? raggedness(cells, width) : undefined,
      );
      if (cells.some((cell) => cell.trim() !== '')) yield read;
    }
  } finally {
    await pieces.return?.();
  }
}

/** A few empty cells more or less are how spreadsheets write; a value in no column is not. */
function raggedness(cells: string[], width: number): string | undefined {
  const filled = cells.findLastIndex((cell) => cell.trim() !== '') + 1;
  if (filled > width || cells.length < width) {
    return `The row has ${cells.length} ${cells.length === 1 ? 'value' : 'values'} where the header has ${width}.`;
  }
  return undefined;
}

function cellsOf(bytes: Buffer, { cells }: Scanned): string[] {
  return cells.map(({ start, end, doubled }) => {
    const text = decode(bytes.subarray(start, end));
    return doubled ? text.replaceAll('""', '"') : text;
  });
}
