import { text } from 'node:stream/consumers';
import { utils, write, type WorkBook } from '@e965/xlsx';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { attributeOf, type Piece, xmlCutter } from './xml.ts';
import { xlsxAsCsv } from './xlsx.ts';

function bytesOf(book: WorkBook, bookSST: boolean): Buffer {
  return write(book, { type: 'buffer', bookType: 'xlsx', compression: true, bookSST }) as Buffer;
}

async function rowsOf(file: Buffer): Promise<string[][]> {
  const csv = await text(xlsxAsCsv(file));
  return parse(csv, { relax_column_count: true, skip_empty_lines: true }) as string[][];
}

const rows = [
  ['Deal', 'Amount', 'Closes', 'Won', 'Share', 'Note'],
  ['Müller & Söhne <b>', 18_400.5, new Date('2026-03-14T00:00:00Z'), true, 0.35, ' two  spaces '],
  ['字 😀', -3, new Date('2026-03-14T10:30:00Z'), false, 1e21, 'one\ntwo, "three"'],
  ['006000000000001', 15_555_550_100, new Date('1999-12-31T00:00:00Z'), true, 0, ''],
];

for (const [kind, bookSST] of [
  ['shared', true],
  ['its own', false],
] as const) {
  test(`a workbook with ${kind} texts is read as it was written`, async () => {
    const sheet = utils.aoa_to_sheet(rows, { UTC: true } as object);
    const book = utils.book_new();
    utils.book_append_sheet(book, sheet, 'Deals');
    const [header, ...read] = await rowsOf(bytesOf(book, bookSST));
    expect(header).toEqual(rows[0]);
    expect(read).toEqual([
      ['Müller & Söhne <b>', '18400.5', '2026-03-14', 'true', '0.35', ' two  spaces '],
      ['字 😀', '-3', '2026-03-14T10:30:00', 'false', '1e+21', 'one\ntwo, "three"'],
      ['006000000000001', '15555550100', '1999-12-31', 'true', '0', ''],
    ]);
  });
}

test('a sheet of many rows comes whole, in order, row by row', async () => {
  const many = Array.from({ length: 30_000 }, (_, n) => [`Deal ${n}`, n, n % 7 === 0 ? '' : 'x']);
  const book = utils.book_new();
  utils.book_append_sheet(book, utils.aoa_to_sheet([['Deal', 'N', 'X'], ...many]), 'Deals');
  const [, ...read] = await rowsOf(bytesOf(book, true));
  expect(read).toEqual(many.map((row) => row.map(String)));
});

test('a document says the same however it is cut into pieces', () => {
  const document =
    '<?xml version="1.0"?><!-- <no> --><x:a b="1 &lt; 2" c=\'&#x41;\'>t &amp; u<b/><![CDATA[<raw>]]></x:a>';
  const whole = cut([document]);
  expect(whole.flatMap((one) => (one.is === 'text' ? [one.text] : []))).toEqual([
    ...['t & u', '<raw>'],
  ]);
  const [first] = whole;
  expect(first).toMatchObject({ is: 'open', name: 'a' });
  const { attributes } = first as { attributes: string };
  expect([attributeOf(attributes, 'b'), attributeOf(attributes, 'c')]).toEqual(['1 < 2', 'A']);
  for (let at = 1; at < document.length; at += 1) {
    expect(cut([document.slice(0, at), document.slice(at)])).toEqual(whole);
  }
});

function cut(pieces: string[]): Piece[] {
  const found: Piece[] = [];
  const cutter = xmlCutter((piece) => void found.push(piece));
  for (const piece of pieces) cutter.write(piece);
  return found;
}
