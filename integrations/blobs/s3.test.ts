import { createHash, createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test as base } from 'vitest';
import { s3Blobs } from './s3.ts';

const keys = {
  accessKeyId: 'AKIATEST',
  secretAccessKey: 'a secret for tests',
  region: 'eu-west-1',
};
const PART = 1000;

/** A store that speaks enough S3, believes nobody whose signature is wrong, and can be told to fail. */
const test = base.extend('store', async ({}, { onCleanup }) => {
  const objects = new Map<string, Buffer>();
  const uploads = new Map<string, Buffer[]>();
  const failures: number[] = [];
  const calls: string[] = [];
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body = '', headers = {} }) => {
      response.writeHead(status, headers).end(body);
    });
  });

  async function answer(request: IncomingMessage): Promise<{
    status: number;
    body?: Buffer | string;
    headers?: Record<string, string>;
  }> {
    const body = await buffer(request);
    const { method = '', url = '' } = request;
    const { pathname, searchParams } = new URL(url, 'http://store');
    calls.push(`${method} ${[...searchParams.keys()].join(' ')}`.trim());
    if (!isSigned(request, body)) return { status: 403 };
    const failure = failures.shift();
    if (failure) return { status: failure };
    const upload = searchParams.get('uploadId') ?? '';
    if (method === 'POST' && searchParams.has('uploads')) {
      uploads.set('u1', []);
      return { status: 200, body: '<Result><UploadId>u1</UploadId></Result>' };
    }
    if (method === 'PUT' && upload) {
      uploads.get(upload)![Number(searchParams.get('partNumber')) - 1] = body;
      return { status: 200, headers: { etag: `"${body.length}"` } };
    }
    if (method === 'POST') {
      objects.set(pathname, Buffer.concat(uploads.get(upload)!));
      uploads.delete(upload);
      return { status: 200, body: '<CompleteMultipartUploadResult/>' };
    }
    if (method === 'DELETE' && upload) uploads.delete(upload);
    else if (method === 'DELETE') return { status: objects.delete(pathname) ? 204 : 404 };
    else if (method === 'PUT') objects.set(pathname, body);
    else return found(objects.get(pathname), request.headers.range);
    return { status: 200 };
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onCleanup(() => void server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { endpoint, objects, uploads, failures, calls };
});

function found(object: Buffer | undefined, range?: string) {
  if (!object) return { status: 404 };
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  if (from >= object.length && range) return { status: 416 };
  return { status: range ? 206 : 200, body: object.subarray(from) };
}

/** As Amazon describes signature version 4, worked out here from nothing but the request. */
function isSigned({ method, url = '', headers }: IncomingMessage, body: Buffer): boolean {
  const { authorization = '' } = headers;
  const [, scope, names, signature] =
    /^AWS4-HMAC-SHA256 Credential=AKIATEST\/(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(
      authorization,
    ) ?? [];
  if (!scope || !names) return false;
  const given = String(headers['x-amz-content-sha256']);
  const sum = createHash('sha256').update(body).digest('hex');
  if (given !== 'UNSIGNED-PAYLOAD' && given !== sum) return false;
  const { pathname, searchParams } = new URL(url, 'http://store');
  searchParams.sort();
  const lines = names.split(';').map((name) => `${name}:${String(headers[name])}\n`);
  const canonical = [method, pathname, searchParams.toString(), lines.join(''), names, given];
  const hash = createHash('sha256').update(canonical.join('\n')).digest('hex');
  const stamp = String(headers['x-amz-date']);
  const text = ['AWS4-HMAC-SHA256', stamp, scope, hash].join('\n');
  const key = scope
    .split('/')
    .reduce<Buffer | string>(
      (key, word) => createHmac('sha256', key).update(word).digest(),
      `AWS4${keys.secretAccessKey}`,
    );
  return createHmac('sha256', key).update(text).digest('hex') === signature;
}

function blobsAt(endpoint: string, changed: Partial<typeof keys> = {}) {
  return s3Blobs({ endpoint, bucket: 'files', ...keys, ...changed }, PART);
}

test('a small file is one signed call, and is read whole, from a place, and past its end', async ({
  store,
}) => {
  const blobs = blobsAt(store.endpoint);
  const { key, bytes } = await blobs.put(
    Readable.from([Buffer.from('hello '), Buffer.from('you')]),
  );
  expect(bytes).toBe(9);
  expect(store.calls).toEqual(['PUT']);
  expect([...store.objects.keys()]).toEqual([`/files/${key}`]);
  expect((await buffer(await blobs.read(key))).toString()).toBe('hello you');
  expect((await buffer(await blobs.read(key, 6))).toString()).toBe('you');
  expect((await buffer(await blobs.read(key, 9))).toString()).toBe('');
});

test('a large file goes up in parts of one size and comes back the same', async ({ store }) => {
  const blobs = blobsAt(store.endpoint);
  for (const size of [PART, PART + 1, 3 * PART, 3 * PART + 500]) {
    const bytes = randomBytes(size);
    // Pieces that fit no part.
    const pieces = Array.from({ length: Math.ceil(size / 333) }, (_, n) =>
      bytes.subarray(n * 333, (n + 1) * 333),
    );
    const put = await blobs.put(Readable.from(pieces));
    expect(put.bytes).toBe(size);
    expect((await buffer(await blobs.read(put.key))).equals(bytes)).toBe(true);
  }
  expect(store.uploads.size).toBe(0);
});

test('an empty file is a file', async ({ store }) => {
  const blobs = blobsAt(store.endpoint);
  const { key, bytes } = await blobs.put(Readable.from([]));
  expect(bytes).toBe(0);
  expect((await buffer(await blobs.read(key))).length).toBe(0);
});

test('an upload that breaks off leaves nothing behind', async ({ store }) => {
  const blobs = blobsAt(store.endpoint);
  async function* broken(): AsyncGenerator<Buffer> {
    yield randomBytes(2 * PART);
    await Promise.resolve();
    throw new Error('the line broke');
  }
  await expect(blobs.put(Readable.from(broken()))).rejects.toThrow('the line broke');
  expect([store.objects.size, store.uploads.size]).toEqual([0, 0]);
  expect(store.calls.at(-1)).toBe('DELETE uploadId');
});

test('a store that stumbles is asked again, and one that refuses is believed', async ({
  store,
}) => {
  const blobs = blobsAt(store.endpoint);
  store.failures.push(503, 500);
  const { key } = await blobs.put(Readable.from([Buffer.from('kept')]));
  expect((await buffer(await blobs.read(key))).toString()).toBe('kept');
  const stranger = blobsAt(store.endpoint, { secretAccessKey: 'another' });
  await expect(stranger.read(key)).rejects.toThrow('The blob store answered 403 to GET.');
  await expect(blobs.read(crypto.randomUUID())).rejects.toThrow('answered 404');
  await expect(blobs.read('../secrets')).rejects.toThrow('no key');
});

test('what is removed is gone, and what is gone already is no mistake', async ({ store }) => {
  const blobs = blobsAt(store.endpoint);
  const { key } = await blobs.put(Readable.from([Buffer.from('x')]));
  await blobs.remove(key);
  await blobs.remove(key);
  expect(store.objects.size).toBe(0);
});
