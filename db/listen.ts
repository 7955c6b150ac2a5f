import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const PAUSE = 1000;

/**
 * Hears a channel on a connection of its own. When it breaks it takes a new one, and calls `heard` without a payload:
 * whatever was said meanwhile was missed.
 */
export function listenTo(
  connectionString: string,
  channel: string,
  heard: (payload: string | undefined) => void,
): { stop(): Promise<void> } {
  const over = new AbortController();
  let client: pg.Client | undefined;

  async function hear(): Promise<void> {
    client = new pg.Client({ connectionString, connectionTimeoutMillis: 2000, keepAlive: true });
    const ended = new Promise<void>((resolve) => client!.once('end', () => resolve()));
    client.on('error', () => undefined);
    client.on('notification', ({ payload }) => heard(payload));
    await client.connect();
    await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    heard(undefined);
    await ended;
  }

  async function run(): Promise<void> {
    while (!over.signal.aborted) {
      await hear().catch(() => client?.end().catch(() => undefined));
      await pause(PAUSE, undefined, { signal: over.signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    async stop() {
      over.abort();
      await client?.end().catch(() => undefined);
      await running;
    },
  };
}
