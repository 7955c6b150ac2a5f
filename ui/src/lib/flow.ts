import type { Step } from '#domain/sequence.ts';

/** A sequence as it is being written: only its name is sure. */
export interface Draft {
  name: string;
  steps?: Step[];
  [key: string]: unknown;
}

/** A step with the list it stands in: the trunk, or an arm of another step. */
export interface Placed {
  step: Step;
  parent?: Step;
  arm?: string;
  index: number;
}

type Arms = (kind: string) => readonly string[];

/** Every step in the order it is read: a step, then what is inside its arms. */
export function placed(steps: Step[], arms: Arms, parent?: Step, arm?: string): Placed[] {
  return steps.flatMap((step, index) => [
    { step, index, ...(parent && { parent }), ...(arm && { arm }) },
    ...arms(step.kind).flatMap((name) => placed(armOf(step, name), arms, step, name)),
  ]);
}

/** What the steps are called. */
export function idsOf(all: Placed[]): Set<string> {
  return new Set(all.map(({ step }) => step.id));
}

export function armOf(step: Step, name: string): Step[] {
  return Array.isArray(step[name]) ? (step[name] as Step[]) : [];
}

/** The same steps with the lists changed in which something stands; what is untouched stays the same object. */
function within(steps: Step[], arms: Arms, change: (list: Step[]) => Step[]): Step[] {
  const changed = change(steps).map((step) => {
    const names = arms(step.kind);
    if (names.length === 0) return step;
    const inside = Object.fromEntries(
      names
        .filter((name) => step[name] !== undefined)
        .map((name) => [name, within(armOf(step, name), arms, change)]),
    );
    return { ...step, ...inside };
  });
  return changed;
}

/** Puts a step after another, or at the end of the trunk when there is no other. */
export function addAfter(steps: Step[], arms: Arms, after: string | undefined, step: Step): Step[] {
  if (!after) return [...steps, step];
  return within(steps, arms, (list) =>
    list.flatMap((one) => (one.id === after ? [one, step] : [one])),
  );
}

/** Puts a step at the beginning of an arm. */
export function addInto(
  steps: Step[],
  arms: Arms,
  { parent, arm }: { parent: string; arm: string },
  step: Step,
): Step[] {
  return within(steps, arms, (list) =>
    list.map((one) => (one.id === parent ? { ...one, [arm]: [step, ...armOf(one, arm)] } : one)),
  );
}

export function replace(steps: Step[], arms: Arms, id: string, step: Step): Step[] {
  return within(steps, arms, (list) => list.map((one) => (one.id === id ? step : one)));
}

export function remove(steps: Step[], arms: Arms, id: string): Step[] {
  return within(steps, arms, (list) => list.filter((one) => one.id !== id));
}

/** A copy right after the original, every step in it under a name of its own. */
export function duplicate(steps: Step[], arms: Arms, id: string): { steps: Step[]; copy?: Step } {
  const found = placed(steps, arms).find(({ step }) => step.id === id)?.step;
  if (!found) return { steps };
  const taken = new Set(placed(steps, arms).map(({ step }) => step.id));
  const copy = renamed(found, arms, taken);
  return { steps: addAfter(steps, arms, id, copy), copy };
}

function renamed(step: Step, arms: Arms, taken: Set<string>): Step {
  const id = freeId(step.id.replace(/-\d+$/, ''), taken);
  taken.add(id);
  const inside = Object.fromEntries(
    arms(step.kind)
      .filter((name) => step[name] !== undefined)
      .map((name) => [name, armOf(step, name).map((one) => renamed(one, arms, taken))]),
  );
  return { ...structuredClone(step), ...inside, id };
}

/** `email`, then `email-2`: the first of these that nothing is called yet. */
export function freeId(base: string, taken: Set<string>): string {
  if (!taken.has(base)) return base;
  for (let number = 2; ; number++) if (!taken.has(`${base}-${number}`)) return `${base}-${number}`;
}

/** What a new step of a kind begins with. */
export function newStep(kind: string, taken: Set<string>): Step {
  const beginnings: Record<string, object> = {
    email: { subject: '', body: '', thread: 'new' },
    sms: { text: '' },
    wait: { for: { businessDays: 2 } },
    'wait-for': { event: 'link.clicked', timeout: { days: 3 } },
    branch: {
      if: { field: 'contact.smsEligible', operator: 'equals', value: true },
      then: [],
      else: [],
    },
    call: { title: 'Call {{contact.firstName}}', due: { hours: 4 } },
    task: { title: '', due: { days: 1 } },
    notify: { to: 'owner', text: '{{lead.name}}' },
    update: {},
    stop: {},
  };
  return { id: freeId(kind, taken), kind, ...beginnings[kind] };
}
