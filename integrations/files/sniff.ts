import { decode } from './encoding.ts';
import type { Position } from './csv.ts';
import { scanRecord } from './scan.ts';

/** How a table is written, and where its first row of data begins. */
export interface Sniffed {
  delimiter: string;
  /** Nothing when the first row is data already. */
  headerLine: number | null;
  columns: string[];
  start: Position;
}

interface Line {
  cells: string[];
  line: number;
  end: number;
}

/** The unusual ones must show in the first row too; nobody writes a header with a percent sign by chance. */
const usual = [',', ';', '\t', '|'];
const unusual = ['`', '%', '~', '^', '\x1f'];
/** How many rows say enough. */
const ROWS = 60;
const DEEPEST_HEADER = 10;

/**
 * Finds delimiter and header from a file's head. `isKnown` says that a name is one that headers bear.
 * `whole` says that the head is the file.
 */
export function sniff(
  head: Buffer,
  { whole, isKnown = () => false }: { whole: boolean; isKnown?: (name: string) => boolean },
): Sniffed {
  const first = startOf(head);
  const delimiter = first.delimiter ?? delimiterOf(head, first, whole);
  const rows = linesOf(head, first, delimiter, whole);
  const width = commonWidth(rows).width;
  const header = headerOf(rows, width, isKnown);
  const names = header?.cells ?? Array.from({ length: width }, () => '');
  const start = header
    ? { byte: header.end, line: header.line + lineCount(head, header, first, rows) }
    : { byte: first.byte, line: first.line };
  return {
    delimiter,
    headerLine: header?.line ?? null,
    columns: distinct(trimmed(names, width)),
    start,
  };
}

/** Skips the byte order mark, and the line by which Excel says what its delimiter is. */
function startOf(head: Buffer): Position & { delimiter?: string } {
  const mark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  const told = /^sep=(.)\r?\n/i.exec(head.subarray(mark, mark + 16).toString('latin1'));
  if (!told) return { byte: mark, line: 1 };
  return { byte: mark + told[0].length, line: 2, delimiter: told[1]! };
}

function delimiterOf(head: Buffer, first: Position, whole: boolean): string {
  const candidates = [...usual, ...unusual].map((delimiter) => {
    const rows = linesOf(head, first, delimiter, whole).filter(isFilled);
    const { width, share } = commonWidth(rows);
    const strange = unusual.includes(delimiter);
    const fits = width > 1 && (!strange || (share > 0.8 && rows[0]?.cells.length === width));
    // Agreement between rows says more than many cells do; both together decide.
    return { delimiter, worth: fits ? share ** 2 * Math.log2(width + 1) * (strange ? 0.6 : 1) : 0 };
  });
  const best = candidates.reduce((a, b) => (b.worth > a.worth ? b : a));
  return best.worth > 0 ? best.delimiter : ',';
}

function linesOf(head: Buffer, first: Position, delimiter: string, whole: boolean): Line[] {
  const lines: Line[] = [];
  let { byte: at, line } = first;
  while (at < head.length && lines.length < ROWS) {
    const scan = scanRecord(head, at, delimiter.charCodeAt(0), whole);
    if (scan.is !== 'record') break;
    const { cells, end, lines: covered } = scan.record;
    const texts = cells.map(({ start, end, doubled }) => {
      const text = decode(head.subarray(start, end));
      return doubled ? text.replaceAll('""', '"') : text;
    });
    lines.push({ cells: texts, line, end });
    at = end;
    line += covered;
  }
  return lines;
}

function commonWidth(rows: Line[]): { width: number; share: number } {
  const filled = rows.filter(isFilled);
  const counts = new Map<number, number>();
  for (const { cells } of filled) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const [width, count] = [...counts].toSorted((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [1, 0];
  return { width, share: filled.length > 0 ? count / filled.length : 0 };
}

/** The first row whose cells are names and not values, below whatever title stands above the table. */
function headerOf(
  rows: Line[],
  width: number,
  isKnown: (name: string) => boolean,
): Line | undefined {
  const top = rows.slice(0, DEEPEST_HEADER).filter(isFilled);
  const known = top.find(({ cells }) => cells.filter(isKnown).length >= Math.min(2, width));
  if (known && looksLikeNames(known.cells, width)) return known;
  const header = top.find(({ cells }) => looksLikeNames(cells, width));
  // A row of values above it would be lost.
  const above = top.slice(0, header ? top.indexOf(header) : 0);
  return above.some(({ cells }) => cells.some(isValue)) ? undefined : header;
}

function looksLikeNames(cells: string[], width: number): boolean {
  const filled = cells.map((cell) => cell.trim()).filter(Boolean);
  if (filled.length < Math.max(1, Math.ceil(width * 0.6)) || cells.length > width * 2) return false;
  return !filled.some((cell) => isValue(cell) || cell.length > 120);
}

/** What no header is called: an address, a link, a number, a date. */
function isValue(text: string): boolean {
  const cell = text.trim();
  return (
    /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(cell) ||
    /^(https?:\/\/|www\.)/i.test(cell) ||
    /^[+(]?[\d][\d\s().,/:+-]*$/.test(cell)
  );
}

function isFilled({ cells }: Line): boolean {
  return cells.some((cell) => cell.trim() !== '');
}

/** How many lines the header itself covers. */
function lineCount(head: Buffer, header: Line, first: Position, rows: Line[]): number {
  const next = rows[rows.indexOf(header) + 1];
  if (next) return next.line - header.line;
  const before = rows[rows.indexOf(header) - 1]?.end ?? first.byte;
  return Math.max(1, decode(head.subarray(before, header.end)).split(/\r\n|\n|\r/).length - 1);
}

/** A header may be wider than its rows by nameless cells at its end. */
function trimmed(names: string[], width: number): string[] {
  const named = names.findLastIndex((name) => name.trim() !== '') + 1;
  return names.slice(0, Math.max(named, Math.min(width, names.length)));
}

/** Two columns of one name are two columns. */
function distinct(names: string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, index) => {
    const plain = name.replaceAll(/\s+/g, ' ').trim().slice(0, 200) || `Column ${index + 1}`;
    let free = plain;
    for (let copy = 2; taken.has(free.toLowerCase()); copy += 1) free = `${plain} (${copy})`;
    taken.add(free.toLowerCase());
    return free;
  });
}
