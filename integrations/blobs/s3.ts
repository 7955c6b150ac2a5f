import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { AwsClient } from 'aws4fetch';
import type { Blobs } from './blobs.ts';

export interface S3Settings {
  /** Of the service, without the bucket: https://s3.example.com */
  endpoint: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
}

/** Above the least that a part may have, and all that one upload holds in memory, in bytes. */
const PART = 8 * 1024 * 1024;
/** One call, in milliseconds: a part over a slow line. */
const PATIENCE = 120_000;

/**
 * Blobs as objects of a bucket, at anything that speaks S3: calls are signed (version 4) and addressed by path. What
 * is larger than a part goes up in parts, so memory stays flat; an upload that fails leaves nothing behind.
 */
export function s3Blobs({ endpoint, bucket, ...keys }: S3Settings, part = PART): Blobs {
  const client = new AwsClient({ ...keys, service: 's3', retries: 4, initRetryMs: 100 });
  const base = `${endpoint.replace(/\/+$/, '')}/${encodeURIComponent(bucket)}`;

  function urlOf(key: string): string {
    if (!/^[0-9a-f-]{36}$/.test(key)) throw new Error('This is no key of a blob.');
    return `${base}/${key}`;
  }

  async function call(url: string, init: RequestInit, fine: number[] = []): Promise<Response> {
    const response = await client.fetch(url, init);
    if (response.ok || fine.includes(response.status)) return response;
    await response.body?.cancel();
    throw new Error(`The blob store answered ${response.status} to ${init.method ?? 'GET'}.`);
  }

  function send(url: string, method: string, body?: Uint8Array | string): Promise<Response> {
    return call(url, {
      method,
      body: (body ?? null) as RequestInit['body'],
      signal: AbortSignal.timeout(PATIENCE),
    });
  }

  async function putParts(
    url: string,
    first: Buffer,
    rest: AsyncIterator<Buffer>,
  ): Promise<number> {
    const begun = await (await send(`${url}?uploads=`, 'POST')).text();
    const uploadId = inTag(begun, 'UploadId');
    const upload = `${url}?uploadId=${encodeURIComponent(uploadId)}`;
    try {
      const tags: string[] = [];
      let bytes = 0;
      for (let chunk: Buffer | undefined = first; chunk; chunk = await nextOf(rest)) {
        const number = tags.length + 1;
        const sent = await send(`${upload}&partNumber=${number}`, 'PUT', chunk);
        await sent.body?.cancel();
        tags.push(sent.headers.get('etag') ?? '');
        bytes += chunk.length;
      }
      const done = await (await send(upload, 'POST', listOf(tags))).text();
      // It may fail after it has answered 200.
      if (done.includes('<Error>')) throw new Error('The blob store could not join the parts.');
      return bytes;
    } catch (error) {
      await send(upload, 'DELETE').catch(() => undefined);
      throw error;
    }
  }

  return {
    async put(stream) {
      const key = randomUUID();
      const chunks = chunksOf(stream, part);
      const first = (await nextOf(chunks)) ?? Buffer.alloc(0);
      if (first.length === part) return { key, bytes: await putParts(urlOf(key), first, chunks) };
      const sent = await send(urlOf(key), 'PUT', first);
      await sent.body?.cancel();
      return { key, bytes: first.length };
    },
    async read(key, from = 0) {
      const headers = from > 0 ? { range: `bytes=${from}-` } : undefined;
      const response = await call(urlOf(key), { ...(headers && { headers }) }, [416]);
      if (response.status !== 416 && response.body) return Readable.fromWeb(response.body as never);
      await response.body?.cancel();
      return Readable.from([]);
    },
    async remove(key) {
      const url = urlOf(key);
      const gone = await call(
        url,
        { method: 'DELETE', signal: AbortSignal.timeout(PATIENCE) },
        [404],
      );
      await gone.body?.cancel();
    },
  };
}

/** Pieces of exactly this size, but for the last. */
async function* chunksOf(stream: Readable, size: number): AsyncGenerator<Buffer, undefined> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const piece of stream) {
    held.push(Buffer.from(piece as Uint8Array));
    length += held.at(-1)!.length;
    while (length >= size) {
      const all = Buffer.concat(held);
      yield all.subarray(0, size);
      held = [all.subarray(size)];
      length -= size;
    }
  }
  if (length > 0) yield Buffer.concat(held);
  return undefined;
}

async function nextOf(chunks: AsyncIterator<Buffer>): Promise<Buffer | undefined> {
  const { value, done } = await chunks.next();
  return done ? undefined : (value as Buffer);
}

function listOf(tags: string[]): string {
  const parts = tags.map(
    (tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${tag}</ETag></Part>`,
  );
  return `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
}

function inTag(xml: string, tag: string): string {
  const [, text] = new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(xml) ?? [];
  if (!text) throw new Error('The blob store answered in another language than S3.');
  return text;
}
