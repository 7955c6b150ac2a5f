import { open, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createDeflateRaw, crc32 } from 'node:zlib';
import { utils, write } from '@e965/xlsx';

const MB = 1024 * 1024;

/** A file of deals, each with a text of so many characters. */
export async function csvOf(path: string, rows: number, filler: number): Promise<string> {
  const file = await open(path, 'w');
  await file.write(`${header.join(',')}\n`);
  const notes = 'Asked about forty vehicles. '.repeat(80).slice(0, filler);
  for (let from = 0; from < rows; from += 1000) {
    const lines = Array.from({ length: Math.min(1000, rows - from) }, (_, at) =>
      dealOf(from + at, notes)
        .map((cell) => (cell.includes(',') ? `"${cell}"` : cell))
        .join(','),
    );
    await file.write(`${lines.join('\n')}\n`);
  }
  await file.close();
  return path;
}

/** The same as a workbook; a large one holds what cannot be packed well. */
export async function workbook(path: string, rows: number): Promise<string> {
  const table = Array.from({ length: rows }, (_, n) =>
    dealOf(n, rows > 1000 ? `${Math.sin(n)}${Math.cos(n)}${Math.sin(n * 7)}` : ''),
  );
  const book = utils.book_new();
  utils.book_append_sheet(book, utils.aoa_to_sheet([header, ...table]), 'Deals');
  const how = { type: 'buffer', bookType: 'xlsx', compression: true, bookSST: true } as const;
  await writeFile(path, write(book, how) as Buffer);
  return path;
}

/** A gibibyte of nothing, packed as it should be, beside two megabytes that cannot be packed. */
export async function bombAt(path: string): Promise<string> {
  const nothing = Buffer.alloc(16 * MB);
  const packed: Buffer[] = [];
  const deflate = createDeflateRaw();
  Readable.from(Array.from({ length: 64 }, () => nothing)).pipe(deflate);
  for await (const chunk of deflate) packed.push(chunk as Buffer);
  const noise = Buffer.alloc(2 * MB, 'x');
  const parts = [
    { name: '[Content_Types].xml', method: 0, bytes: Buffer.from(''), size: 0 },
    { name: 'xl/workbook.xml', method: 0, bytes: Buffer.from(''), size: 0 },
    { name: 'xl/media/noise.bin', method: 0, bytes: noise, size: noise.length },
    { name: 'xl/worksheets/sheet1.xml', method: 8, bytes: Buffer.concat(packed), size: 1024 * MB },
  ];
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, method, bytes, size } of parts) {
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(method, 8);
    local.writeUInt32LE(crc32(method === 0 ? bytes : ''), 14);
    local.writeUInt32LE(bytes.length, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50);
    local.copy(entry, 10, 8, 28);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    files.push(local, Buffer.from(name), bytes);
    directory.push(entry, Buffer.from(name));
    offset += 30 + name.length + bytes.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  await writeFile(path, Buffer.concat([...files, ...directory, end]));
  return path;
}

function dealOf(n: number, filler: string): string[] {
  const amount = n % 9 === 0 ? '' : `$${(1000 + (n % 50_000)).toLocaleString('en')}.00`;
  const stage = ['Discovery', 'Qualification', 'Proposal', 'Negotiation'][n % 4]!;
  const closes = n % 7 === 0 ? '01/31/2020' : `0${1 + (n % 9)}/28/2031`;
  const owner = n % 11 === 0 ? '' : 'Ada Lovelace';
  return [
    `Deal ${n}`,
    amount,
    stage,
    closes,
    owner,
    `Firm ${n % 20_000}`,
    `x${n}`,
    'W MTN',
    filler,
  ];
}
const header = [
  'Deal Name',
  'Amount',
  'Stage',
  'Close Date',
  'Owner',
  'Company',
  'SFDC ID',
  'Region',
  'Notes',
];
