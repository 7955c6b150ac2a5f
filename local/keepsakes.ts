import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { npmAbove } from './find.ts';
import { bornAt, end, isAlive } from './process.ts';

const Secrets = z.object({
  postgresPassword: z.string().min(1),
  authSecret: z.string().min(32),
  encryptionKey: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Secrets = z.infer<typeof Secrets>;

const Ports = z.object({ postgres: z.int().optional(), temporal: z.int().optional() });
export type Ports = z.infer<typeof Ports>;

const Living = z.object({ pid: z.int(), born: z.string() });
const Lock = Living.extend({ url: z.string(), under: Living.optional() });

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
export async function holdAlone(folder: string, url: string): Promise<() => void> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'supervisor.json');
  const under = npmAbove();
  const mine = { pid: process.pid, born: bornAt(process.pid)!, url, ...(under && { under }) };
  while (!created(file, mine)) {
    const other = holder(file);
    // Whoever killed its npm meant to kill it too.
    if (isAlive(other) && other.under && !isAlive(other.under)) await end(other, 'SIGKILL');
    if (isAlive(other))
      throw new Error(
        `Throughline already runs from ${folder}, at ${other.url} (process ${other.pid}). Stop that one first, or set another DATA_DIR and PORT.`,
      );
    rmSync(file, { force: true });
  }
  return () => rmSync(file, { force: true });
}

function created(file: string, content: z.infer<typeof Lock>): boolean {
  try {
    writeFileSync(file, JSON.stringify(content), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function holder(file: string): z.infer<typeof Lock> | undefined {
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
