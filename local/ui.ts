import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const checkout = fileURLToPath(new URL('../', import.meta.url));
const ui = join(checkout, 'ui');
const stamp = join(ui, 'build', '.sources');
const made = /^(build|\.svelte-kit|node_modules)$/;

/** Builds the pages unless they were built from what lies there now; answers whether it did. */
export async function buildUi(): Promise<boolean> {
  const sources = await hashOf(['ui', 'domain', 'package-lock.json'], createHash('sha256'));
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === sources) return false;
  const vite = join(checkout, 'node_modules/vite/bin/vite.js');
  await promisify(execFile)(process.execPath, [vite, 'build'], { cwd: ui }).catch(
    (error: Error & { stdout?: string; stderr?: string }) => {
      const words = `${error.stdout ?? ''}\n${error.stderr ?? ''}`.trim().split('\n').slice(-12);
      throw new Error(
        `The pages could not be built (cd ui && npx vite build):\n${words.join('\n')}`,
      );
    },
  );
  await writeFile(stamp, sources);
  return true;
}

async function hashOf(paths: string[], hash: ReturnType<typeof createHash>): Promise<string> {
  for (const path of paths)
    for (const file of await filesBelow(path)) {
      hash.update(`${file}\0`).update(await readFile(join(checkout, file)));
    }
  return hash.digest('hex');
}

async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(join(checkout, path), { withFileTypes: true }).catch(
    () => undefined,
  );
  if (!entries) return [path];
  const kept = entries.filter(({ name }) => !made.test(name) && !/\.test\.ts$/.test(name));
  const names = kept.map(({ name }) => name).sort();
  return (await Promise.all(names.map((name) => filesBelow(`${path}/${name}`)))).flat();
}
