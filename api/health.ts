import { sql } from 'kysely';
import { type Request, Router } from 'express';
import { listConnections } from '#db/connections.ts';
import { outboxLag } from '#db/outbox.ts';
import { inWorkspace } from '#db/scope.ts';
import { TASK_QUEUE } from '#workflows/queue.ts';
import type { Deps } from './deps.ts';
import { identify } from './identify.ts';

/** One part of the product, and when it last worked. */
interface Part {
  name: string;
  state: 'ok' | 'slow' | 'down';
  lastWorkedAt: string | null;
  detail: string | null;
}

const PATIENCE = 1500;
/** A worker asks for work at least once a minute; promises wait for seconds. Both in milliseconds. */
const SILENT = 90_000;
const LAGGING = 30_000;

/** GET /api/health and /api/health/ready: for each part, whether it works and when it last did. */
export function healthRouter(deps: Deps): Router {
  const router = Router();
  const lastWorked = new Map<string, string>();

  async function look(name: string, ask: () => Promise<Partial<Part>>): Promise<Part> {
    const found: Partial<Part> = await inTime(ask()).catch(() => ({ state: 'down' }));
    const state = found.state ?? 'ok';
    if (state === 'ok') lastWorked.set(name, found.lastWorkedAt ?? deps.now());
    const lastWorkedAt = found.lastWorkedAt ?? lastWorked.get(name) ?? null;
    return { name, state, lastWorkedAt, detail: found.detail ?? null };
  }

  const parts = {
    database: () => look('database', () => databaseOf(deps)),
    temporal: () => look('temporal', () => temporalOf(deps)),
    worker: () => look('worker', () => workerOf(deps)),
    relay: () => look('relay', () => relayOf(deps)),
  };

  router.get('/api/health', async (request, response) => {
    const [found, connections] = await Promise.all([
      Promise.all(Object.values(parts).map((part) => part())),
      connectionsOf(deps, request),
    ]);
    const all = [...found, ...connections];
    const status = all.every(({ state }) => state === 'ok') ? 'ok' : 'degraded';
    if (found.some(({ state }) => state === 'down')) response.status(503).set('Retry-After', '5');
    response.set('Cache-Control', 'no-store').json({ status, at: deps.now(), parts: all });
  });

  router.get('/api/health/ready', async (_request, response) => {
    const found = await Promise.all([parts.database(), parts.temporal()]);
    const ready = found.every(({ state }) => state === 'ok');
    if (!ready) response.status(503).set('Retry-After', '5');
    response.json({ ready, parts: found });
  });
  return router;
}

async function databaseOf({ db }: Deps): Promise<Partial<Part>> {
  await sql`select 1`.execute(db);
  return {};
}

async function temporalOf({ temporal }: Deps): Promise<Partial<Part>> {
  await temporal.workflowService.getSystemInfo({});
  return {};
}

async function workerOf({ temporal }: Deps): Promise<Partial<Part>> {
  const { namespace } = temporal.options;
  const { pollers } = await temporal.workflowService.describeTaskQueue({
    ...{ namespace, taskQueue: { name: TASK_QUEUE }, taskQueueType: 1 },
  });
  const seen = (pollers ?? []).map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0));
  const last = Math.max(0, ...seen) * 1000;
  if (last === 0) return { state: 'down', detail: 'No worker asks for work.' };
  const lastWorkedAt = new Date(last).toISOString();
  return Date.now() - last > SILENT ? { state: 'down', lastWorkedAt } : { lastWorkedAt };
}

async function relayOf({ db }: Deps): Promise<Partial<Part>> {
  const { waiting, oldest } = await outboxLag(db);
  const lag = oldest ? Date.now() - Date.parse(oldest) : 0;
  const detail =
    waiting > 0 ? `${waiting} waiting, the oldest for ${Math.round(lag / 1000)} s` : null;
  return lag > LAGGING ? { state: 'slow', detail } : { detail };
}

/** Those of the workspace, for who is in one. */
async function connectionsOf(deps: Deps, request: Request): Promise<Part[]> {
  const caller = await inTime(identify(deps, request, 'workspace:read')).catch(() => undefined);
  if (!caller) return [];
  const all = await inTime(inWorkspace(deps.db, caller, listConnections)).catch(() => []);
  return all
    .filter(({ active }) => active)
    .map(({ name, lastEventAt, lastProblem }) => ({
      ...{ name, lastWorkedAt: lastEventAt, detail: lastProblem },
      state: lastProblem ? 'slow' : 'ok',
    }));
}

async function inTime<T>(asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('late')), PATIENCE);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
