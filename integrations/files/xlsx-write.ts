import { type Part, zipOf } from './zip-write.ts';

export type Cell = string | number | boolean | null;

/** A sheet has no more rows than that, the one with the names among them. */
const MOST_ROWS = 1_048_576;
/** And a cell no more characters. */
const MOST_CHARACTERS = 32_767;

/** Rows under their names; `pages` gives them a page at a time. */
export interface Sheet {
  title: string;
  names: string[];
  pages: AsyncIterable<Cell[][]>;
}

/**
 * A workbook as it is written, a page of rows at a time; what does not fit on one sheet goes on on the next. Texts stay
 * texts: no cell is a formula, whatever it begins with.
 */
export function workbookOf(
  title: string,
  names: string[],
  pages: AsyncIterable<Cell[][]>,
  most = MOST_ROWS,
): AsyncGenerator<Buffer> {
  return workbookOfSheets([{ title, names, pages }], most);
}

/** The same with several sheets, one after the other. */
export function workbookOfSheets(sheets: Sheet[], most = MOST_ROWS): AsyncGenerator<Buffer> {
  return zipOf(partsOf(sheets, most));
}

async function* partsOf(sheets: Sheet[], most: number): AsyncGenerator<Part> {
  const titles: string[] = [];
  for (const { title, names, pages } of sheets) {
    const rows = rowsOf(pages);
    const reading = { next: await rows.next() };
    for (let count = 1; count === 1 || !reading.next.done; count += 1) {
      titles.push(count === 1 ? title : `${title} ${count}`);
      yield {
        name: `xl/worksheets/sheet${titles.length}.xml`,
        text: sheetOf(names, rows, reading, most),
      };
    }
  }
  const numbers = titles.map((_, at) => at + 1);
  yield { name: 'xl/workbook.xml', text: [workbook(titles)] };
  yield { name: 'xl/_rels/workbook.xml.rels', text: [relations(numbers)] };
  yield { name: '_rels/.rels', text: [root] };
  yield { name: '[Content_Types].xml', text: [types(numbers)] };
}

async function* sheetOf(
  names: string[],
  rows: AsyncGenerator<Cell[], undefined>,
  reading: { next: IteratorResult<Cell[], undefined> },
  most: number,
): AsyncGenerator<string> {
  yield `${xml}<worksheet xmlns="${main}"><sheetData>${rowOf(names, 1)}`;
  let text = '';
  for (let row = 2; row <= most && !reading.next.done; row += 1) {
    text += rowOf(reading.next.value, row);
    if (text.length > 65_536) {
      yield text;
      text = '';
    }
    reading.next = await rows.next();
  }
  yield `${text}</sheetData></worksheet>`;
}

async function* rowsOf(pages: AsyncIterable<Cell[][]>): AsyncGenerator<Cell[], undefined> {
  for await (const page of pages) yield* page;
  return undefined;
}

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

function rowOf(cells: Cell[], row: number): string {
  return `<row r="${row}">${cells.map((cell, at) => cellOf(cell, `${letters(at)}${row}`)).join('')}</row>`;
}

function cellOf(cell: Cell, place: string): string {
  if (cell === null || cell === '') return '';
  if (typeof cell === 'number' && Number.isFinite(cell))
    return `<c r="${place}"><v>${cell}</v></c>`;
  if (typeof cell === 'boolean') return `<c r="${place}" t="b"><v>${Number(cell)}</v></c>`;
  return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${escaped(String(cell))}</t></is></c>`;
}

/** A, B … Z, AA, AB … */
function letters(at: number): string {
  const last = String.fromCharCode(65 + (at % 26));
  return at < 26 ? last : `${letters(Math.floor(at / 26) - 1)}${last}`;
}

/** Characters that XML cannot say are left out, and what a spreadsheet would read as one is kept as it is. */
function escaped(text: string): string {
  return text
    .slice(0, MOST_CHARACTERS)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function workbook(titles: string[]): string {
  const list = titles.map(
    (title, at) => `<sheet name="${escaped(title)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`,
  );
  return `${xml}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${list.join('')}</sheets></workbook>`;
}

function relations(sheets: number[]): string {
  const list = sheets.map(
    (n) =>
      `<Relationship Id="rId${n}" Type="${office}/worksheet" Target="worksheets/sheet${n}.xml"/>`,
  );
  return `${xml}<Relationships xmlns="${packages}/relationships">${list.join('')}</Relationships>`;
}

const root = `${xml}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;

function types(sheets: number[]): string {
  const list = sheets.map(
    (n) =>
      `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${kind}.worksheet+xml"/>`,
  );
  return `${xml}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/>${list.join('')}</Types>`;
}
