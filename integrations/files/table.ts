import type { Readable } from 'node:stream';
import type { Blobs } from '#integrations/blobs/blobs.ts';
import { Refusal } from '#domain/refusal.ts';
import { original } from './cell.ts';
import { type Position, readCsv, type Row } from './csv.ts';
import { asUtf8, kindOf } from './encoding.ts';
import { sniff } from './sniff.ts';
import { xlsxAsCsv } from './xlsx.ts';

/** A file of rows, as it was found and as it is kept: always as text that can be read from any byte on. */
export interface Table {
  blob: string;
  bytes: number;
  format: 'csv' | 'xlsx';
  encoding: string;
  delimiter: string;
  headerLine: number | null;
  columns: { name: string; samples: string[] }[];
  start: Position;
}

const HEAD = 256 * 1024;
const WORKBOOK = 10 * 1024 * 1024;
const SAMPLES = 5;
const COLUMNS = 1000;

/**
 * Looks at an upload: what it is, how it is written, what its columns are called and look like.
 * A workbook and UTF-16 become CSV in UTF-8 here, and the upload goes. Throws a Refusal for what is no table.
 */
export async function lookAt(
  blobs: Blobs,
  upload: { key: string; bytes: number },
  isKnown?: (name: string) => boolean,
): Promise<Table> {
  const kind = kindOf(await headOf(blobs, upload.key, 64 * 1024));
  const format = kind.is === 'xlsx' ? 'xlsx' : 'csv';
  const encoding = kind.is === 'xlsx' ? 'utf-8' : kind.encoding;
  const { key, bytes } = await asText(blobs, upload, kind);
  const head = await headOf(blobs, key, HEAD);
  if (head.toString('latin1').trim() === '') throw new Refusal('invalid', 'The file is empty.');
  const { delimiter, headerLine, columns, start } = sniff(head, {
    whole: bytes <= HEAD,
    ...(isKnown && { isKnown }),
  });
  if (columns.length > COLUMNS) {
    throw new Refusal(
      'invalid',
      `A table may have ${COLUMNS} columns; this one has ${columns.length}.`,
    );
  }
  const samples: string[][] = columns.map(() => []);
  const table = { blob: key, delimiter, format, columns } as const;
  let looked = 0;
  for await (const { cells, fault } of rowsFrom(blobs, table, start)) {
    if ((looked += 1) > 200 || samples.every((some) => some.length === SAMPLES)) break;
    for (const [index, some] of samples.entries()) {
      const cell = cells[index]?.trim().slice(0, 200);
      if (!fault && cell && some.length < SAMPLES && !some.includes(cell)) some.push(cell);
    }
  }
  const described = columns.map((name, index) => ({ name, samples: samples[index]! }));
  return { blob: key, bytes, format, encoding, delimiter, headerLine, columns: described, start };
}

/** The rows of a table from any position on, with what an export of ours had neutralised taken back. */
export async function* rowsFrom(
  blobs: Blobs,
  table: { blob: string; delimiter: string; format: 'csv' | 'xlsx'; columns: unknown[] },
  from: Position,
): AsyncGenerator<Row> {
  const csv = {
    delimiter: table.delimiter,
    width: table.columns.length,
    counts: table.format === 'xlsx' ? ('rows' as const) : ('lines' as const),
  };
  for await (const row of readCsv((byte) => blobs.read(table.blob, byte), csv, from)) {
    yield { ...row, cells: row.cells.map(original) };
  }
}

async function asText(
  blobs: Blobs,
  upload: { key: string; bytes: number },
  kind: ReturnType<typeof kindOf>,
): Promise<{ key: string; bytes: number }> {
  if (kind.is === 'text' && !kind.encoding.startsWith('utf-16')) return upload;
  const text =
    kind.is === 'xlsx'
      ? await workbook(blobs, upload)
      : await utf16(blobs, upload.key, kind.encoding);
  const kept = await blobs.put(text);
  await blobs.remove(upload.key);
  return kept;
}

async function workbook(
  blobs: Blobs,
  { key, bytes }: { key: string; bytes: number },
): Promise<Readable> {
  if (bytes > WORKBOOK) throw new Refusal('too-large', 'A workbook may have 10 MB.');
  const chunks: Buffer[] = [];
  for await (const chunk of await blobs.read(key)) chunks.push(chunk as Buffer);
  return xlsxAsCsv(Buffer.concat(chunks));
}

async function utf16(blobs: Blobs, key: string, encoding: string): Promise<Readable> {
  const bytes = await blobs.read(key);
  const text = bytes.pipe(asUtf8(encoding === 'utf-16le' ? 'utf-16le' : 'utf-16be'));
  bytes.on('error', (error) => text.destroy(error));
  return text;
}

async function headOf(blobs: Blobs, key: string, size: number): Promise<Buffer> {
  const stream = await blobs.read(key);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length >= size) break;
  }
  return Buffer.concat(chunks).subarray(0, size);
}
