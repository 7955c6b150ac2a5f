import { type Book, unescaped } from './xlsx-parts.ts';
import { attributeOf, xmlCutter } from './xml.ts';

/** How many columns of a sheet are read. */
const COLUMNS = 1000;
const DAY = 86_400_000;

/** Reads the cells of a sheet that hold something, row by row; rows and columns begin with 0. */
export async function readSheet(
  pieces: AsyncIterable<string>,
  { strings, isDate, epoch }: Book,
  row: (index: number, cells: string[]) => void | Promise<void>,
): Promise<void> {
  const done: { index: number; cells: string[] }[] = [];
  let cells: string[] = [];
  let index = -1;
  let column = -1;
  let type = '';
  let style = 0;
  let text = '';
  let inText = false;
  let beside = 0;
  const cutter = xmlCutter((piece) => {
    if (piece.is === 'text') {
      if (inText) text += piece.text;
    } else if (piece.is === 'open') open(piece.name, piece.attributes);
    else close(piece.name);
  });

  function open(name: string, attributes: string): void {
    if (name === 'row') {
      const said = Number(attributeOf(attributes, 'r'));
      index = said >= 1 && said <= 1_048_576 ? said - 1 : index + 1;
      cells = [];
      column = -1;
    } else if (name === 'c') {
      column = columnOf(attributeOf(attributes, 'r')) ?? column + 1;
      type = attributeOf(attributes, 't') ?? 'n';
      style = Number(attributeOf(attributes, 's') ?? 0);
      text = '';
    } else if (name === 'rPh') beside += 1;
    else if (name === 'v' || name === 't') inText = beside === 0;
  }

  function close(name: string): void {
    if (name === 'v' || name === 't') inText = false;
    else if (name === 'rPh') beside -= 1;
    else if (name === 'c') {
      const value = column < COLUMNS ? valueOf() : '';
      if (value !== '') cells[column] = value;
    } else if (name === 'row' && cells.length > 0)
      done.push({ index, cells: Array.from(cells, (cell) => cell ?? '') });
  }

  /** A number as it is and not as it is shown: a phone number must not become 1.6E+10. */
  function valueOf(): string {
    if (text === '' || type === 'e') return '';
    if (type === 's') return strings.at(Number(text)) ?? '';
    if (type === 'b') return text === '1' ? 'true' : 'false';
    if (type === 'd') return text.replace(/T00:00:00(\.0+)?Z?$/, '');
    if (type !== 'n') return unescaped(text);
    const number = Number(text);
    if (!Number.isFinite(number)) return '';
    return isDate[style] ? dayOf(number + epoch) : String(number);
  }

  for await (const piece of pieces) {
    cutter.write(piece);
    for (const { index, cells } of done.splice(0)) await row(index, cells);
  }
}

/** `AB12` is the 28th column. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  if (!letters) return undefined;
  let number = 0;
  for (const letter of letters) number = number * 26 + letter.charCodeAt(0) - 64;
  return number - 1;
}

/** Days since 30 December 1899, but for the 29 February 1900 that never was. */
function dayOf(serial: number): string {
  const days = serial < 60 ? serial + 1 : serial;
  const at = new Date(Math.round(days * 86_400) * 1000 - 25_569 * DAY);
  if (Number.isNaN(at.getTime())) return String(serial);
  return at.toISOString().replace('T00:00:00.000Z', '').replace('.000Z', '');
}
