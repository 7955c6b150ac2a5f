import { expect, test } from 'vitest';
import { csvOf } from './csv.ts';

test('a file for spreadsheets quotes what must be quoted and holds no formula', () => {
  expect(
    csvOf([
      ['Deal', 'Amount'],
      ['Bauer, "Cold"', -12.5],
      ['=1+1', null],
    ]),
  ).toBe('Deal,Amount\r\n"Bauer, ""Cold""",-12.5\r\n\'=1+1,\r\n');
});
