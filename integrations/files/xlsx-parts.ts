import { manyTexts, type Texts } from './texts.ts';
import { attributeOf, xmlCutter } from './xml.ts';

/** A part of a workbook, piece by piece. */
export type Part = (name: string) => AsyncIterable<string> | undefined;

export interface Book {
  /** Where its sheets lie, in their order. */
  sheets: string[];
  strings: Texts;
  /** By the number of a style: whether its numbers are days. */
  isDate: boolean[];
  /** Days before its first one, against 30 December 1899. */
  epoch: number;
}

/** Reads all of a workbook but its sheets. */
export async function bookOf(part: Part): Promise<Book> {
  const targets = new Map<string, string>();
  await each(part, 'xl/_rels/workbook.xml.rels', (name, attributes) => {
    if (name !== 'Relationship') return;
    const [id, target] = ['Id', 'Target'].map((one) => attributeOf(attributes, one));
    if (id && target) targets.set(id, target.startsWith('/') ? target.slice(1) : `xl/${target}`);
  });
  const sheets: string[] = [];
  let epoch = 0;
  await each(part, 'xl/workbook.xml', (name, attributes) => {
    if (name === 'workbookPr' && /^(1|true)$/.test(attributeOf(attributes, 'date1904') ?? '')) {
      epoch = 1462;
    }
    const target = targets.get(attributeOf(attributes, 'id') ?? '');
    if (name === 'sheet' && target) sheets.push(target);
  });
  return { sheets, epoch, isDate: await stylesOf(part), strings: await stringsOf(part) };
}

async function stylesOf(part: Part): Promise<boolean[]> {
  const formats = new Map<number, string>();
  const isDate: boolean[] = [];
  let inCells = false;
  await each(
    part,
    'xl/styles.xml',
    (name, attributes) => {
      const id = Number(attributeOf(attributes, 'numFmtId'));
      if (name === 'numFmt') formats.set(id, attributeOf(attributes, 'formatCode') ?? '');
      if (name === 'cellXfs') inCells = true;
      if (name === 'xf' && inCells) isDate.push(isDateFormat(id, formats.get(id)));
    },
    (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  );
  return isDate;
}

/** The house formats of days and times, or a code with a letter of them outside of quotes and brackets. */
function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) {
    return (
      (id >= 14 && id <= 22) ||
      (id >= 27 && id <= 36) ||
      (id >= 45 && id <= 47) ||
      (id >= 50 && id <= 58)
    );
  }
  const letters = code
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  return /[dmyhs]/i.test(letters.replace(/general/gi, ''));
}

async function stringsOf(part: Part): Promise<Texts> {
  const texts = manyTexts();
  let text = '';
  let inText = false;
  let beside = 0;
  await each(
    part,
    'xl/sharedStrings.xml',
    (name) => {
      if (name === 'si') text = '';
      if (name === 'rPh') beside += 1;
      if (name === 't') inText = beside === 0;
    },
    (name) => {
      if (name === 't') inText = false;
      if (name === 'rPh') beside -= 1;
      if (name === 'si') texts.add(unescaped(text));
    },
    (piece) => {
      if (inText) text += piece;
    },
  );
  return texts;
}

/** What XML cannot hold is written as _x000D_. */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9a-f]{4})_/gi, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
}

/** Walks through a part, if it is there. */
export async function each(
  part: Part,
  path: string,
  open: (name: string, attributes: string) => void,
  close: (name: string) => void = () => {},
  text: (text: string) => void = () => {},
): Promise<void> {
  const pieces = part(path);
  if (!pieces) return;
  const cutter = xmlCutter((piece) => {
    if (piece.is === 'open') open(piece.name, piece.attributes);
    else if (piece.is === 'close') close(piece.name);
    else text(piece.text);
  });
  for await (const piece of pieces) cutter.write(piece);
}
