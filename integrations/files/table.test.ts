import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { deflateRawSync } from 'node:zlib';
import { utils, write } from '@e965/xlsx';
import { describe, expect, test as base } from 'vitest';
import { diskBlobs } from '#integrations/blobs/disk.ts';
import { lookAt, rowsFrom } from './table.ts';

const test = base.extend('files', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-files-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  const blobs = diskBlobs(folder);
  async function look(bytes: Buffer | string) {
    return lookAt(blobs, await blobs.put(Readable.from([Buffer.from(bytes as string)])));
  }
  return {
    blobs,
    folder,
    look,
    async read(bytes: Buffer | string) {
      const table = await look(bytes);
      const rows = [];
      for await (const { line, cells, fault } of rowsFrom(blobs, table, table.start)) {
        rows.push({ line, cells, ...(fault && { fault }) });
      }
      return { table, rows };
    },
  };
});

const german = 'Name;E-Mail;Ort\r\nJörg Weiß;joerg@firma.example;Köln\r\n';

describe('encodings', () => {
  for (const [name, bytes, encoding] of [
    ['UTF-8', Buffer.from(german), 'utf-8'],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${german}`), 'utf-8'],
    ['Windows-1252', Buffer.from(german, 'latin1'), 'windows-1252'],
    ['UTF-16 LE with its mark', Buffer.from(`\ufeff${german}`, 'utf16le'), 'utf-16le'],
    ['UTF-16 LE without', Buffer.from(german, 'utf16le'), 'utf-16le'],
    ['UTF-16 BE', Buffer.from(`\ufeff${german}`, 'utf16le').swap16(), 'utf-16be'],
  ] as const) {
    test(`reads ${name}`, async ({ files }) => {
      const { table, rows } = await files.read(bytes);
      expect(table).toMatchObject({ encoding, delimiter: ';', format: 'csv' });
      expect(table.columns.map(({ name }) => name)).toEqual(['Name', 'E-Mail', 'Ort']);
      expect(rows).toEqual([{ line: 2, cells: ['Jörg Weiß', 'joerg@firma.example', 'Köln'] }]);
    });
  }
});

test('an empty file, one of blanks and a picture are no tables, and are refused in words', async ({
  files,
}) => {
  await expect(files.look('')).rejects.toThrow('The file is empty.');
  await expect(files.look('\n\n  \n')).rejects.toThrow('The file is empty.');
  await expect(files.look(Buffer.from('\x89PNG\r\n', 'latin1'))).rejects.toThrow('not a table');
  await expect(files.look(randomBytes(4096).fill(0, 0, 2048))).rejects.toThrow('not a table');
});

describe('workbooks', () => {
  function workbook(rows: unknown[][]): Buffer {
    const book = utils.book_new();
    utils.book_append_sheet(book, utils.aoa_to_sheet([]), 'Empty');
    utils.book_append_sheet(book, utils.aoa_to_sheet(rows), 'Leads');
    return write(book, { type: 'buffer', bookType: 'xlsx', compression: true }) as Buffer;
  }

  test('the first filled sheet is the table, with its own row numbers', async ({ files }) => {
    const file = workbook([
      ['Name', 'Phone', 'Since', 'Notes'],
      ['Ada', 15_555_550_100, new Date('2026-03-01T00:00:00Z'), 'one\ntwo'],
      [],
      ['Bob', '+1 555 0101', null, '=1+1'],
    ]);
    const { table, rows } = await files.read(file);
    expect(table).toMatchObject({ format: 'xlsx', headerLine: 1 });
    expect(rows).toEqual([
      { line: 2, cells: ['Ada', '15555550100', '2026-03-01', 'one\ntwo'] },
      { line: 4, cells: ['Bob', '+1 555 0101', '', '=1+1'] },
    ]);
  });

  test('what a file is stands in its bytes: a workbook named .csv is read as one', async ({
    files,
  }) => {
    const { table } = await files.read(workbook([['email'], ['ada@firm.example']]));
    expect(table.format).toBe('xlsx');
    const kept = await readdir(files.folder, { recursive: true });
    expect(kept.filter((name) => name.includes('/'))).toEqual([
      expect.stringContaining(table.blob),
    ]);
  });

  test('refuses a bomb by its directory, before anything is inflated', async ({ files }) => {
    const bomb = zip({ '[Content_Types].xml': '', 'xl/workbook.xml': '' }, 1024 * 1024 * 1024);
    const before = process.memoryUsage().rss;
    await expect(files.look(bomb)).rejects.toMatchObject({ reason: 'too-large' });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  test('refuses a part that is larger than its directory says', async ({ files }) => {
    const parts = { '[Content_Types].xml': '', 'xl/workbook.xml': 'x'.repeat(1000) };
    await expect(files.look(zip(parts, 10))).rejects.toThrow('damaged');
  });

  test('refuses a hundred thousand parts, ways out of the folder and entities', async ({
    files,
  }) => {
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`p${i}`, '']));
    await expect(files.look(zip(many))).rejects.toMatchObject({ reason: 'too-large' });
    for (const name of ['../../etc/passwd', '/etc/passwd', 'C:\\x', 'xl/../../x', '..\\x']) {
      await expect(files.look(zip({ [name]: 'x' }))).rejects.toMatchObject({ reason: 'invalid' });
    }
    const laughs = '<!DOCTYPE lolz [<!ENTITY lol "lol">]><x>&lol;</x>';
    const parts = { '[Content_Types].xml': laughs, 'xl/workbook.xml': '' };
    await expect(files.look(zip(parts))).rejects.toThrow('entities');
  });

  test('refuses an archive of something else, and one cut in half', async ({ files }) => {
    await expect(files.look(zip({ '[Content_Types].xml': '' }))).rejects.toThrow('no workbook');
    const half = workbook([['a']]);
    await expect(files.look(half.subarray(0, half.length / 2))).rejects.toThrow('damaged');
  });
});

/** An archive; its last part claims to hold `claimed` bytes. */
function zip(parts: Record<string, string>, claimed?: number): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  const all = Object.entries(parts);
  for (const [index, [name, text]] of all.entries()) {
    const packed = deflateRawSync(text);
    const size = index === all.length - 1 && claimed !== undefined ? claimed : text.length;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(size, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(offset, 42);
    files.push(local, Buffer.from(name), packed);
    directory.push(central, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(all.length, 8);
  end.writeUInt16LE(all.length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...directory, end]);
}
