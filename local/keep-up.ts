import { setTimeout as pause } from 'node:timers/promises';
import { isAlive, lastWords, type Running } from './process.ts';
import { inWords } from './sentences.ts';

export interface Standing extends Running {
  stop(): Promise<void>;
}

/** Something that must run: how to start it, and what to tell people. */
export interface Part<S extends Standing = Standing> {
  name: string;
  /** Where its last words are. */
  log?: string;
  start(): Promise<S>;
}

const soonest = 500;
const latest = 30_000;
/** Who stood as long as this starts again without delay. */
const steady = 60_000;

/** Starts a part again whenever it falls, later each time it falls soon; answers how to end it for good. */
export function keepUp(
  { name, log, start }: Part,
  first: Standing,
  say: (line: string) => void,
): () => Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  let standing = first;

  async function watch(): Promise<void> {
    for (let delay = soonest, since = Date.now(); !signal.aborted;) {
      await rest(100);
      if (signal.aborted || isAlive(standing)) continue;
      if (Date.now() - since > steady) delay = soonest;
      const words = log ? await lastWords(log) : '';
      say(`${name} stopped by itself and starts again.${words && `\n${words}`}`);
      await rest(delay);
      delay = Math.min(delay * 2, latest);
      if (signal.aborted) return;
      since = Date.now();
      const again = await start().catch((error: unknown) => say(inWords(error)));
      if (!again) continue;
      standing = again;
      say(`${name} is back.`);
    }
  }

  function rest(time: number): Promise<unknown> {
    return pause(time, undefined, { signal }).catch(() => undefined);
  }

  const watching = watch();
  return async () => {
    over.abort();
    await watching;
    if (isAlive(standing)) await standing.stop();
  };
}
