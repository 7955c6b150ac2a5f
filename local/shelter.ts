import { createHash, randomUUID } from 'node:crypto';
import {
  access,
  chmod,
  constants,
  cp,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../', import.meta.url));

/** PostgreSQL refuses to run as root, so root lends it the hands of nobody. */
export const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;

/** Where nobody can keep `data`: there, or, below a folder that only root may enter, in a place that all may, named in a file. */
export async function dataWithin(data: string): Promise<string> {
  const wanted = resolve(data);
  await mkdir(dirname(wanted), { recursive: true });
  if (!nobody || (await isOpen(dirname(wanted)))) return wanted;
  const note = `${wanted}.moved-to`;
  if (!(await exists(note)))
    await writeFile(note, join(await shelter(), `${basename(wanted)}-${randomUUID().slice(0, 8)}`));
  return readFile(note, 'utf8');
}

/** Where nobody can run the programs in `folder`: there, or in a copy of them. */
export async function programsWithin(folder: string, name: string): Promise<string> {
  if (!nobody || (await isOpen(folder))) return folder;
  const copy = join(await shelter(), name);
  if (await exists(copy)) return copy;
  const draft = `${copy}.${randomUUID()}`;
  await cp(folder, draft, { recursive: true, verbatimSymlinks: true });
  await chmod(draft, 0o755);
  // Whoever else copied it in the meantime made the same.
  await rename(draft, copy).catch(() => rm(draft, { recursive: true }));
  return copy;
}

async function shelter(): Promise<string> {
  const name = `throughline-${shortHash(checkout)}`;
  for (const parent of ['/var/lib', tmpdir(), '/tmp']) {
    if (!(await isOpen(parent)) || !(await isWritable(parent))) continue;
    const place = join(parent, name);
    await mkdir(place, { recursive: true, mode: 0o755 });
    return place;
  }
  throw new Error(
    `PostgreSQL cannot run as root, and the user nobody cannot enter ${checkout}. Move the checkout to a folder that every user can enter, or set DATABASE_URL.`,
  );
}

async function isOpen(folder: string): Promise<boolean> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
}

export function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
