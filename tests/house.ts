import { once } from 'node:events';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { connect } from '#db/client.ts';
import { migrateAuth } from '#db/auth.ts';
import { migrate } from '#db/migrate.ts';
import type { DB } from '#db/schema.ts';
import { heap } from '#local/heap.ts';
import { type Postgres, startPostgres } from '#local/postgres.ts';
import { bornAt, freePort } from '#local/process.ts';
import { startTemporal, type Temporal } from '#local/temporal.ts';
import { temporalProgram } from '#local/temporal-program.ts';

export type Part = 'api' | 'worker' | 'temporal' | 'postgres';

/** The whole product as its own processes, any of which can be killed and started again. */
export interface House {
  url: string;
  databaseUrl: string;
  temporalAddress: string;
  db: Kysely<DB>;
  pidOf(part: Part): number | undefined;
  kill(part: Part): Promise<void>;
  start(part: Part): Promise<void>;
  /** Waits until the API answers that it is ready. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

/** Fills the migrated database before anybody can see it. */
export type Prepare = (settings: Record<string, string>) => Promise<unknown>;

const password = 'test';
/** Those that were ended on purpose. */
const meant = new WeakSet<ChildProcess>();

export async function raiseHouse(
  folder: string,
  extra: Record<string, string> = {},
  prepare?: Prepare,
): Promise<House> {
  await mkdir(folder, { recursive: true, mode: 0o711 });
  const ports = { api: await freePort(), postgres: await freePort(), temporal: await freePort() };
  const url = `http://127.0.0.1:${ports.api}`;
  const program = await temporalProgram('.data/bin');
  const servers: { postgres?: Postgres; temporal?: Temporal } = {};
  const services: { api?: ChildProcess; worker?: ChildProcess } = {};
  let environment: Record<string, string> = {};

  function run(name: 'api' | 'worker', file: string): void {
    const child = spawn(process.execPath, [...heap, file], { env: environment });
    const log = createWriteStream(join(folder, `${name}.log`), { flags: 'a' });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    services[name] = child;
    // As under the supervisor: what ends by itself, because a server it needs was away, is started again.
    child.once('exit', () => setTimeout(again, 500));

    function again(): void {
      if (!meant.has(child)) run(name, file);
    }
  }

  async function start(part: Part): Promise<void> {
    if (part === 'api') run('api', 'api/server.ts');
    if (part === 'worker') run('worker', 'worker/main.ts');
    if (part === 'postgres')
      servers.postgres = await startPostgres(join(folder, 'postgres'), {
        password,
        port: ports.postgres,
        options: { max_connections: 200 },
      });
    if (part === 'temporal')
      servers.temporal = await startTemporal(join(folder, 'temporal'), program, ports.temporal);
  }

  function pidOf(part: Part): number | undefined {
    return part === 'api' || part === 'worker' ? services[part]?.pid : servers[part]?.pid;
  }

  async function kill(part: Part): Promise<void> {
    if (part === 'api' || part === 'worker') return endService(services[part], 'SIGKILL');
    const pid = pidOf(part)!;
    const all = [pid, ...childrenOf(pid)];
    for (const one of all) if (isThere(one)) process.kill(one, 'SIGKILL');
    // Postgres starts again only when the last of its processes is gone.
    while (all.some(isThere)) await pause(10);
  }

  async function ready(): Promise<void> {
    for (;;) {
      const response = await fetch(`${url}/api/health/ready`).catch(() => undefined);
      if (response?.ok) return;
      await pause(100);
    }
  }

  await Promise.all([start('postgres'), start('temporal')]);
  const databaseUrl = servers.postgres!.url;
  environment = {
    ...(process.env as Record<string, string>),
    ...{ NODE_ENV: 'development', TZ: 'UTC', HOST: '127.0.0.1', PORT: String(ports.api) },
    ...{ DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: servers.temporal!.address },
    ...{ PUBLIC_BASE_URL: url, DATA_DIR: folder, LOG_LEVEL: 'warn', OUTBOUND_ALLOW: '127.0.0.1' },
    AUTH_SECRET: randomBytes(32).toString('hex'),
    ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    ...extra,
  };
  const db = connect(databaseUrl);
  await migrate(db);
  await migrateAuth(databaseUrl);
  await prepare?.(environment);
  await Promise.all([start('api'), start('worker')]);
  await ready();
  return {
    ...{ url, databaseUrl, temporalAddress: servers.temporal!.address, db },
    ...{ pidOf, kill, start, ready },
    async stop() {
      await Promise.all([
        endService(services.api, 'SIGTERM'),
        endService(services.worker, 'SIGTERM'),
      ]);
      await db.destroy();
      await Promise.all([servers.temporal?.stop(), servers.postgres?.stop()]);
    },
  };
}

async function endService(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child) meant.add(child);
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

function isThere(pid: number): boolean {
  return bornAt(pid) !== undefined;
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number);
}
