import { setTimeout as pause } from 'node:timers/promises';
import { type RequestHandler, type Response } from 'express';
import { type Topic, topics } from '#db/changes.ts';
import { listenTo } from '#db/listen.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { type Caller, identify } from './identify.ts';

/** Where pages hear what changed: one ear per process at the database, one stream per browser. */
export interface Live {
  /** Opens a stream that tells this workspace's changes, until it is closed. */
  join(response: Response, caller: Caller, lastHeard: string | undefined): Stream;
  stop(): Promise<void>;
}

/** What pages show; promises are for the relay. */
const all = topics.filter((topic) => topic !== 'outbox');

interface Stream {
  workspaceId: string;
  send(text: string): void;
  close(): void;
  closed: AbortSignal;
}

export function startLive(connectionString: string): Live {
  const streams = new Set<Stream>();
  // Ids of another process or another life mean nothing here.
  const life = crypto.randomUUID().slice(0, 8);
  let count = 0;
  let isOver = false;

  function tell(to: (stream: Stream) => boolean, topics: readonly Topic[]): void {
    count += 1;
    for (const stream of [...streams].filter(to)) stream.send(changedText(count, topics));
  }

  function changedText(id: number, topics: readonly Topic[]): string {
    return `id: ${life}-${id}\nevent: changed\ndata: ${JSON.stringify({ topics })}\n\n`;
  }

  const ear = listenTo(connectionString, 'changes', (payload) => {
    if (payload === undefined) return tell(() => true, all);
    const { workspaceId, topics } = JSON.parse(payload) as { workspaceId: string; topics: Topic[] };
    const shown = all.filter((topic) => topics.includes(topic));
    if (shown.length > 0) tell((stream) => stream.workspaceId === workspaceId, shown);
  });
  const beat = setInterval(() => {
    for (const stream of streams) stream.send(': still here\n\n');
  }, 15_000);

  return {
    join(response, { workspaceId }, lastHeard) {
      const over = new AbortController();
      const stream: Stream = {
        ...{ workspaceId, closed: over.signal },
        send: (text) => void response.write(text),
        close: () => response.end(),
      };
      response.once('close', () => {
        streams.delete(stream);
        over.abort();
      });
      streams.add(stream);
      stream.send(`retry: 2000\n: welcome\n\n`);
      // Whoever was away may have missed something; what, nobody wrote down.
      const missed = lastHeard !== undefined && lastHeard !== `${life}-${count}`;
      stream.send(missed ? changedText(count, all) : `id: ${life}-${count}\n\n`);
      if (isOver) stream.close();
      return stream;
    },
    async stop() {
      isOver = true;
      clearInterval(beat);
      for (const stream of streams) stream.close();
      await ear.stop();
    },
  };
}

const RECHECK = 3000;

/** GET /api/events: ends within seconds for who signs out or is removed. */
export function liveEvents(deps: Deps): RequestHandler {
  return async (request, response) => {
    const caller = await identify(deps, request, 'workspace:read');
    response.set({
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache, no-transform',
    });
    response.set('X-Accel-Buffering', 'no').flushHeaders();
    const stream = deps.live.join(response, caller, request.get('Last-Event-ID'));
    const { closed: signal } = stream;
    for (;;) {
      await pause(RECHECK, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const still = await identify(deps, request, 'workspace:read').catch(unlessRefused(caller));
      if (still.workspaceId !== caller.workspaceId) stream.close();
    }
  };
}

/** A database that is away says nothing about who may listen. */
function unlessRefused(caller: Caller) {
  return (error: unknown): Caller =>
    error instanceof Refusal && error.reason !== 'unavailable'
      ? { workspaceId: '', actor: '' }
      : caller;
}
