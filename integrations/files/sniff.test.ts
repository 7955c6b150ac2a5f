import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sniff } from './sniff.ts';

function look(text: string | Buffer, isKnown?: (name: string) => boolean) {
  return sniff(Buffer.from(text as string), { whole: true, ...(isKnown && { isKnown }) });
}

describe('delimiters', () => {
  for (const delimiter of [',', ';', '\t', '|', '`', '%', '~', '^']) {
    test(`finds ${JSON.stringify(delimiter)}`, () => {
      const rows = [
        ['name', 'email', 'notes'],
        ['Ada', 'ada@firm.example', '"one, two; three"'],
        ['Bob', 'bob@firm.example', 'fine'],
      ];
      const found = look(rows.map((row) => row.join(delimiter)).join('\n'));
      expect(found).toMatchObject({
        delimiter,
        columns: ['name', 'email', 'notes'],
        headerLine: 1,
      });
    });
  }

  test('finds the backquote of a Salesforce bulk file', () => {
    const file = readFileSync('tests/fixtures/csv/salesforce/Account_bulk2_test_backquote.csv');
    const columns = ['NAME', 'TYPE', 'PHONE', 'WEBSITE', 'ANNUALREVENUE'];
    expect(look(file)).toMatchObject({ delimiter: '`', columns, start: { line: 2 } });
  });

  test('does not take the commas of prices in a table of semicolons for its delimiter', () => {
    expect(look('name;price\nA;1,50\nB;2,75\nC;3,10\n').delimiter).toBe(';');
  });

  test('one column has the comma that nobody wrote', () => {
    expect(look('email\nada@firm.example\nbob@firm.example\n')).toMatchObject({
      delimiter: ',',
      columns: ['email'],
    });
  });

  test('believes Excel when it says what its delimiter is', () => {
    const found = look('sep=;\r\nname;a,b\r\nAda;1,2\r\n');
    expect(found).toMatchObject({ delimiter: ';', headerLine: 2, start: { line: 3, byte: 17 } });
  });
});

describe('headers', () => {
  test('skips a byte order mark', () => {
    const file = readFileSync('tests/fixtures/csv/papaparse-utf-8-bom-sample.csv');
    expect(look(file).columns).toEqual(['A', 'B', 'C']);
  });

  test('finds the header below a title', () => {
    const found = look('All leads,,\n,,\nName,E-mail,Phone\nAda,ada@firm.example,555-0100\n');
    expect(found).toMatchObject({ headerLine: 3, columns: ['Name', 'E-mail', 'Phone'] });
    expect(found.start.line).toBe(4);
  });

  test('a file that begins with data has no header and loses no row', () => {
    const found = look('Ada,ada@firm.example\nBob,bob@firm.example\n');
    expect(found).toMatchObject({ headerLine: null, columns: ['Column 1', 'Column 2'] });
    expect(found.start).toEqual({ byte: 0, line: 1 });
  });

  test('two columns of one name and a nameless one can be told apart', () => {
    expect(look('Email,email,,Phone\na@x.example,b@x.example,1,2\n').columns).toEqual([
      'Email',
      'email (2)',
      'Column 3',
      'Phone',
    ]);
  });

  test('a header alone is a table without rows', () => {
    expect(look('name,email\n')).toMatchObject({ columns: ['name', 'email'], headerLine: 1 });
  });

  test('a header over two lines is one header', () => {
    expect(look('"first\nname",email\nAda,ada@firm.example\n')).toMatchObject({
      columns: ['first name', 'email'],
      start: { line: 3 },
    });
  });

  test('no column can reach an object by its name', () => {
    expect(look('__proto__,constructor\n1,2\n').columns).toEqual(['__proto__', 'constructor']);
  });
});
