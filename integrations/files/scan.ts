/** One record as it lies in a buffer: where its cells are, and where the next one begins. */
export interface Scanned {
  /** Start and end of each cell, with 1 when it was quoted and holds doubled quotes. */
  cells: { start: number; end: number; doubled: boolean }[];
  end: number;
  /** How many lines it covers. */
  lines: number;
  /** A quoted cell that runs over lines holds a quote that closes nothing: an earlier one was left open. */
  doubtful: boolean;
}

export type Scan =
  { is: 'record'; record: Scanned } | { is: 'more' } | { is: 'unclosed'; cell: number };

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/**
 * Reads one record that begins at `from`. A quote inside a quoted cell that closes nothing is text, as people mean it.
 * `more` says that the buffer ends too early; `unclosed` that the file does, inside quotes.
 */
export function scanRecord(bytes: Buffer, from: number, delimiter: number, atEnd: boolean): Scan {
  const record: Scanned = { cells: [], end: from, lines: 0, doubtful: false };
  let at = from;
  for (;;) {
    const cell = record.cells.length;
    const start = at;
    let open = start;
    while (bytes[open] === SPACE && delimiter !== SPACE) open += 1;
    if (bytes[open] === QUOTE) {
      const close = closingOf(bytes, open + 1, delimiter, record);
      if (close === undefined) return atEnd ? { is: 'unclosed', cell } : { is: 'more' };
      if (close.uncertain && !atEnd) return { is: 'more' };
      record.cells.push({ start: open + 1, end: close.at, doubled: close.doubled });
      at = close.next;
    } else {
      while (at < bytes.length && !endsCell(bytes[at]!, delimiter)) at += 1;
      record.cells.push({ start, end: at, doubled: false });
    }
    if (at >= bytes.length) {
      if (!atEnd) return { is: 'more' };
      return ended(record, at);
    }
    if (bytes[at] !== delimiter) {
      if (bytes[at] === CR && at + 1 >= bytes.length && !atEnd) return { is: 'more' };
      return ended(record, bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at + 1);
    }
    at += 1;
  }
}

/** Where the line that holds `from` ends. */
export function lineEnd(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== LF && bytes[at] !== CR) at += 1;
  return bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : Math.min(at + 1, bytes.length);
}

function ended(record: Scanned, end: number): Scan {
  record.end = end;
  record.lines += 1;
  return { is: 'record', record };
}

function endsCell(byte: number, delimiter: number): boolean {
  return byte === delimiter || byte === LF || byte === CR;
}

/** The quote that closes a cell is followed by a delimiter, a line's end or the file's; spaces between do not matter. */
function closingOf(bytes: Buffer, from: number, delimiter: number, record: Scanned) {
  let doubled = false;
  let stray = false;
  const before = record.lines;
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === LF || (byte === CR && bytes[at + 1] !== LF)) record.lines += 1;
    if (byte !== QUOTE) continue;
    if (bytes[at + 1] === QUOTE) {
      doubled = true;
      at += 1;
      continue;
    }
    let next = at + 1;
    while (bytes[next] === SPACE && delimiter !== SPACE) next += 1;
    const uncertain = next >= bytes.length;
    if (uncertain || endsCell(bytes[next]!, delimiter)) {
      record.doubtful ||= stray && record.lines > before;
      return { at, next, doubled, uncertain };
    }
    stray = true;
  }
  return undefined;
}
