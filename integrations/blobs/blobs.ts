import type { Readable } from 'node:stream';

/** Where uploads lie. API and worker may be separate machines: both reach it under the same keys. */
export interface Blobs {
  /** Keeps all of a stream or nothing of it. */
  put(stream: Readable): Promise<{ key: string; bytes: number }>;
  read(key: string, from?: number): Promise<Readable>;
  /** One that is gone already is no mistake. */
  remove(key: string): Promise<void>;
}
