import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const PAUSE = 1000;
/** A connection that says nothing may be one that can say nothing: it is asked, so often and for so long, in milliseconds. */
const BEAT = 5000;
const PATIENCE = { connectionTimeoutMillis: 2000, query_timeout: 2000 };

/**
 * Hears a channel on a connection of its own. When it breaks or falls silent it takes a new one, and calls `heard`
 * without a payload: whatever was said meanwhile was missed.
 */
export function listenTo(
  connectionString: string,
  channel: string,
  heard: (payload: string | undefined) => void,
): { stop(): Promise<void> } {
  const over = new AbortController();
  let socket: Socket | undefined;

  async function hear(): Promise<void> {
    const stream = (socket = new Socket());
    const client = new pg.Client({ connectionString, ...PATIENCE, stream: () => stream });
    const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
    client.on('error', () => undefined);
    client.on('notification', ({ payload }) => heard(payload));
    await client.connect();
    await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    heard(undefined);
    const beat = setInterval(() => {
      client.query('select 1').catch(() => stream.destroy());
    }, BEAT);
    await ended.finally(() => clearInterval(beat));
  }

  async function run(): Promise<void> {
    while (!over.signal.aborted) {
      await hear().catch(() => socket?.destroy());
      await pause(PAUSE, undefined, { signal: over.signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    async stop() {
      over.abort();
      // A goodbye would wait for somebody who may not be there.
      socket?.destroy();
      await running;
    },
  };
}
