import { CancellationScope, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { Enrolment, Heard } from '#domain/enrolment.ts';
import type { StepOfWalk } from '#domain/touch.ts';
import { findHeard, type State, take } from '#sequences/state.ts';
import { Left, type Reached, Skipped, type Walk } from '#sequences/steps/step.ts';
import { act, glance } from './activities.ts';
import type { enrolment } from './enrolment.ts';

const DAY = 24 * 60 * 60 * 1000;
/** A pause after a reply that nobody ends is an ending. */
const PATIENCE = 30 * DAY;
/** A run is followed by a fresh one after so many events, or steps: what is replayed stays short. */
const LONG = 500;
const FAR = 100;

interface Wait {
  why: string;
  /** What had been said when the world was asked, so that nothing said meanwhile is lost. */
  told?: State['said'];
  /** Ends the wait; without one, and `anything` set, whatever is heard does. */
  event?: string;
  anything?: boolean;
  /** Asked for by the sequence, so the world is told when it moves; otherwise whoever moved it asks again. */
  ours?: { suggested: string };
}

/** Lends the interpreter a durable clock and durable verbs, for one run of one person. */
export function walker(person: Enrolment, state: State) {
  let steps = 0;
  /** How much was heard when conditions were last weighed. */
  let weighed = state.said.heard;

  function walk(stepId: string): Walk {
    return {
      now: () => state.since,
      async rest(suggested, why) {
        const told = { ...state.said };
        await note(stepId, suggested, why);
        await wait(stepId, { why, told, ours: { suggested } });
      },
      async waitUntil(at, why) {
        state.until = at;
        await wait(stepId, { why });
      },
      hear: (event, until, why) => hear(stepId, event, until, why),
      async listen(event, until) {
        if (until) state.until = until;
        else delete state.until;
        const heard = await wait(stepId, { why: 'waits for a task', event });
        if (heard) state.since = latest(state.since, heard.at);
        return heard;
      },
      touch: () => touch(stepId),
      async choose() {
        weighed = state.said.heard;
        return (await unlessLeft(() => glance.choose(step(stepId)))).arm;
      },
    };
  }

  async function hear(
    stepId: string,
    event: string | undefined,
    suggested: string,
    why: string,
  ): Promise<Heard | undefined> {
    let heard = event === undefined ? undefined : take(state, event);
    const asked = step(stepId);
    if (!heard) {
      const told = { ...state.said, heard: weighed };
      await note(stepId, suggested, why);
      const what = event === undefined ? { anything: true } : { event };
      heard = await wait(stepId, { why, ...what, told, ours: { suggested } });
    }
    if (event === undefined) return heard;
    const outcome = heard ? { heardId: heard.id, outcome: 'heard' as const } : undefined;
    await unlessLeft(() => glance.heard({ ...asked, event, outcome: 'timed-out', ...outcome }));
    if (heard) state.since = latest(state.since, heard.at);
    return heard;
  }

  /** Reaches the person. A pause and a block end in here, and it is asked again. */
  async function touch(stepId: string): Promise<Reached> {
    for (;;) {
      await unblocked();
      const { resumed, retried, retimed } = state.said;
      const answer = await unlessLeft(() => act.touch(step(stepId)));
      switch (answer.is) {
        case 'left':
          state.ending ??= answer.ending;
          throw new Left(state.ending);
        // Who resumed or repaired it meanwhile need not do so twice.
        case 'paused':
          if (state.said.resumed === resumed)
            state.paused ??= { reason: answer.because, at: instant() };
          break;
        case 'blocked':
          if (state.said.retried === retried) state.blocked = answer.because;
          break;
        case 'sent':
          state.since = answer.at;
          return answer;
        case 'held':
          if (state.said.retimed > retimed) break;
          return answer;
        case 'done':
        case 'skipped':
        case 'waiting':
          return answer;
      }
    }
  }

  async function unblocked(): Promise<void> {
    const { retried } = state.said;
    while (state.blocked) {
      await goOn();
      await condition(() => isDisturbed() || state.said.retried > retried);
      if (state.said.retried > retried) delete state.blocked;
    }
  }

  /** Asks the world when this wait ends, once: a run that was begun afresh knows already. */
  async function note(stepId: string, until: string, because: string): Promise<void> {
    if (state.until) return;
    const answer = await unlessLeft(() => glance.rest({ ...step(stepId), until, because }));
    state.until = answer.until;
  }

  /** Sleeps until the instant or the event, through pauses; what was only held wakes when the world changed. */
  async function wait(stepId: string, about: Wait): Promise<Heard | undefined> {
    const { ours, why } = about;
    let told = about.told ?? { ...state.said };
    for (;;) {
      await goOn();
      const said = { ...state.said };
      if (!ours && (said.resumed > told.resumed || said.retimed > told.retimed)) return undefined;
      if (ours && (state.moved || said.retimed > told.retimed)) await tellAgain(stepId, ours, why);
      const heard = heardOf(about, told.heard);
      if (heard) return heard;
      const left = state.until ? Date.parse(state.until) - Date.now() : undefined;
      if (left !== undefined && left <= 0) break;
      told = { ...said, heard: told.heard };
      await sleep(left, why, () => changed(about, told));
    }
    state.since = state.until!;
    delete state.until;
    return undefined;
  }

  async function tellAgain(stepId: string, { suggested }: { suggested: string }, because: string) {
    const exact = state.moved === true;
    delete state.moved;
    const until = exact && state.until ? state.until : suggested;
    const rest = { ...step(stepId), until, because, ...(exact && { exact }) };
    state.until = (await unlessLeft(() => glance.rest(rest))).until;
  }

  function changed({ event, anything }: Wait, told: State['said']): boolean {
    const { said } = state;
    if (isDisturbed() || said.retimed > told.retimed || said.resumed > told.resumed) return true;
    if (event !== undefined) return findHeard(state, event) !== undefined;
    return anything === true && said.heard > told.heard;
  }

  function heardOf({ event, anything }: Wait, before: number): Heard | undefined {
    if (event !== undefined) return take(state, event);
    return anything && state.said.heard > before ? state.heard.at(-1) : undefined;
  }

  /** A pause is not leaving: the run stays, and whatever comes next waits here until it is over. */
  async function goOn(): Promise<void> {
    for (;;) {
      if (state.ending) throw new Left(state.ending);
      if (state.skip) {
        state.since = instant();
        throw new Skipped();
      }
      if (isWornOut()) await continueAsNew<typeof enrolment>(person, state);
      if (!state.paused) return;
      await endOfPause(state.paused);
    }
  }

  async function endOfPause({ reason, at }: { reason: string; at: string }): Promise<void> {
    const left = reason === 'replied' ? Date.parse(at) + PATIENCE - Date.now() : undefined;
    await sleep(left, `paused: ${reason}`, isOver);
    if (left !== undefined && !isOver()) state.ending = { status: 'stopped', reason: 'replied' };

    function isOver(): boolean {
      return state.paused?.reason !== reason || isLeaving() || isWornOut();
    }
  }

  /** A retry may wait for minutes; someone who leaves is not kept waiting with it. */
  async function unlessLeft<T>(ask: () => Promise<T>): Promise<T> {
    await goOn();
    const asking = new CancellationScope();
    const answer = asking.run(ask);
    const leaving = condition(isLeaving);
    await Promise.race([answer, leaving]);
    if (!isLeaving()) return answer;
    answer.catch(() => undefined);
    asking.cancel();
    await goOn();
    return answer;
  }

  async function between(): Promise<void> {
    await goOn();
    steps += 1;
  }

  function step(stepId: string): StepOfWalk {
    const { workspaceId, enrolmentId } = person;
    return { workspaceId, enrolmentId, stepId, visit: state.visit, since: state.since };
  }

  function isLeaving(): boolean {
    return state.ending !== undefined || state.skip === true;
  }

  function isWornOut(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return continueAsNewSuggested || historyLength > LONG || steps > FAR;
  }

  function isDisturbed(): boolean {
    return isLeaving() || state.paused !== undefined || isWornOut();
  }

  return { walk, between };
}

async function sleep(left: number | undefined, summary: string, disturbed: () => boolean) {
  if (left === undefined) await condition(disturbed);
  else await condition(disturbed, Math.max(1, left), { summary });
}

function latest(one: string, other: string): string {
  return Date.parse(one) > Date.parse(other) ? one : other;
}

function instant(): string {
  return new Date(Date.now()).toISOString();
}
