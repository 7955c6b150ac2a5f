import { untrack } from 'svelte';
import type { Step } from '#domain/sequence.ts';
import { get, post, put } from './api.ts';
import { now } from './clock.svelte.ts';
import {
  addAfter,
  addInto,
  type Draft,
  duplicate,
  idsOf,
  newStep,
  placed,
  remove,
  replace,
} from './flow.ts';
import type { Kind, Problem, SequencePage } from './sequence.ts';

const PAUSE = 600;

export type Saving = 'saved' | 'waiting' | 'saving' | 'conflict' | 'failed';

/** A draft in the making: what it is, what is chosen in it, what is wrong with it, and whether it is safe. */
export function editorOf(given: () => { sequence: SequencePage; kinds: Kind[]; writes: boolean }) {
  let draft = $state.raw<Draft>(given().sequence.draft);
  let rev = given().sequence.draftRev;
  let chosen = $state<string | undefined>();
  let saving = $state<Saving>('saved');
  let savedAt = $state(given().sequence.updatedAt);
  let because = $state<string>();
  let problems = $state.raw<Problem[]>([]);
  let past = $state.raw<Draft[]>([]);
  let future = $state.raw<Draft[]>([]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  const id = $derived(given().sequence.id);
  const all = $derived(placed(draft.steps ?? [], arms));

  function arms(kind: string): readonly string[] {
    return kindOf(kind)?.arms ?? [];
  }

  function kindOf(name: string): Kind | undefined {
    return given().kinds.find(({ kind }) => kind === name);
  }

  // What somebody else saved is taken over, unless there is something of ours to lose.
  $effect(() => {
    const { sequence } = given();
    untrack(() => {
      if (saving !== 'saved' || sequence.draftRev <= rev) return;
      take(sequence);
    });
  });
  $effect(() => {
    const current = draft;
    const soon = setTimeout(() => void lint(current), 350);
    return () => clearTimeout(soon);
  });
  $effect(() => () => {
    if (timer) void save();
  });

  function take(sequence: SequencePage) {
    draft = sequence.draft;
    rev = sequence.draftRev;
    savedAt = sequence.updatedAt;
    past = [];
    future = [];
    saving = 'saved';
  }

  async function lint(definition: Draft) {
    const turn = ++asked;
    const { done } = await post<{ problems: Problem[] }>(`/sequences/${id}/lint`, { definition });
    if (turn === asked && done) problems = done.problems;
  }

  function change(next: Draft) {
    if (!given().writes) return;
    past = [...past.slice(-99), draft];
    future = [];
    become(next);
  }

  function become(next: Draft) {
    draft = next;
    if (saving === 'conflict') return;
    saving = 'waiting';
    clearTimeout(timer);
    timer = setTimeout(() => void save(), PAUSE);
  }

  async function save(): Promise<boolean> {
    clearTimeout(timer);
    timer = undefined;
    if (saving === 'saved') return true;
    saving = 'saving';
    const sent = draft;
    const outcome = await put<{ draftRev: number }>(`/sequences/${id}/draft`, {
      ...{ definition: sent, rev },
    });
    if (outcome.problem) {
      because = outcome.problem.title;
      saving = outcome.problem.status === 409 ? 'conflict' : 'failed';
      return false;
    }
    rev = outcome.done?.draftRev ?? rev;
    savedAt = now().toISOString();
    saving = 'saved';
    if (draft !== sent) become(draft);
    return true;
  }

  async function settle(keepMine: boolean) {
    const theirs = await get<SequencePage>(fetch, `/sequences/${id}`);
    if (!keepMine) return take(theirs);
    rev = theirs.draftRev;
    saving = 'waiting';
    await save();
  }

  function steps(next: Step[]) {
    change({ ...draft, steps: next });
  }

  return {
    get draft() {
      return draft;
    },
    get all() {
      return all;
    },
    get chosen() {
      return chosen;
    },
    set chosen(next) {
      chosen = next;
    },
    get step() {
      return all.find(({ step }) => step.id === chosen);
    },
    get saving() {
      return saving;
    },
    get savedAt() {
      return savedAt;
    },
    get because() {
      return because;
    },
    get problems() {
      return problems;
    },
    get mayUndo() {
      return past.length > 0;
    },
    get mayRedo() {
      return future.length > 0;
    },
    arms,
    kindOf,
    change,
    save,
    settle,
    add(kind: string, into?: { parent: string; arm: string }) {
      const step = newStep(kind, idsOf(all));
      const list = draft.steps ?? [];
      const after = all.some(({ step }) => step.id === chosen) ? chosen : undefined;
      steps(into ? addInto(list, arms, into, step) : addAfter(list, arms, after, step));
      chosen = step.id;
    },
    replace(stepId: string, step: Step) {
      steps(replace(draft.steps ?? [], arms, stepId, step));
      if (chosen === stepId) chosen = step.id;
    },
    duplicate() {
      if (!chosen) return;
      const { steps: next, copy } = duplicate(draft.steps ?? [], arms, chosen);
      if (!copy) return;
      steps(next);
      chosen = copy.id;
    },
    remove() {
      const at = all.findIndex(({ step }) => step.id === chosen);
      if (at < 0 || !chosen) return;
      steps(remove(draft.steps ?? [], arms, chosen));
      chosen = all[Math.min(at, all.length - 1)]?.step.id;
    },
    move(by: number) {
      const at = all.findIndex(({ step }) => step.id === chosen);
      chosen = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + by))]?.step.id;
    },
    undo() {
      const before = past.at(-1);
      if (!before) return;
      past = past.slice(0, -1);
      future = [draft, ...future];
      become(before);
    },
    redo() {
      const [after, ...rest] = future;
      if (!after) return;
      past = [...past, draft];
      future = rest;
      become(after);
    },
  };
}

export type Editor = ReturnType<typeof editorOf>;
