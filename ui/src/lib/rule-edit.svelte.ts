import { untrack } from 'svelte';
import type { Rule } from '#domain/rule.ts';
import { post, type Problem, put } from './api.ts';
import type { Fault, RulePage, Tried } from './rule.ts';

export const TRY_AFTER = 150;
const SAVE_AFTER = 700;

type Side = 'form' | 'yaml';

/**
 * A rule in the making: form and YAML are one thing. What is typed in one is tried on the deals of now;
 * the answer brings the other side, and the draft is kept by itself.
 */
export function ruleEditor(given: () => { id: string; page: RulePage; writes: boolean }) {
  const { id, page: first } = untrack(given);
  let rule = $state.raw<Rule | undefined>(first.rule ?? undefined);
  let text = $state(first.draft?.text ?? first.text ?? '');
  let tried = $state.raw<Tried>();
  let faults = $state.raw<Fault[]>(first.draft?.faults ?? []);
  let problem = $state.raw<Problem>();
  let saving = $state<'saved' | 'waiting' | 'saving' | 'conflict' | 'failed'>('saved');
  let rev = first.draftRev ?? undefined;
  let side: Side = 'yaml';
  // Whether the text says what the form does.
  let isInStep = true;
  let asked = 0;
  let last = Promise.resolve<Problem | undefined>(undefined);
  let tryTimer: ReturnType<typeof setTimeout> | undefined;
  let saveTimer: ReturnType<typeof setTimeout> | undefined;

  // What somebody else saved is taken over, unless there is something of ours to lose.
  $effect(() => {
    const { page } = given();
    untrack(() => {
      const isNews = (page.draftRev ?? 0) > (rev ?? 0);
      if (saving === 'saved' && isNews) take(page);
    });
  });
  $effect(() => {
    untrack(() => void attempt());
    return () => {
      clearTimeout(tryTimer);
      if (saveTimer) void save();
    };
  });

  function take({ draft, draftRev, text: written }: RulePage) {
    rev = draftRev ?? undefined;
    saving = 'saved';
    const next = draft?.text ?? written ?? '';
    if (next === text) return;
    text = next;
    side = 'yaml';
    void attempt();
  }

  function body() {
    return side === 'form' && !isInStep ? { rule } : { text };
  }

  async function attempt() {
    clearTimeout(tryTimer);
    const turn = ++asked;
    const outcome = await post<Tried>('/rules/try', body());
    if (turn !== asked) return;
    problem = outcome.problem;
    const answer = outcome.done;
    if (!answer) return;
    tried = answer;
    faults = answer.faults;
    if (side === 'form' && answer.text !== null && answer.rule) {
      text = answer.text;
      isInStep = true;
    }
    if (side === 'yaml' && answer.rule) rule = answer.rule;
  }

  function changed(from: Side) {
    side = from;
    isInStep = from === 'yaml';
    asked += 1;
    clearTimeout(tryTimer);
    tryTimer = setTimeout(() => void attempt(), TRY_AFTER);
    clearTimeout(saveTimer);
    if (saving === 'conflict') return;
    saving = 'waiting';
    saveTimer = setTimeout(() => void save(), SAVE_AFTER);
  }

  /** One after the other: each says which draft it was written over. */
  function save(): Promise<Problem | undefined> {
    clearTimeout(saveTimer);
    saveTimer = undefined;
    return (last = last.then(keep));
  }

  async function keep(): Promise<Problem | undefined> {
    if (saving === 'saved' || !given().writes) return undefined;
    saving = 'saving';
    const sent = { ...body(), rev };
    const outcome = await put<{ draftRev: number; faults: Fault[] }>(
      `/rules/${encodeURIComponent(id)}/draft`,
      sent,
    );
    if (outcome.problem) {
      saving = outcome.problem.status === 409 ? 'conflict' : 'failed';
      return outcome.problem;
    }
    rev = outcome.done?.draftRev ?? rev;
    // What was typed meanwhile is still to be saved.
    if (!isAtRest()) return undefined;
    saving = 'saved';
    faults = outcome.done?.faults ?? faults;
    return undefined;
  }

  function isAtRest(): boolean {
    return saveTimer === undefined;
  }

  return {
    get rule() {
      return rule;
    },
    get text() {
      return text;
    },
    get tried() {
      return tried;
    },
    get faults() {
      return faults;
    },
    get problem() {
      return problem;
    },
    get saving() {
      return saving;
    },
    changeRule(next: Rule) {
      rule = next;
      changed('form');
    },
    changeText(next: string) {
      text = next;
      changed('yaml');
    },
    save,
    /** Two people wrote at once: ours goes over theirs, or theirs is taken. */
    async settle(keepMine: boolean, theirs: RulePage): Promise<void> {
      if (!keepMine) return take(theirs);
      rev = undefined;
      saving = 'waiting';
      await save();
    },
    /** Forgets what was typed since it was last kept. */
    leave() {
      clearTimeout(saveTimer);
      saveTimer = undefined;
      saving = 'saved';
    },
  };
}
