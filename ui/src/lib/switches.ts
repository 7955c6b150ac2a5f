import { SvelteMap } from 'svelte/reactivity';

/** Switches of a list: each shows at once what was asked of it, and ends as the last press said. */
export interface Switches {
  /** What was asked of a row's switch and is not yet answered for, or else what is kept. */
  isOn(row: { id: string; enabled: boolean }): boolean;
  /** Sends once every earlier press of the same switch is answered, so that none overtakes another. */
  turn(id: string, on: boolean, send: () => Promise<void>): Promise<void>;
}

export function switchesOf(): Switches {
  const asked = new SvelteMap<string, { on: boolean; answer: Promise<void> }>();

  return {
    isOn({ id, enabled }) {
      return asked.get(id)?.on ?? enabled;
    },
    async turn(id, on, send) {
      const earlier = asked.get(id)?.answer;
      const answer = earlier ? earlier.then(send, send) : send();
      asked.set(id, { on, answer });
      try {
        await answer;
      } finally {
        if (asked.get(id)?.answer === answer) asked.delete(id);
      }
    },
  };
}
