import { invalidate } from '$app/navigation';

/** Whether what is on the screen is the present, and if not, since when. */
export interface Liveness {
  state: 'connecting' | 'live' | 'reconnecting';
  since?: string;
}

type News = { is: 'changed'; topics: string[] } | { is: 'state'; state: Liveness['state'] };
type Word = News | { is: 'question' };

let liveness = $state<Liveness>({ state: 'connecting' });
const waiting: string[] = [];
let reloading = false;

export function livenessNow(): Liveness {
  return liveness;
}

/**
 * Listens for what changed, over one stream for all tabs of this browser: the tab that holds the
 * lock has the stream and tells the others. What changed is loaded again, through `depends('api:…')`.
 */
export function listen(): () => void {
  const leaving = new AbortController();
  const channel = new BroadcastChannel('live');
  channel.onmessage = ({ data }: MessageEvent<Word>) => {
    if (data.is !== 'question') hear(data);
  };
  channel.postMessage({ is: 'question' } satisfies Word);
  void whileLeading(leaving.signal, () => lead(channel, leaving.signal));
  return () => {
    leaving.abort();
    channel.close();
  };
}

/** Plain http to another machine has no locks; there each tab has its own stream. */
async function whileLeading(leaving: AbortSignal, work: () => Promise<void>): Promise<void> {
  if (!('locks' in navigator)) return work();
  await navigator.locks.request('live', { signal: leaving }, work).catch(() => undefined);
}

async function lead(channel: BroadcastChannel, leaving: AbortSignal): Promise<void> {
  channel.addEventListener('message', ({ data }: MessageEvent<Word>) => {
    if (data.is === 'question') tellOthers({ is: 'state', state: liveness.state });
  });
  function tellOthers(news: News) {
    if (!leaving.aborted) channel.postMessage(news);
  }
  while (!leaving.aborted) {
    await untilBroken(leaving, (news) => {
      hear(news);
      tellOthers(news);
    });
  }
}

/** The browser itself reconnects a stream that broke; one that was refused is opened anew. */
function untilBroken(leaving: AbortSignal, spread: (news: News) => void): Promise<void> {
  return new Promise((resolve) => {
    const stream = new EventSource('/api/events');
    function end() {
      stream.close();
      resolve();
    }
    stream.onopen = () => spread({ is: 'state', state: 'live' });
    stream.onerror = () => {
      spread({ is: 'state', state: 'reconnecting' });
      if (stream.readyState === EventSource.CLOSED) setTimeout(end, 3000);
    };
    stream.addEventListener('changed', ({ data }: MessageEvent<string>) =>
      spread({ is: 'changed', topics: (JSON.parse(data) as { topics: string[] }).topics }),
    );
    leaving.addEventListener('abort', end, { once: true });
  });
}

function hear(news: News): void {
  if (news.is === 'changed') reload(news.topics);
  else become(news.state);
}

/** What happened while the stream was down is unknown, so everything on the page is loaded again. */
function become(state: Liveness['state']): void {
  const missed = state === 'live' && liveness.state === 'reconnecting';
  if (state === 'live') liveness = { state };
  else liveness = { state, since: liveness.since ?? new Date().toISOString() };
  if (missed) void invalidate((url) => url.protocol === 'api:');
}

const FIRST = 150;
const GAP = 1000;
let lastLoad = 0;

/** Many changes in a moment are one load, and a flood is one a second. */
function reload(topics: string[]): void {
  waiting.push(...topics);
  if (reloading) return;
  reloading = true;
  setTimeout(
    () => {
      const changed = waiting.splice(0);
      lastLoad = Date.now();
      void invalidate((url) => url.protocol === 'api:' && changed.includes(url.pathname)).finally(
        () => {
          reloading = false;
          if (waiting.length > 0) reload([]);
        },
      );
    },
    Math.max(FIRST, lastLoad + GAP - Date.now()),
  );
}
