import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { csvLine } from './cell.ts';
import { bookOf, type Part } from './xlsx-parts.ts';
import { readSheet } from './xlsx-sheet.ts';
import { checkDirectory, checkParts, partOf } from './zip.ts';

const PIECE = 256 * 1024;

/** Runs in a thread of its own: reading a workbook takes seconds in which nothing else would happen. */
async function tell(): Promise<void> {
  const file = Buffer.from(workerData as Uint8Array);
  const entries = checkDirectory(file);
  await checkParts(file, entries);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  function part(name: string): ReturnType<Part> {
    const entry = byName.get(name);
    return entry && textOf(partOf(file, entry));
  }
  const book = await bookOf(part);
  // The first sheet that holds anything is the table.
  for (const sheet of book.sheets) {
    const width = await widthOf(part(sheet));
    if (width > 0) return tellSheet(part(sheet)!, width);
  }

  async function widthOf(pieces: ReturnType<Part>): Promise<number> {
    let width = 0;
    if (pieces)
      await readSheet(pieces, book, (_, cells) => void (width = Math.max(width, cells.length)));
    return width;
  }

  /** Line by line, as many as a sheet has rows, so that a row bears its own number. */
  async function tellSheet(pieces: AsyncIterable<string>, width: number): Promise<void> {
    const empty = csvLine(Array.from({ length: width }, () => ''));
    let piece = '';
    let next = 0;
    await readSheet(pieces, book, async (index, cells) => {
      if (index < next) return;
      for (; next < index; next += 1) piece += next === 0 ? empty : '\n';
      piece += csvLine(Array.from({ length: width }, (_, column) => cells[column] ?? ''));
      next += 1;
      if (piece.length < PIECE) return;
      parentPort!.postMessage(piece);
      piece = '';
      // Until it is taken nothing more is read: a slow disk must not fill the memory.
      await once(parentPort!, 'message');
    });
    parentPort!.postMessage(piece);
  }
}

async function* textOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
}

await tell();
parentPort!.close();
