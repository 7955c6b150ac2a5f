import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findRunning, type Found } from './find.ts';
import { end, freePort, isAlive } from './process.ts';

const supervisor = new URL('./supervise.ts', import.meta.url).href;
let folder: string;
let port: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-local-'));
  // As root, PostgreSQL runs as someone who passes through here.
  await chmod(folder, 0o711);
  port = await freePort();
  await writeFile(join(folder, 'api.mjs'), api);
  await writeFile(join(folder, 'worker.mjs'), 'setInterval(() => {}, 1000);');
  await writeFile(join(folder, 'start.mjs'), start);
});

afterEach(async () => {
  for (const mark of [join(folder, 'start.mjs'), `--data=${folder}/data/`])
    for (const one of findRunning(mark)) await end(one, 'SIGKILL');
  for (const one of [...postgres(), ...temporal()]) await end(one, 'SIGINT', 10);
  await rm(folder, { recursive: true, force: true });
});

test('everything comes up, the API is told where things are, and Ctrl-C leaves nothing running', async () => {
  const { lines, process } = await started();
  expect(lines.join('\n')).toMatch(/PostgreSQL is up[^]*API is up/);
  const told = (await (await fetch(`http://127.0.0.1:${port}`)).json()) as Record<string, string>;
  expect(told['DATABASE_URL']).toContain(`:${portOf(postgres())}/`);
  expect(told['TZ']).toBe('UTC');
  process.kill('SIGINT');
  expect(await once(process, 'exit')).toEqual([0, null]);
  expect(parts()).toEqual([]);
}, 60_000);

test('after a kill -9 of the supervisor the next start adopts PostgreSQL and Temporal and starts API and worker anew', async () => {
  const first = await started();
  const before = { postgres: postgres(), temporal: temporal(), programs: programs() };
  expect([before.postgres.length, before.temporal.length]).toEqual([1, 1]);
  first.process.kill('SIGKILL');
  await once(first.process, 'exit');
  expect(before.programs).toHaveLength(2);
  expect(before.programs.every(isAlive)).toBe(true);

  const second = await started();
  expect(postgres()).toEqual(before.postgres);
  expect(temporal()).toEqual(before.temporal);
  expect(second.lines.join('\n')).toMatch(/still ran on port \d+ and is adopted/);
  expect(before.programs.some(isAlive)).toBe(false);
  expect(programs()).toHaveLength(2);
}, 60_000);

test('what is killed is started again, PostgreSQL and Temporal on the same ports', async () => {
  const { until } = await started();
  const [[database], [engine]] = [postgres(), temporal()];
  const api = programs().find(({ words }) => words.some((word) => word.endsWith('api.mjs')))!;
  for (const one of [api, database, engine]) process.kill(one!.pid, 'SIGKILL');
  await Promise.all(['API', 'Temporal', 'PostgreSQL'].map((name) => until(`${name} is back`)));
  expect(postgres()[0]!.pid).not.toBe(database!.pid);
  expect(postgres()[0]!.words).toEqual(database!.words);
  expect(temporal()[0]!.words).toEqual(engine!.words);
  expect((await fetch(`http://127.0.0.1:${port}`)).status).toBe(200);
}, 60_000);

test('a second start while one runs says so and touches nothing', async () => {
  await started();
  const before = parts();
  const { lines, code } = await failed();
  expect(lines).toEqual([expect.stringMatching(/already runs from .* at http/)]);
  expect(code).toBe(1);
  expect(parts()).toEqual(before);
  expect(before).toHaveLength(4);
}, 60_000);

test('after a kill -9 of npm the next start takes over from the supervisor below it', async () => {
  const manifest = JSON.stringify({ scripts: { start: startCommand().join(' ') } });
  await writeFile(join(folder, 'package.json'), manifest);
  const npm = runs('npm', ['start', '--silent']);
  await npm.until('all is up');
  const before = { postgres: postgres(), programs: programs() };
  npm.process.kill('SIGKILL');
  await started();
  expect(postgres()).toEqual(before.postgres);
  expect(before.programs.some(isAlive)).toBe(false);
}, 60_000);

