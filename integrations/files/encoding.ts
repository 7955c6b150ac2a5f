import { isUtf8 } from 'node:buffer';
import { Transform } from 'node:stream';
import { Refusal } from '#domain/refusal.ts';

export type Encoding = 'utf-8' | 'windows-1252' | 'utf-16le' | 'utf-16be';
export type Kind = { is: 'text'; encoding: Encoding } | { is: 'xlsx' };

const western = new TextDecoder('windows-1252');

/**
 * What a file is, by its first bytes; its name says nothing.
 * Throws a Refusal (invalid) for what is no table: an old workbook, a picture, an archive of something else.
 */
export function kindOf(head: Buffer): Kind {
  if (head.length === 0) throw new Refusal('invalid', 'The file is empty.');
  if (startsWith(head, 'PK\x03\x04')) return { is: 'xlsx' };
  if (startsWith(head, '\xd0\xcf\x11\xe0')) {
    throw new Refusal(
      'invalid',
      'This is a workbook of an old or locked kind: save it as .xlsx without a password.',
    );
  }
  const other = ['%PDF', '\x89PNG', '\xff\xd8\xff', 'GIF8', '\x1f\x8b', 'PK\x05\x06'];
  if (other.some((magic) => startsWith(head, magic))) refuse();
  return { is: 'text', encoding: encodingOf(head) };
}

/** A file that turns out not to be UTF-8 later than its head is read line by line as what it can only be. */
export function decode(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : western.decode(bytes);
}

/** UTF-16 as UTF-8, so that every byte position in what is kept is a place to go on from. */
export function asUtf8(encoding: 'utf-16le' | 'utf-16be'): Transform {
  const decoder = new TextDecoder(encoding);
  return new Transform({
    transform: (chunk: Buffer, _, done) => done(null, decoder.decode(chunk, { stream: true })),
    flush: (done) => done(null, decoder.decode()),
  });
}

function encodingOf(head: Buffer): Encoding {
  if (startsWith(head, '\xff\xfe')) return 'utf-16le';
  if (startsWith(head, '\xfe\xff')) return 'utf-16be';
  const nuls = [0, 0];
  for (let at = 0; at < head.length; at += 1) if (head[at] === 0) nuls[at % 2]! += 1;
  const [even = 0, odd = 0] = nuls;
  if (even + odd > head.length / 4) {
    if (odd > even * 9) return 'utf-16le';
    if (even > odd * 9) return 'utf-16be';
    refuse();
  }
  return isUtf8(whole(head)) ? 'utf-8' : 'windows-1252';
}

/** Without the character that the end of the head may have cut in two. */
function whole(head: Buffer): Buffer {
  let end = head.length;
  while (end > 0 && end > head.length - 4 && (head[end - 1]! & 0xc0) === 0x80) end -= 1;
  return end > 0 && head[end - 1]! >= 0xc0 ? head.subarray(0, end - 1) : head;
}

function startsWith(head: Buffer, magic: string): boolean {
  return head.subarray(0, magic.length).equals(Buffer.from(magic, 'latin1'));
}

function refuse(): never {
  throw new Refusal('invalid', 'This is not a table: send a CSV or an .xlsx file.');
}
