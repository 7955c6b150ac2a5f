import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import { sql } from 'kysely';
import { expect, inject } from 'vitest';
import { inWorkspace } from '#db/scope.ts';
import { createToken } from '#db/tokens.ts';
import { freePort } from '#local/process.ts';
import { test as base } from './db.ts';
import { caller, type Calling, cookieIn } from './serve.ts';

/** Stands between a program and a server, and can be a bad network. */
export interface Proxy {
  /** The server's address as it is behind the proxy. */
  url: string;
  /** From now on whatever is said is lost, in both directions or on its way back; new connections are taken and mute. */
  swallow(what?: 'everything' | 'answers'): void;
  /** How many connections have lost something so far. */
  lost(): number;
  /** Loses the server's first word that has this text in it, and all its words after. */
  swallowFrom(text: string): void;
  /** From now on whatever is said is kept back, as by a server that was stopped. */
  hold(): void;
  /** Ends the connections there are. */
  cut(): void;
  /** Ends the connection on which the server says its so-manieth word from now, when that word was passed on. */
  cutAfter(words: number): void;
  /** Everything gets through again, what was held first; a connection that lost something stays mute. */
  goOn(): void;
  stop(): Promise<void>;
}

type Weather = 'fine' | 'everything' | 'answers' | 'held';

interface Pair {
  program: Socket;
  server: Socket;
  lost: boolean;
}

export async function proxyTo(serverUrl: string): Promise<Proxy> {
  const behind = new URL(serverUrl);
  const pairs = new Set<Pair>();
  let weather: Weather = 'fine';
  let wordsLeft = Infinity;
  let lastText: string | undefined;
  let lost = 0;

  function join(program: Socket): void {
    const pair = { program, server: connect(Number(behind.port), behind.hostname), lost: false };
    pairs.add(pair);
    carry(pair, program, pair.server, () => weather === 'everything');
    carry(pair, pair.server, program, () => weather === 'everything' || weather === 'answers');
    if (weather === 'held') pause(pair);
  }

  function carry(pair: Pair, from: Socket, to: Socket, isLost: () => boolean): void {
    from.on('data', (bytes) => {
      if (lastText && from === pair.server && bytes.includes(lastText)) weather = 'answers';
      if (!pair.lost && isLost()) lost += 1;
      pair.lost ||= isLost();
      if (!pair.lost) to.write(bytes);
      else if (weather === 'answers' && to === pair.server) to.write(bytes);
      if (from !== pair.server || (wordsLeft -= 1) > 0) return;
      wordsLeft = Infinity;
      to.destroySoon();
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      pairs.delete(pair);
      to.destroySoon();
    });
  }

  const door = createServer(join).listen(0, '127.0.0.1');
  await once(door, 'listening');
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${(door.address() as AddressInfo).port}`;

  function cut(): void {
    for (const { program, server } of pairs) {
      program.destroy();
      server.destroy();
    }
  }

  return {
    url: url.href,
    swallow: (what = 'everything') => void (weather = what),
    lost: () => lost,
    swallowFrom: (text) => void (lastText = text),
    hold() {
      weather = 'held';
      pairs.forEach(pause);
    },
    cut,
    cutAfter: (words) => void (wordsLeft = words),
    goOn() {
      weather = 'fine';
      lastText = undefined;
      for (const { program, server } of pairs) {
        program.resume();
        server.resume();
      }
    },
    async stop() {
      const closed = once(door, 'close');
      door.close();
      cut();
      await closed;
    },
  };
}

function pause({ program, server }: Pair): void {
  program.pause();
  server.pause();
}

/** The API as a process of its own. */
export interface Started {
  child: ChildProcess;
  /** What it has said on its two outputs. */
  said: { text: string };
  gone: Promise<[number | null, NodeJS.Signals | null]>;
  ready(): Promise<void>;
}

/** `test` with an API that can be started, told to stop and killed, and with a network to its Postgres that can be bad. */
export const test = base
  .extend('port', () => freePort())
  .extend('proxy', async ({ db }, { onCleanup }): Promise<Proxy> => {
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db);
    const proxy = await proxyTo(inject('databaseUrl').replace(/postgres$/, rows[0]!.name));
    onCleanup(proxy.stop);
    return proxy;
  })
  .extend('start', async ({ proxy, port }, { onCleanup }) => {
    const folder = await mkdtemp(pathOf(tmpdir(), 'throughline-server-'));
    const children: ChildProcess[] = [];
    onCleanup(async () => {
      for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    });
    return function start(): Started {
      const env = {
        ...process.env,
        ...{ NODE_ENV: 'development', HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'info' },
        ...{ DATABASE_URL: proxy.url, TEMPORAL_ADDRESS: inject('temporalAddress') },
        ...{ PUBLIC_BASE_URL: `http://127.0.0.1:${port}`, DATA_DIR: folder },
        ...{ AUTH_SECRET: 's'.repeat(32), ENCRYPTION_KEY: 'ab'.repeat(32) },
      };
      const child = spawn(process.execPath, ['api/server.ts'], { env });
      children.push(child);
      const said = { text: '' };
      child.stdout.on('data', (bytes) => (said.text += String(bytes)));
      child.stderr.on('data', (bytes) => (said.text += String(bytes)));
      return {
        ...{ child, said, gone: once(child, 'exit') as Started['gone'] },
        ready: () => expect.poll(() => said.text, { timeout: 45_000 }).toContain('is ready.'),
      };
    };
  })
  /** Someone in a browser, who signs up at a started API and makes a workspace. */
  .extend('signUp', ({ port }) => {
    return async function signUp(): Promise<Calling & { cookie: string; workspaceId: string }> {
      const url = `http://127.0.0.1:${port}`;
      const given = {
        name: 'Ada',
        email: `${randomUUID()}@people.example`,
        password: randomUUID(),
      };
      const { headers } = await caller(url, { origin: url }).post('/api/auth/sign-up/email', given);
      const cookie = cookieIn(headers);
      const browser = caller(url, { origin: url, cookie });
      const workspace = { name: 'Northgate', timezone: 'UTC', currency: 'USD' };
      const { body } = await browser.post('/api/workspaces', workspace);
      return { ...browser, cookie, workspaceId: (body as { id: string }).id };
    };
  })
  /** Calls a started API as a system of this workspace. */
  .extend('system', async ({ db, who, port }) => {
    const scopes = ['leads:read', 'leads:write', 'workspace:read', 'enrolments:write'];
    const given = { name: 'Website', scopes: scopes as never, expiresAt: null };
    const { token } = await inWorkspace(db, who, (scope) => createToken(scope, given));
    const [url, headers] = [`http://127.0.0.1:${port}`, { authorization: `Bearer ${token}` }];
    /** An answer that goes on. */
    function open(path: string): Promise<Response> {
      return fetch(`${url}${path}`, { headers });
    }
    return { ...caller(url, headers), open };
  });
