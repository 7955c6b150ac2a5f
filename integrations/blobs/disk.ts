import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Blobs } from './blobs.ts';

/** Blobs as files below a folder; a file bears its name only when it is whole and on the disk. */
export function diskBlobs(folder: string): Blobs {
  function pathOf(key: string): string {
    if (!/^[0-9a-f-]{36}$/.test(key)) throw new Error('This is no key of a blob.');
    return join(folder, key.slice(0, 2), key);
  }

  return {
    async put(stream) {
      const key = randomUUID();
      const path = pathOf(key);
      await mkdir(join(folder, key.slice(0, 2)), { recursive: true });
      const file = createWriteStream(`${path}.part`, { flush: true, mode: 0o600 });
      try {
        await pipeline(stream, file);
      } catch (error) {
        await rm(`${path}.part`, { force: true });
        throw error;
      }
      await rename(`${path}.part`, path);
      return { key, bytes: file.bytesWritten };
    },
    async read(key, from = 0) {
      // Opened here, so that a file that is not there is told by us and not by the stream.
      const file = await open(pathOf(key));
      const { size } = await file.stat();
      if (from < size)
        return createReadStream('', { fd: file, start: from, highWaterMark: 256 * 1024 });
      await file.close();
      return Readable.from([]);
    },
    async remove(key) {
      await rm(pathOf(key), { force: true });
    },
  };
}
