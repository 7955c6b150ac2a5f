import { untrack } from 'svelte';
import type { Rule, RuleOverride } from '#domain/rule.ts';
import { post, type Problem } from './api.ts';
import type { RulePage, RuleScope, Tried } from './rule.ts';
import { TRY_AFTER } from './rule-edit.svelte.ts';

/** What a workspace or one person sets otherwise about a rule, tried on the deals of now as it is set. */
export function overrideEditor(given: () => { id: string; page: RulePage; scope: RuleScope }) {
  let draft = $state.raw<RuleOverride>({});
  let usual = $state.raw<Rule>();
  let tried = $state.raw<Tried>();
  let problem = $state.raw<Problem>();
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const id = $derived(given().id);
  /** What would hold: a person's own is laid over the workspace's. */
  const whole = $derived.by(() => {
    const { page, scope } = given();
    const below = scope === 'user' ? (page.overrides.workspace ?? {}) : {};
    const thresholds = { ...below.thresholds, ...draft.thresholds };
    const isSet = Object.keys(thresholds).length > 0;
    return { ...below, ...draft, ...(isSet && { thresholds }) };
  });
  const saved = $derived(JSON.stringify(given().page.overrides[given().scope] ?? {}));

  $effect(() => {
    const now = saved;
    untrack(() => {
      draft = JSON.parse(now) as RuleOverride;
      void attempt();
    });
    return () => clearTimeout(timer);
  });
  $effect(() => void readUsual(id));

  /** The rule as it is written: what a threshold goes back to. */
  async function readUsual(of: string) {
    const { done } = await post<Tried>('/rules/try', { id: of });
    usual = done?.rule ?? usual;
  }

  async function attempt() {
    const turn = ++asked;
    const outcome = await post<Tried>('/rules/try', { id, override: whole });
    if (turn !== asked) return;
    problem = outcome.problem;
    tried = outcome.done ?? tried;
  }

  return {
    get draft() {
      return draft;
    },
    get whole() {
      return whole;
    },
    get usual() {
      return usual;
    },
    get tried() {
      return tried;
    },
    get problem() {
      return problem;
    },
    get isDirty() {
      return inOrder(draft) !== inOrder(JSON.parse(saved) as RuleOverride);
    },
    change(part: Partial<RuleOverride>) {
      const whole = { ...draft, ...part };
      draft = Object.fromEntries(
        Object.entries(whole).filter(([, value]) => value !== undefined),
      ) as RuleOverride;
      clearTimeout(timer);
      timer = setTimeout(() => void attempt(), TRY_AFTER);
    },
    discard() {
      draft = JSON.parse(saved) as RuleOverride;
      void attempt();
    },
  };
}

/** The same settings are the same text, however they came about. */
function inOrder({ thresholds, ...rest }: RuleOverride): string {
  return JSON.stringify([sorted(rest), sorted(thresholds ?? {})]);
}

function sorted(record: object): [string, unknown][] {
  return Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
