import { read, utils } from '@e965/xlsx';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exportOf } from './export.ts';
import { type Cell, workbookOf } from './xlsx-write.ts';
import { checkDirectory } from './zip.ts';

async function* pagesOf(rows: Cell[][], size = 2): AsyncGenerator<Cell[][]> {
  for (let at = 0; at < rows.length; at += size)
    yield await Promise.resolve(rows.slice(at, at + size));
}

async function written(pieces: AsyncIterable<string | Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(Buffer.from(piece));
  return Buffer.concat(all);
}

const rows: Cell[][] = [
  ['Ada', 7, true],
  ['=HYPERLINK("http://evil.example")', -1.5, false],
  ['<b> & "c" _x0041_ \u0007é 日本', null, null],
];
const given = { title: 'People', names: ['name', 'n', 'is'] };

test('a workbook that is written is read again as it was, and holds no formula', async () => {
  const file = await written(exportOf('xlsx', { ...given, pages: pagesOf(rows) }));
  const book = read(file, { type: 'buffer' });
  expect(book.SheetNames).toEqual(['People']);
  const sheet = book.Sheets['People']!;
  expect(utils.sheet_to_json(sheet, { header: 1, defval: null })).toEqual([
    ['name', 'n', 'is'],
    ['Ada', 7, true],
    ['=HYPERLINK("http://evil.example")', -1.5, false],
    ['<b> & "c" _x0041_ é 日本', null, null],
  ]);
  expect(sheet['A3']).toMatchObject({ t: 's' });
  expect(Object.values(sheet).filter((cell) => (cell as { f?: string }).f)).toEqual([]);
});

test('our own reader finds an honest workbook', async () => {
  const file = await written(exportOf('xlsx', { ...given, pages: pagesOf(rows) }));
  expect(checkDirectory(file).map(({ name }) => name)).toContain('xl/workbook.xml');
});

test('what does not fit on one sheet goes on on the next', async () => {
  const many = Array.from({ length: 7 }, (_, n): Cell[] => [n]);
  const file = await written(workbookOf('N', ['n'], pagesOf(many, 3), 4));
  const book = read(file, { type: 'buffer' });
  expect(book.SheetNames).toEqual(['N', 'N 2', 'N 3']);
  const all = book.SheetNames.flatMap((name) =>
    utils.sheet_to_json<{ n: number }>(book.Sheets[name]!),
  );
  expect(all.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('an export of nothing is a file of its names', async () => {
  const nothing = { ...given, pages: pagesOf([]) };
  expect(String(await written(exportOf('csv', nothing)))).toBe('name,n,is\n');
  expect(String(await written(exportOf('json', nothing)))).toBe('[]\n');
  const book = read(await written(exportOf('xlsx', nothing)), { type: 'buffer' });
  expect(utils.sheet_to_csv(book.Sheets['People']!)).toBe('name,n,is');
});

test('CSV keeps phone numbers and neutralises what a spreadsheet would run', async () => {
  const cells: Cell[][] = [
    ['=1+1', 1, true],
    ['+1 212 555 0123', null, false],
  ];
  const csv = String(await written(exportOf('csv', { ...given, pages: pagesOf(cells) })));
  expect(csv).toContain("'=1+1");
  expect(csv).toContain('\n+1 212 555 0123,,false');
});

test('a hundred thousand rows are written without being held', async () => {
  let ahead = 0;
  let asked = 0;
  async function* pages(): AsyncGenerator<Cell[][]> {
    for (; asked < 100; asked += 1) {
      yield await Promise.resolve(Array.from({ length: 1000 }, () => [crypto.randomUUID(), asked]));
    }
  }
  let pieces = 0;
  for await (const piece of exportOf('xlsx', { title: 'N', names: ['id', 'n'], pages: pages() })) {
    pieces += Number(piece.length > 0);
    if (pieces === 3) ahead = asked;
  }
  // The third piece leaves before a tenth of the rows was asked for.
  expect(ahead).toBeLessThan(10);
  expect(asked).toBe(100);
});

test('any text survives the way through a workbook', async () => {
  const text = fc
    .string({ unit: 'grapheme', maxLength: 20 })
    .filter((one) => one.trim() === one && one !== '');
  await fc.assert(
    fc.asyncProperty(text, async (value) => {
      const file = await written(workbookOf('T', ['t'], pagesOf([[value]])));
      const sheet = read(file, { type: 'buffer' }).Sheets['T']!;
      expect((sheet['A2'] as { v: string }).v).toBe(value);
    }),
    { numRuns: 100 },
  );
});
