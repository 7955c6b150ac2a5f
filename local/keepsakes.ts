import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bornAt, isAlive, type Running } from './process.ts';

const Secrets = z.object({
  postgresPassword: z.string().min(1),
  authSecret: z.string().min(32),
  encryptionKey: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Secrets = z.infer<typeof Secrets>;

const Ports = z.object({ postgres: z.int().optional(), temporal: z.int().optional() });
export type Ports = z.infer<typeof Ports>;

const Lock = z.object({ pid: z.int(), born: z.string(), url: z.string() });

/** What development needs and nobody should have to think of: made once, kept, for its owner's eyes only. */
export function keptSecrets(folder: string): Secrets {
  const file = join(folder, 'secrets.json');
  if (!existsSync(file))
    write(file, {
      postgresPassword: randomBytes(24).toString('base64url'),
      authSecret: randomBytes(32).toString('base64url'),
      encryptionKey: randomBytes(32).toString('hex'),
    });
  return read(
    file,
    Secrets,
    'Put back a copy of it: what is encrypted in the database cannot be read without it.',
  );
}

export function keptPorts(folder: string): Ports {
  const file = join(folder, 'ports.json');
  return existsSync(file) ? read(file, Ports, 'Remove it, and free ports are chosen again.') : {};
}

export function keepPorts(folder: string, ports: Ports): void {
  write(join(folder, 'ports.json'), ports);
}

/** Makes this process the only one that looks after a folder; answers how to give that up. */
export function holdAlone(folder: string, url: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'supervisor.json');
  const mine = { pid: process.pid, born: bornAt(process.pid)!, url };
  for (;;) {
    try {
      writeFileSync(file, JSON.stringify(mine), { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const other = holder(file);
      if (isAlive(other))
        throw new Error(
          `Throughline already runs from ${folder}, at ${other.url} (process ${other.pid}). Stop that one first, or set another DATA_DIR and PORT.`,
          { cause: error },
        );
      rmSync(file, { force: true });
    }
  }
}

function holder(file: string): (Running & { url: string }) | undefined {
  try {
    return Lock.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function read<T>(file: string, shape: z.ZodType<T>, advice: string): T {
  try {
    return shape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new Error(`${file} cannot be read as what it was written as. ${advice}`);
  }
}

/** Whole or not at all, whatever happens meanwhile. */
function write(file: string, content: object): void {
  writeFileSync(`${file}.new`, JSON.stringify(content, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
