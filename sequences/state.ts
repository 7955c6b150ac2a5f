import type { Ending, Happened, Heard, Keep, Standing } from '#domain/enrolment.ts';

/** All that survives a restart, a deploy or a continue-as-new, in the middle of a wait included. */
export interface State {
  cursor: string | undefined;
  visit: number;
  /** The instant decided for the step before: waits count from it. */
  since: string;
  /** When the current wait ends, if one has begun. */
  until?: string;
  /** A pause moved or outlasted the wait, and the world must be told when it now ends. */
  moved?: boolean;
  /** Why the person is paused, and since when. */
  paused?: { reason: string; at: string };
  /** What stands in the way of the step at hand. */
  blocked?: string;
  /** A person wants the step at hand left out. */
  skip?: boolean;
  ending?: Ending;
  /** Events that a wait may still ask for, kept since the person entered. */
  heard: Heard[];
  /** Ids of what was already taken in, the latest last. */
  seen: string[];
  /** How often each was said: whoever is waiting sees that it was said meanwhile. */
  said: { resumed: number; retried: number; retimed: number; heard: number };
}

const REMEMBERED = 500;
const KEPT = 50;

export function freshState(since: string): State {
  const said = { resumed: 0, retried: 0, retimed: 0, heard: 0 };
  return { cursor: undefined, visit: 0, since, heard: [], seen: [], said };
}

/** Takes in what happened, once, at the instant it is told. */
export function happen(state: State, event: Happened, now: string): void {
  if (state.seen.includes(event.id)) return;
  state.seen = [...state.seen.slice(1 - REMEMBERED), event.id];
  switch (event.is) {
    case 'left':
      state.ending ??= event.ending;
      break;
    case 'paused':
      state.paused = { reason: event.reason, at: state.paused?.at ?? now };
      break;
    case 'resumed':
      resume(state, event.keep, now);
      break;
    case 'heard':
      keep(state, { id: event.id, event: event.event, at: event.at });
      break;
    case 'retimed':
      state.said.retimed += 1;
      break;
    case 'skipped':
      if (event.stepId === state.cursor) state.skip = true;
      break;
    case 'retried':
      state.said.retried += 1;
      break;
  }
}

/** The event of this name that was kept, if any. `task.done` also hears `task.done:7`. */
export function findHeard(state: State, name: string): Heard | undefined {
  return state.heard.find(({ event }) => event === name || event.startsWith(`${name}:`));
}

/** That event, which is then used up. */
export function take(state: State, name: string): Heard | undefined {
  const found = findHeard(state, name);
  if (found) state.heard = state.heard.filter((one) => one !== found);
  return found;
}

/** Where the walk stands, for whoever commands it. */
export function standingOf(state: State): Standing {
  const { ending } = state;
  const status = ending?.status ?? (state.paused ? 'paused' : state.blocked ? 'blocked' : 'active');
  const stepId = (ending ? undefined : state.cursor) ?? null;
  return { status, stepId, ...(state.until && !ending && { until: state.until }) };
}

/** Forgets what belonged to the step that is over. */
export function leaveStep(state: State): void {
  delete state.until;
  delete state.moved;
  delete state.blocked;
  delete state.skip;
  state.visit += 1;
}

/** Keeping the rest moves the wait, and what it is reckoned from, by as long as the pause lasted. */
function resume(state: State, keep: Keep, now: string): void {
  state.said.resumed += 1;
  if (state.paused && state.until) {
    const pausedFor = Date.parse(now) - Date.parse(state.paused.at);
    if (keep === 'rest') {
      state.until = later(state.until, pausedFor);
      state.since = later(state.since, pausedFor);
    }
    state.moved = true;
  }
  delete state.paused;
}

/** Of each name the latest is kept: one is enough to end a wait. */
function keep(state: State, heard: Heard): void {
  state.said.heard += 1;
  const others = state.heard.filter(({ event }) => event !== heard.event);
  state.heard = [...others, heard].slice(-KEPT);
}

function later(instant: string, milliseconds: number): string {
  return new Date(Date.parse(instant) + milliseconds).toISOString();
}
