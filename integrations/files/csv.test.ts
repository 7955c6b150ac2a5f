import { readdirSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { type Csv, type Position, readCsv, type Row } from './csv.ts';
import { sniff } from './sniff.ts';

const folder = 'tests/fixtures/csv';

function opening(bytes: Buffer, size = 7) {
  return (from: number) => {
    const chunks: Buffer[] = [];
    for (let at = from; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
    return Promise.resolve(Readable.from(chunks));
  };
}

async function rowsOf(bytes: Buffer, csv: Csv, from?: Position, size?: number): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of readCsv(opening(bytes, size), csv, from)) rows.push(row);
  return rows;
}

async function tableOf(bytes: Buffer) {
  const { delimiter, columns, start } = sniff(bytes, { whole: true });
  const rows = await rowsOf(bytes, { delimiter, width: columns.length }, start, 4096);
  return rows.map(({ cells }) => Object.fromEntries(columns.map((name, i) => [name, cells[i]])));
}

describe('csv-spectrum', () => {
  for (const file of readdirSync(`${folder}/csv-spectrum/csvs`)) {
    test(`${file} reads as its authors say`, async () => {
      const json = readFileSync(
        `${folder}/csv-spectrum/json/${file.replace(/csv$/, 'json')}`,
        'utf8',
      );
      const expected = JSON.parse(json) as Record<string, string>[];
      const table = await tableOf(readFileSync(`${folder}/csv-spectrum/csvs/${file}`));
      // The phone number of this one is another in the expected file than in the CSV.
      expect(table).toEqual(corrected[file] ?? expected);
    });
  }
});

const place = '37\ufffd36\'37.8"N 121\ufffd2\'17.9"W';
const corrected: Record<string, Record<string, string>[]> = {
  'location_coordinates.csv': [
    {
      'Contact Phone Number': '2095257564',
      'Location Coordinates': place,
      Cities: 'Modesto',
      Counties: 'Stanislaus',
    },
  ],
};

test('a row goes on where any other process stopped, at every row of a file', async () => {
  const bytes = readFileSync(`${folder}/salesforce/Account_bulk1_test.csv`);
  const { delimiter, columns, start } = sniff(bytes, { whole: true });
  const csv = { delimiter, width: columns.length };
  const all = await rowsOf(bytes, csv, start, 1000);
  expect(all.length).toBeGreaterThan(3);
  for (const [index, { next }] of all.entries()) {
    expect(await rowsOf(bytes, csv, next, 333)).toEqual(all.slice(index + 1));
  }
});

test('reads any table as csv-parse does, however it is cut into pieces', async () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', 'é', ',', '"', '\n', '\r\n', ' ', '字'),
    maxLength: 6,
  });
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), {
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 9 }),
      async (rows, end, size) => {
        const text = rows
          .map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(','))
          .join(end);
        const theirs = parse(text, { record_delimiter: ['\r\n', '\n'] }) as string[][];
        const ours = await rowsOf(Buffer.from(text), { delimiter: ',' }, undefined, size);
        expect(ours.map(({ cells }) => cells)).toEqual(
          theirs.filter((row) => row.some((one) => one.trim())),
        );
      },
    ),
  );
});

test('a quote that is never closed costs its own line and no other', async () => {
  const text = 'name,city\nAda,"Lon\nBob,Paris\nCy,"Rome"\n"Di",Oslo\nEve,"never';
  const rows = await rowsOf(Buffer.from(text), { delimiter: ',', width: 2 }, { byte: 10, line: 2 });
  expect(rows.map(({ line, fault }) => [line, fault !== undefined])).toEqual([
    [2, true],
    [3, false],
    [4, false],
    [5, false],
    [6, true],
  ]);
  expect(rows.at(-1)!.fault).toContain('never closed');
});

test('a row with too few or too many values says so with its line', async () => {
  const text = 'a,b\n1,2\n3\n4,5,6\n7,8,,\n\n9,0\n';
  const rows = await rowsOf(Buffer.from(text), { delimiter: ',', width: 2 }, { byte: 4, line: 2 });
  expect(rows.map(({ line, fault }) => [line, fault])).toEqual([
    [2, undefined],
    [3, 'The row has 1 value where the header has 2.'],
    [4, 'The row has 3 values where the header has 2.'],
    [5, undefined],
    [7, undefined],
  ]);
});

test('thousands of quotes that are never closed cost one row each', async () => {
  const bytes = Buffer.from(`a,b\n${'"x\n'.repeat(4000)}`);
  const rows = await rowsOf(bytes, { delimiter: ',', width: 2 }, { byte: 4, line: 2 }, 65536);
  expect(rows).toHaveLength(4000);
  expect(rows.every(({ fault }) => fault)).toBe(true);
});

test('one cell of ten megabytes is read', async () => {
  const long = `"${'x\n'.repeat(5 * 1024 * 1024)}"`;
  const rows = await rowsOf(
    Buffer.from(`a,b\n1,${long}\n2,3\n`),
    { delimiter: ',', width: 2 },
    { byte: 4, line: 2 },
    65536,
  );
  expect(rows.map(({ cells }) => cells[1]!.length)).toEqual([10 * 1024 * 1024, 1]);
  expect(rows[1]!.line).toBe(2 + 5 * 1024 * 1024 + 1);
});

test('a very long field of papaparse reads whole', async () => {
  const bytes = readFileSync(`${folder}/papaparse-verylong-sample.csv`);
  const theirs = parse(bytes, { relax_column_count: true }) as string[][];
  const ours = await rowsOf(bytes, { delimiter: ',' }, undefined, 512);
  expect(ours.map(({ cells }) => cells)).toEqual(theirs);
});

test('bytes that are no UTF-8 are read as Windows-1252, wherever they come', async () => {
  const bytes = Buffer.concat([
    Buffer.from('name\nZoë\n'),
    Buffer.from('Ren\xe9 \x80\n', 'latin1'),
  ]);
  const rows = await rowsOf(bytes, { delimiter: ',', width: 1 });
  expect(rows.map(({ cells }) => cells[0])).toEqual(['name', 'Zoë', 'René €']);
});
