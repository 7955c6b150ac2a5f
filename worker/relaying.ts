import { listenTo } from '#db/listen.ts';
import { relay, type Relay } from './relay.ts';

/** Without a word from the database the outbox is looked at this often, in milliseconds: a safety net. */
const NET = 2000;

/**
 * Relays whenever the database says there is something, until stopped; a word that comes meanwhile is remembered.
 * When Postgres or Temporal is away it tries again at the pace of the safety net.
 */
export function startRelaying(
  given: Relay,
  connectionString: string,
  onProblem: (error: unknown) => void,
): { stop(): Promise<void> } {
  let stopped = false;
  let woken = true;
  let rise: () => void = () => {};

  function wake(): void {
    woken = true;
    rise();
  }

  async function doze(): Promise<void> {
    if (woken || stopped) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, NET);
    rise = resolve;
    await promise;
    clearTimeout(timer);
  }

  async function run(): Promise<void> {
    while (!stopped) {
      woken = false;
      const kept = await relay(given).catch((error: unknown) => {
        onProblem(error);
        return 0;
      });
      if (kept === 0) await doze();
    }
  }

  const listening = listenTo(connectionString, 'outbox', wake);
  const running = run();
  return {
    async stop() {
      stopped = true;
      rise();
      await Promise.all([running, listening.stop()]);
    },
  };
}
