import { PassThrough, type Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { Refusal } from '#domain/refusal.ts';
import { checkDirectory } from './zip.ts';

const MEMORY_MB = 256;

/**
 * A workbook's first filled sheet as CSV, row by row. A bomb is refused before anything is inflated;
 * what breaks while it is read ends the stream with a Refusal.
 */
export function xlsxAsCsv(file: Buffer): Readable {
  checkDirectory(file);
  const csv = new PassThrough();
  const thread = new Worker(new URL('./xlsx-thread.ts', import.meta.url), {
    workerData: file,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, maxYoungGenerationSizeMb: 8 },
  });
  thread.on('message', (piece: string) => {
    if (csv.write(piece)) thread.postMessage('more');
    else csv.once('drain', () => thread.postMessage('more'));
  });
  thread.on('error', (error) => csv.destroy(refusalOf(error)));
  thread.on('exit', () => csv.end());
  csv.on('close', () => void thread.terminate());
  return csv;
}

/** A refusal loses its class on the way between threads, and keeps its words. */
function refusalOf(error: unknown): Refusal {
  const { name, reason, message } = error as Partial<Refusal>;
  if (name === 'Refusal' && reason && message) return new Refusal(reason, message);
  return new Refusal('invalid', 'The workbook cannot be read: save it again, or save it as CSV.');
}
