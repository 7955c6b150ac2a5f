import { keep, patch, type Problem } from './api.ts';
import { type Difference, differencesOf, type Values, valuesOf } from './conflict.ts';
import { tell, warn } from './toast.ts';

interface Stated {
  id: string;
  updatedAt: string;
}

interface Conflict<Item> {
  differences: Difference[];
  theirs: Item;
  mine: Values;
}

/**
 * A company or a contact as it is shown and changed: at once, and put right by what the server answers. `home` is
 * where it lives, `/companies`; `key` is what the answer calls it.
 */
export function editOf<Item extends Stated>(
  given: () => Item,
  { home, key, labels }: { home: string; key: string; labels: Record<string, string> },
) {
  let item = $derived(given());
  let conflict = $state.raw<Conflict<Item>>();

  async function save(mine: Values, said = 'Saved', seen = item): Promise<Problem | undefined> {
    const fields = Object.keys(mine);
    const base = valuesOf(seen, fields);
    item = { ...item, ...(mine as Partial<Item>) };
    const change = { ...mine, updatedAt: seen.updatedAt };
    const { done, problem } = await patch<Record<string, Item>>(`${home}/${seen.id}`, change);
    if (seen.id !== given().id) return undefined;
    if (done) {
      item = done[key]!;
      tell(said, async () => warnOf(await save(base, 'Put back')));
      return undefined;
    }
    item = seen;
    if (problem.status !== 409) return problem;
    const theirs = (await keep<Record<string, Item>>(fetch, `${home}/${seen.id}`)).value?.[key];
    if (!theirs || theirs.updatedAt === seen.updatedAt) return problem;
    item = theirs;
    const all = { base, mine, theirs: valuesOf(theirs, fields) };
    const differences = differencesOf(all, labels);
    if (differences.length === 0) return save(mine, said, theirs);
    conflict = { differences, theirs, mine };
    return undefined;
  }

  /** Saves what a person has chosen of both. */
  async function settle(kept: Values) {
    if (!conflict) return;
    const { theirs, mine } = conflict;
    conflict = undefined;
    warnOf(await save({ ...mine, ...kept }, 'Saved', theirs));
  }

  return {
    get item() {
      return item;
    },
    /** What both changed at once, until somebody has chosen. */
    get conflict() {
      return conflict;
    },
    /** For `Inline`: saves one field. */
    field: (name: string) => (next: string | null) => save({ [name]: next }),
    ...{ save, settle },
    leave: () => void (conflict = undefined),
  };
}

export type RecordEdit<Item extends Stated> = ReturnType<typeof editOf<Item>>;

export function warnOf(problem: Problem | undefined): void {
  if (problem) warn([problem.title, ...problem.errors.map(({ message }) => message)].join(' '));
}
