import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy, { type FileInfo } from 'busboy';
import { Refusal } from '#domain/refusal.ts';
import type { Blobs } from '#integrations/blobs/blobs.ts';
import { cleaningUp } from './clean-up.ts';

/** The one file of a form, kept as it streamed in, and what the form said beside it. */
export interface Received {
  fileName: string;
  mediaType: string;
  upload: { key: string; bytes: number };
  said: Record<string, string>;
}

/** Takes the field called `file` of a form into the blobs; what is larger than `most` bytes is refused and not kept. */
export async function receiveFile(
  request: IncomingMessage,
  blobs: Blobs,
  { most, inWords }: { most: number; inWords: string },
): Promise<Received> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) {
    throw new Refusal('malformed', 'Send the file as multipart/form-data, in a field called file.');
  }
  const said: Record<string, string> = {};
  let info: FileInfo | undefined;
  let kept: Promise<{ key: string; bytes: number }> | undefined;
  let tooLarge = false;

  const limits = { files: 1, fileSize: most, fields: 20, fieldSize: 1024 * 1024 };
  const form = busboyFor(request, limits);
  form.on('field', (name, value) => void (said[name] = value));
  form.on('file', (name: string, file: Readable, about: FileInfo) => {
    if (name !== 'file' || kept) return void file.resume();
    info = about;
    file.on('limit', () => {
      tooLarge = true;
      file.destroy(new Error('too large'));
    });
    kept = blobs.put(file);
    // What breaks is heard when it is awaited.
    kept.catch(() => form.destroy());
  });
  const read = await pipeline(request, cleaningUp(), form).then(
    () => undefined,
    (error: Error) => error,
  );
  const upload = await kept?.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOSPC') return undefined;
    throw new Refusal('unavailable', 'There is no room for the file at the moment.');
  });
  if (tooLarge) throw new Refusal('too-large', `A file may have ${inWords}.`);
  if (read && upload) await blobs.remove(upload.key);
  if (read) throw new Refusal('malformed', 'The upload broke off, or is not a form.');
  if (!upload || !info)
    throw new Refusal('invalid', 'Choose a file.', [
      { field: 'file', message: 'There is no file.' },
    ]);
  const { filename, mimeType: mediaType } = info;
  return { fileName: filename?.slice(-255) || '', mediaType, upload, said };
}

function busboyFor(request: IncomingMessage, limits: busboy.Limits): busboy.Busboy {
  try {
    return busboy({ headers: request.headers, limits, defParamCharset: 'utf8' });
  } catch {
    throw new Refusal('malformed', 'The form cannot be read.');
  }
}
