/**
 * Lets those that come while others are on their way go together. One that comes alone goes at once, and one that
 * the rest cannot go with goes by itself: a crowd that fails for what is in it is tried again one by one.
 */
export function together<Item, Answer>(
  run: (items: Item[]) => Promise<Answer[]>,
  sizeOf: (item: Item) => number,
  { most, size, lanes }: { most: number; size: number; lanes: number },
): (item: Item) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = [];
  let running = 0;

  function next(): void {
    if (running >= lanes || waiting.length === 0) return;
    const crowd = takeSome();
    running += 1;
    void go(crowd).finally(() => {
      running -= 1;
      next();
    });
  }

  function takeSome(): Waiting<Item, Answer>[] {
    let room = size;
    const end = waiting.findIndex(({ item }, index) => {
      room -= sizeOf(item);
      return index > 0 && (room < 0 || index >= most);
    });
    const crowd = end < 0 ? waiting : waiting.slice(0, end);
    waiting = end < 0 ? [] : waiting.slice(end);
    return crowd;
  }

  async function go(crowd: Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await run(crowd.map(({ item }) => item));
      for (const [index, { resolve }] of crowd.entries()) resolve(answers[index]!);
    } catch (error) {
      if (crowd.length > 1 && isOfItems(error)) {
        await Promise.all(crowd.map((one) => go([one])));
        return;
      }
      for (const { reject } of crowd) reject(error);
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      // Those of the same moment shall go together too.
      queueMicrotask(next);
    });
}

interface Waiting<Item, Answer> {
  item: Item;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** What Postgres says of a value, and not of itself. */
function isOfItems(error: unknown): boolean {
  return /^(22|23|54)/.test((error as { code?: string }).code ?? '');
}
