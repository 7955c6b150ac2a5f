import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine, exportedLine, neutral, original } from './cell.ts';

test('no exported cell begins with what a spreadsheet runs, and a phone number stays one', () => {
  for (const evil of ["=cmd|' /C calc'!A0", '+SUM(1)', '-2+3', '@x', '\tx', '\rx', '＝1+1']) {
    expect(neutral(evil)).toBe(`'${evil}`);
  }
  expect(neutral('+1 555 555-0100')).toBe('+1 555 555-0100');
  expect(neutral('plain')).toBe('plain');
});

test('an exported cell that is imported again is what it was', () => {
  const cell = fc.string({
    unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '"', ',', '1', 'a', ' '),
  });
  fc.assert(fc.property(cell, (text) => original(neutral(text)) === text));
  fc.assert(
    fc.property(fc.array(cell, { minLength: 2, maxLength: 4 }), (cells) => {
      const [read] = parse(exportedLine(cells)) as string[][];
      expect(read!.map(original)).toEqual(cells);
      expect(parse(csvLine(cells))).toEqual([cells]);
    }),
  );
});
