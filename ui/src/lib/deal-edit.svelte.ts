import { keep, patch, type Problem } from './api.ts';
import type { Member } from './choices.ts';
import { type Difference, differencesOf, type Values, valuesOf } from './conflict.ts';
import { asDate, type Deal, fieldLabels, ownerOf } from './deal.ts';
import { asMoney, asTime } from './format.ts';
import { whyNot } from './problem.ts';
import { tell, warn } from './toast.ts';

interface Conflict {
  differences: Difference[];
  theirs: Deal;
  mine: Values;
  said: string;
}

/** The deal as it is shown and changed: at once, and put right by what the server answers. */
export function editOf(
  given: () => { deal: Deal; people: Member[]; currency?: string },
  onsaved: () => void,
) {
  let deal = $derived(given().deal);
  let conflict = $state.raw<Conflict>();

  /**
   * Saves fields and says so, with a way back; a field that somebody else changed too is asked about. `base` is what
   * stood there when the change began: what came in while it was typed is a change of somebody else.
   */
  async function save(
    mine: Values,
    said = 'Saved',
    base = valuesOf(deal, Object.keys(mine)),
    seen = deal,
  ): Promise<Problem | undefined> {
    const id = seen.id;
    const now = valuesOf(seen, Object.keys(mine));
    const crossed = differencesOf({ base, mine, theirs: now }, fieldLabels);
    if (crossed.length > 0) {
      conflict = { differences: crossed, theirs: seen, mine, said };
      return undefined;
    }
    deal = { ...deal, ...(mine as Partial<Deal>) };
    const { done, problem } = await patch<{ deal: Deal }>(`/deals/${id}`, {
      ...mine,
      updatedAt: seen.updatedAt,
    });
    if (id !== given().deal.id) return undefined;
    if (done) {
      deal = done.deal;
      const stored = valuesOf(done.deal, Object.keys(mine));
      tell(said, async () => warnOf(await save(base, 'Put back', stored)));
      onsaved();
      return undefined;
    }
    deal = seen;
    if (problem.status !== 409) return problem;
    const theirs = (await keep<{ deal: Deal }>(fetch, `/deals/${id}`)).value?.deal;
    if (!theirs || theirs.updatedAt === seen.updatedAt) return problem;
    const all = { base, mine, theirs: valuesOf(theirs, Object.keys(mine)) };
    const differences = differencesOf(all, fieldLabels);
    deal = theirs;
    if (differences.length === 0) return save(mine, said, all.theirs, theirs);
    conflict = { differences, theirs, mine, said };
    return undefined;
  }

  /** Saves what a person has chosen of both. */
  async function settle(kept: Values) {
    if (!conflict) return;
    const { theirs, mine, said } = conflict;
    conflict = undefined;
    warnOf(await save({ ...mine, ...kept }, said, valuesOf(theirs, Object.keys(mine)), theirs));
  }

  function inWords(value: unknown, field: string): string {
    const { people, currency } = given();
    if (field === 'amountCents') return asMoney(value as number, currency, true);
    if (field === 'probability') return `${String(value)}%`;
    if (field === 'expectedCloseOn') return asDate(String(value));
    if (field === 'nextActionAt') return asTime(String(value));
    if (field === 'ownerId') return ownerOf(value as string | null, people);
    return String(value);
  }

  return {
    get deal() {
      return deal;
    },
    /** What both changed at once, until somebody has chosen. */
    get conflict() {
      return conflict;
    },
    /** Shows the deal as an answer of the server has it. */
    take(next: Deal) {
      deal = next;
    },
    ...{ save, settle, inWords },
    leave: () => void (conflict = undefined),
  };
}

export type DealEdit = ReturnType<typeof editOf>;

export function warnOf(problem: Problem | undefined): void {
  if (problem) warn(whyNot(problem));
}
