import { once } from 'node:events';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findRunning } from './find.ts';
import { heap } from './heap.ts';
import type { Part } from './keep-up.ts';
import { connectable, end, isAlive, lastWords, launch, type Running } from './process.ts';
import type { ChildSettings, LocalEnv } from './supervise.ts';

/** How long a program takes to load, in milliseconds. */
const birth = 1500;

const checkout = fileURLToPath(new URL('../', import.meta.url));

/** A program of ours that runs on the servers. */
export interface Program {
  name: string;
  file: string;
  /** Whether it is up only when it listens on PORT. */
  listens: boolean;
  /** Its whole environment, given what it must be told. */
  environment(settings: ChildSettings): NodeJS.ProcessEnv;
}

export function programPart(program: Program, env: LocalEnv, settings: ChildSettings): Part {
  const { name, file, listens } = program;
  const log = resolve(env.dataDir, 'logs', `${name.toLowerCase()}.log`);
  const childEnv = program.environment({ ...settings, DATA_DIR: resolve(env.dataDir) });
  return {
    name,
    log,
    async start() {
      const how = [...heap, file, markOf(env.dataDir)];
      const running = await launch(process.execPath, how, { log, cwd: checkout, env: childEnv });
      const up = listens
        ? connectable(env.port, running, reachable(env.host))
        : outlives(running, birth);
      await up.catch(async () => {
        await end(running, 'SIGTERM', 5);
        throw new Error(
          `${name} did not come up. Its last words, from ${log}:\n${await lastWords(log)}`,
        );
      });
      // Longer than any request or activity that it lets finish.
      return { ...running, stop: () => end(running, 'SIGTERM', 40) };
    },
  };
}

/** What listens to nobody is up when it did not fall over its own imports. */
async function outlives(running: Running, time: number): Promise<void> {
  for (const late = Date.now() + time; Date.now() < late; await pause(50))
    if (!isAlive(running)) throw new Error('It fell at once.');
}

/** Ends what a killed supervisor left running: programs whose settings may have changed since. */
export async function endOldPrograms(dataDir: string): Promise<void> {
  const old = findRunning(markOf(dataDir));
  await Promise.all(old.map((running) => end(running, 'SIGTERM', 20)));
}

/** Says so before anything is started, rather than after. */
export async function refuseTakenPort({ host, port }: LocalEnv): Promise<void> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new Error(
        `Port ${port} is taken by another program. Stop that one, or choose another port: PORT=${port + 1} npm start`,
        { cause: error },
      );
    throw new Error(
      `Nothing can listen on ${host}:${port} (${code}). Choose another HOST or PORT.`,
      { cause: error },
    );
  }
  server.close();
  await once(server, 'close');
}

/** A word on the command line that says whose a program is. */
function markOf(dataDir: string): string {
  return `--data=${join(resolve(dataDir), '/')}`;
}

function reachable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? 'localhost' : host;
}
