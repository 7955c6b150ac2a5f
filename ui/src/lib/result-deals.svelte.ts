import { untrack } from 'svelte';
import { keep, type Kept, type Problem } from './api.ts';
import { type DealPage, joined, renewed, type ReviewedDeal } from './result.ts';

/** The deals of a review as far as they were read, more of them when the end comes near. */
export interface Deals {
  readonly deals: ReviewedDeal[];
  readonly total: number;
  readonly more: boolean;
  readonly problem: Problem | undefined;
  loadMore(): Promise<void>;
}

/** Another address is another list; the same one read again shows each deal as it is now. */
export function dealsOf(given: () => { path: string; page: Kept<DealPage> }): Deals {
  let deals = $state.raw<ReviewedDeal[]>([]);
  let total = $state(0);
  let next = $state<string | null>(null);
  let problem = $state.raw<Problem>();
  let path = '';
  let loading = false;

  $effect.pre(() => {
    const { path: now, page } = given();
    untrack(() => {
      if (!page.value || (page.problem && now === path)) return;
      const again = now === path && deals.length > page.value.deals.length;
      total = page.value.total;
      problem = undefined;
      if (again) return refresh(page.value.deals);
      path = now;
      deals = page.value.deals;
      next = page.value.next;
    });
  });

  function refresh(latest: ReviewedDeal[]) {
    deals = renewed(deals, latest);
  }

  async function loadMore(): Promise<void> {
    if (!next || loading) return;
    loading = true;
    const asked = path;
    const answer = await keep<DealPage>(
      fetch,
      `${path}${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(next)}`,
    );
    loading = false;
    if (asked !== path) return;
    problem = answer.problem;
    if (!answer.value || problem) return;
    deals = joined(deals, answer.value.deals);
    next = answer.value.next;
  }

  return {
    get deals() {
      return deals;
    },
    get total() {
      return total;
    },
    get more() {
      return next !== null;
    },
    get problem() {
      return problem;
    },
    loadMore,
  };
}