test('a taken port is named, with a command that takes another', async () => {
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  const { lines } = await failed();
  expect(lines).toEqual([
    `Port ${port} is taken by another program. Stop that one, or choose another port: PORT=${port + 1} npm start`,
  ]);
  other.close();
});

test('the database is prepared before any program runs on it', async () => {
  await writeFile(join(folder, 'api.mjs'), `await import('./data/prepared.mjs');${api}`);
  await started();
  expect(programs()).toHaveLength(2);
}, 60_000);

test('secrets and ports are made once, and nobody else may read the secrets', async () => {
  const first = await started();
  const kept = await Promise.all(['secrets.json', 'ports.json'].map(contentOf));
  first.process.kill('SIGTERM');
  await once(first.process, 'exit');
  await started();
  expect(await Promise.all(['secrets.json', 'ports.json'].map(contentOf))).toEqual(kept);
  expect((await stat(join(folder, 'data/secrets.json'))).mode & 0o777).toBe(0o600);
}, 60_000);

test.each(['API', 'Worker'])(
  'a program that falls at once fails the start with its last words: %s',
  async (name) => {
    await writeFile(join(folder, `${name.toLowerCase()}.mjs`), 'throw new Error("no such luck")');
    const { lines } = await failed();
    expect(lines.join('\n')).toMatch(new RegExp(`${name} did not come up[^]*no such luck`));
    expect(parts()).toEqual([]);
  },
  60_000,
);

async function started() {
  const run = runs();
  await run.until('all is up');
  return run;
}

async function failed() {
  const { process, lines } = runs();
  const [code] = (await once(process, 'close')) as [number];
  return { lines, code };
}

function startCommand(): string[] {
  const how = [join(folder, 'start.mjs'), supervisor, join(folder, 'data'), String(port)];
  return ['exec', process.execPath, ...how];
}

function runs(program = process.execPath, how = startCommand().slice(2)) {
  const child: ChildProcess = spawn(program, how, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  createInterface(child.stdout!).on('line', (line) => lines.push(line));
  return {
    process: child,
    lines,
    until: (words: string) =>
      expect.poll(() => lines.join('\n'), { timeout: 40_000 }).toContain(words),
  };
}

function postgres(): Found[] {
  return findRunning('-D', join(folder, 'data/postgres'));
}

function temporal(): Found[] {
  return findRunning('start-dev').filter(({ words }) =>
    words.some((word) => word.startsWith(join(folder, 'data/temporal-'))),
  );
}

function programs(): Found[] {
  return findRunning(`--data=${folder}/data/`);
}

function parts(): Found[] {
  return [...postgres(), ...temporal(), ...programs()];
}

function portOf([found]: Found[]): string | undefined {
  return found?.words.find((word) => word.startsWith('port='))?.slice(5);
}

function contentOf(name: string): Promise<string> {
  return readFile(join(folder, 'data', name), 'utf8');
}

const api = `
import { createServer } from 'node:http';
createServer((_, response) => response.end(JSON.stringify(process.env))).listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
`;

const start = `
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
const [, here, supervisor, dataDir, port] = process.argv;
const { supervise } = await import(supervisor);
const over = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => over.abort());
const environment = (settings) => ({ ...process.env, ...settings });
const program = (name, file, listens) => ({ name, file: join(here, '..', file), listens, environment });
try {
  const stop = await supervise({
    env: { dataDir, host: '127.0.0.1', port: Number(port), publicBaseUrl: 'http://127.0.0.1:' + port },
    programs: [program('API', 'api.mjs', true), program('Worker', 'worker.mjs', false)],
    build: async () => {},
    prepare: async ({ DATABASE_URL }) => {
      if (DATABASE_URL.includes('@127.0.0.1:')) writeFileSync(join(dataDir, 'prepared.mjs'), '');
    },
    say: console.log,
  }, over.signal);
  console.log('all is up');
  await new Promise((done) => over.signal.addEventListener('abort', done));
  await stop();
} catch (error) {
  console.log(error.message);
  process.exitCode = 1;
}
`;
