import { pipeline, Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

/** One file of an archive; its text comes piece by piece. */
export interface Part {
  name: string;
  text: AsyncIterable<string> | Iterable<string>;
}

interface Written {
  name: Buffer;
  crc: number;
  packed: number;
  inflated: number;
  offset: number;
}

/** Names are UTF-8, and sizes follow the data, since nobody knows them before. */
const FLAGS = 0x0808;
const VERSION = 20;
/** The first day that an archive can name: an export says nothing of the day it was made. */
const DAY = 0x0021;

/** An archive as it is written, a piece at a time, whatever its size up to 4 GB: no part of it is held in memory. */
export async function* zipOf(parts: AsyncIterable<Part> | Iterable<Part>): AsyncGenerator<Buffer> {
  const written: Written[] = [];
  let offset = 0;
  for await (const { name, text } of parts) {
    const entry = { name: Buffer.from(name), crc: 0, packed: 0, inflated: 0, offset };
    const head = headerOf(0x04034b50, entry, 30);
    yield head;
    for await (const piece of deflated(text, entry)) {
      entry.packed += piece.length;
      yield piece;
    }
    yield sizesOf(entry);
    offset += head.length + entry.packed + 16;
    if (offset > 0xffffffff) throw new RangeError('An archive of this kind has at most 4 GB.');
    written.push(entry);
  }
  const directory = Buffer.concat(written.map((entry) => headerOf(0x02014b50, entry, 46)));
  yield directory;
  yield endOf(written.length, directory.length, offset);
}

function deflated(text: Part['text'], entry: Written): AsyncIterable<Buffer> {
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const piece of text) {
      const bytes = Buffer.from(piece);
      entry.crc = crc32(bytes, entry.crc);
      entry.inflated += bytes.length;
      yield bytes;
    }
  }
  const deflate = createDeflateRaw();
  // What breaks on the way ends the stream, whose reader hears of it.
  pipeline(Readable.from(counted()), deflate, () => undefined);
  return deflate as AsyncIterable<Buffer>;
}

/** Of the part itself, 30 bytes and its name, or in the directory, 46. */
function headerOf(signature: number, entry: Written, size: 30 | 46): Buffer {
  const head = Buffer.alloc(size);
  const inDirectory = size === 46;
  let at = head.writeUInt32LE(signature, 0);
  if (inDirectory) at = head.writeUInt16LE(VERSION, at);
  for (const value of [VERSION, FLAGS, 8, 0, DAY]) at = head.writeUInt16LE(value, at);
  if (inDirectory) {
    at = head.writeUInt32LE(entry.crc, at);
    at = head.writeUInt32LE(entry.packed, at);
    at = head.writeUInt32LE(entry.inflated, at);
  } else at += 12;
  head.writeUInt16LE(entry.name.length, at);
  if (inDirectory) head.writeUInt32LE(entry.offset, 42);
  return Buffer.concat([head, entry.name]);
}

function sizesOf({ crc, packed, inflated }: Written): Buffer {
  const sizes = Buffer.alloc(16);
  let at = sizes.writeUInt32LE(0x08074b50, 0);
  for (const value of [crc, packed, inflated]) at = sizes.writeUInt32LE(value, at);
  return sizes;
}

function endOf(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
