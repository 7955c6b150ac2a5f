import { untrack } from 'svelte';
import type { Rule, RuleOverride } from '#domain/rule.ts';
import { type Outcome, post, type Problem, put } from './api.ts';
import type { Fault, RulePage, Tried } from './rule.ts';

const TRY_AFTER = 150;
const SAVE_AFTER = 700;

type Side = 'form' | 'yaml';

/**
 * A rule in the making: form and YAML are one thing. What is typed in one is tried on the deals of now;
 * the answer brings the other side, and the draft is kept by itself.
 */
export function ruleEditor(given: () => { page: RulePage; writes: boolean }) {
  const first = untrack(given).page;
  let rule = $state.raw<Rule>(first.rule);
  let text = $state(first.draft?.text ?? first.text);
  let tried = $state.raw<Tried>();
  let faults = $state.raw<Fault[]>(first.draft?.faults ?? []);
  let problem = $state.raw<Problem>();
  let saving = $state<'saved' | 'waiting' | 'saving' | 'failed'>('saved');
  let trying = $state(false);
  let side: Side = 'yaml';
  let asked = 0;
  let tryTimer: ReturnType<typeof setTimeout> | undefined;
  let saveTimer: ReturnType<typeof setTimeout> | undefined;

  const id = first.rule.id;
  const saved = $derived(given().page.draft?.text ?? given().page.text);

  // What somebody else saved is taken over, unless there is something of ours to lose.
  $effect(() => {
    const now = saved;
    untrack(() => {
      if (saving !== 'saved' || now === text) return;
      text = now;
      side = 'yaml';
      void attempt();
    });
  });
  $effect(() => {
    untrack(() => void attempt());
    return () => {
      clearTimeout(tryTimer);
      if (saveTimer) void save();
    };
  });

  function body() {
    return side === 'form' ? { rule } : { text };
  }

  async function attempt() {
    clearTimeout(tryTimer);
    const turn = ++asked;
    trying = true;
    const outcome = await post<Tried>('/rules/try', body());
    if (turn !== asked) return;
    trying = false;
    problem = outcome.problem;
    const answer = outcome.done;
    if (!answer) return;
    tried = answer;
    faults = answer.faults;
    if (side === 'form' && answer.text !== undefined) text = answer.text;
    if (side === 'yaml' && answer.rule) rule = answer.rule;
  }

  function changed(from: Side) {
    side = from;
    asked += 1;
    clearTimeout(tryTimer);
    tryTimer = setTimeout(() => void attempt(), TRY_AFTER);
    saving = 'waiting';
    clearTimeout(saveTimer);
    saveTimer = setTimeout(() => void save(), SAVE_AFTER);
  }

  async function save(): Promise<Problem | undefined> {
    clearTimeout(saveTimer);
    saveTimer = undefined;
    if (saving === 'saved' || !given().writes) return undefined;
    saving = 'saving';
    const outcome: Outcome<unknown> = await put(`/rules/${id}/draft`, body());
    if (saving === 'saving') saving = outcome.problem ? 'failed' : 'saved';
    return outcome.problem;
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
    get trying() {
      return trying;
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
    attempt,
    /** Forgets what was typed since it was last kept. */
    leave() {
      clearTimeout(saveTimer);
      saveTimer = undefined;
      saving = 'saved';
    },
  };
}

/** What a workspace or one person sets otherwise about a rule, tried on the deals of now as it is set. */
export function overrideEditor(given: () => { page: RulePage }) {
  const first = untrack(given).page;
  let draft = $state.raw<RuleOverride>(first.override ?? {});
  let tried = $state.raw<Tried>();
  let problem = $state.raw<Problem>();
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const saved = $derived(JSON.stringify(given().page.override ?? {}));

  $effect(() => {
    const now = saved;
    untrack(() => {
      draft = JSON.parse(now) as RuleOverride;
      void attempt();
    });
    return () => clearTimeout(timer);
  });

  async function attempt() {
    const turn = ++asked;
    const { id } = given().page.rule;
    const outcome = await post<Tried>('/rules/try', { id, override: draft });
    if (turn !== asked) return;
    problem = outcome.problem;
    tried = outcome.done ?? tried;
  }

  return {
    get draft() {
      return draft;
    },
    get tried() {
      return tried;
    },
    get problem() {
      return problem;
    },
    get isDirty() {
      return JSON.stringify(draft) !== saved;
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
