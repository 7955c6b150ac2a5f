import TinyQueue from 'tinyqueue';

interface Sleeper {
  at: number;
  /** Who lay down first gets up first. */
  turn: number;
  wake: () => void;
}

/** The virtual clock: it moves to the next sleeper when everybody sleeps. */
export interface Clock {
  now: number;
  until(at: number): Promise<void>;
}

/** Lets everybody live at once on one clock that never waits. Over when nobody can wake any more; who still sleeps then never ends. */
export async function onVirtualClock<One>(
  all: readonly One[],
  live: (one: One, clock: Clock) => Promise<void>,
): Promise<void> {
  const asleep = new TinyQueue<Sleeper>([], (a, b) => a.at - b.at || a.turn - b.turn);
  let turn = 0;
  let awake = 0;
  let everyoneSleeps: () => void = () => {};
  let fail: (reason: unknown) => void = () => {};

  const clock: Clock = {
    now: -Infinity,
    until: (at) =>
      new Promise<void>((wake) => {
        // Beyond all time nobody wakes.
        if (at < Infinity) asleep.push({ at, turn: turn++, wake });
        rest();
      }),
  };

  function rest(): void {
    awake -= 1;
    if (awake === 0) everyoneSleeps();
  }

  async function run(awaken: () => void, count: number): Promise<void> {
    awake = count;
    const settled = new Promise<void>((resolve, reject) => {
      everyoneSleeps = resolve;
      fail = reject;
    });
    awaken();
    await settled;
  }

  function begin(): void {
    for (const one of all) {
      live(one, clock)
        .then(rest)
        .catch((error: unknown) => fail(error));
    }
  }

  if (all.length === 0) return;
  await run(begin, all.length);
  for (let next = asleep.pop(); next; next = asleep.pop()) {
    clock.now = next.at;
    await run(next.wake, 1);
  }
}
