import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { Refusal } from '#domain/refusal.ts';

const MEGABYTE = 1024 * 1024;
const MOST = { upload: 10 * MEGABYTE, inflated: 100 * MEGABYTE, entries: 100, ratio: 100 };

export interface Entry {
  name: string;
  method: number;
  packed: number;
  inflated: number;
  offset: number;
}

/**
 * Judges a workbook by the directory of its archive, before anything is inflated.
 * Throws a Refusal: too-large for a bomb or a large file, invalid for what is no honest workbook.
 */
export function checkDirectory(file: Buffer): Entry[] {
  if (file.length > MOST.upload) throw new Refusal('too-large', 'A workbook may have 10 MB.');
  const entries = directoryOf(file);
  let sum = 0;
  for (const { name, packed, inflated } of entries) {
    if (/(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[a-z]:|\0/i.test(name)) refuse();
    sum += inflated;
    // Small parts compress well by nature.
    if (inflated > MEGABYTE && inflated > packed * MOST.ratio) tooLarge();
  }
  if (sum > MOST.inflated || sum > MOST.ratio * Math.max(file.length, MEGABYTE)) tooLarge();
  if (!entries.some(({ name }) => name === '[Content_Types].xml')) refuse();
  if (!entries.some(({ name }) => name === 'xl/workbook.xml')) {
    throw new Refusal('invalid', 'There is no workbook in this file: send a CSV or an .xlsx file.');
  }
  return entries;
}

/** What the directory says may be a lie: each part is inflated to its stated size and no further, and read for entities. */
export async function checkParts(file: Buffer, entries: Entry[]): Promise<void> {
  for (const entry of entries) {
    let length = 0;
    let tail = '';
    for await (const chunk of partOf(file, entry)) {
      length += chunk.length;
      if (length > entry.inflated) refuse();
      const text = tail + chunk.toString('latin1');
      if (text.includes('<!DOCTYPE') || text.includes('<!ENTITY')) {
        throw new Refusal('invalid', 'The workbook declares entities, which no spreadsheet does.');
      }
      tail = text.slice(-9);
    }
    if (length !== entry.inflated) refuse();
  }
}

/** What a part holds, chunk by chunk. Throws a Refusal for one that is damaged. */
export async function* partOf(
  file: Buffer,
  { method, packed, offset }: Entry,
): AsyncGenerator<Buffer> {
  if (offset + 30 > file.length || file.readUInt32LE(offset) !== 0x04034b50) refuse();
  const from = offset + 30 + file.readUInt16LE(offset + 26) + file.readUInt16LE(offset + 28);
  const bytes = file.subarray(from, from + packed);
  if (bytes.length !== packed) refuse();
  if (method === 0) {
    yield bytes;
    return;
  }
  const inflated = Readable.from([bytes], { objectMode: false }).pipe(createInflateRaw());
  try {
    yield* inflated as AsyncIterable<Buffer>;
  } catch {
    refuse();
  }
}

function directoryOf(file: Buffer): Entry[] {
  const end = file.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || end + 22 > file.length) refuse();
  const count = file.readUInt16LE(end + 10);
  const start = file.readUInt32LE(end + 16);
  if (count > MOST.entries) tooLarge();
  const entries: Entry[] = [];
  let at = start;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > file.length || file.readUInt32LE(at) !== 0x02014b50) refuse();
    const flags = file.readUInt16LE(at + 8);
    const method = file.readUInt16LE(at + 10);
    const nameLength = file.readUInt16LE(at + 28);
    if (flags & 1)
      throw new Refusal('invalid', 'The workbook is locked: save it without a password.');
    if (method !== 0 && method !== 8) refuse();
    entries.push({
      ...{ method, name: file.subarray(at + 46, at + 46 + nameLength).toString('utf8') },
      ...{ packed: file.readUInt32LE(at + 20), inflated: file.readUInt32LE(at + 24) },
      offset: file.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return entries;
}

function tooLarge(): never {
  throw new Refusal('too-large', 'The workbook unpacks to more than we take: 100 MB in 100 parts.');
}

function refuse(): never {
  throw new Refusal('invalid', 'The workbook is damaged: save it again, or save it as CSV.');
}
