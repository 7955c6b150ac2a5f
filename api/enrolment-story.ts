import type { getEnrolment, Trace } from '#db/enrolments.ts';
import { factsOf, whereaboutsOf } from '#db/facts.ts';
import { jittered, nextAllowed } from '#domain/calendar.ts';
import { isOpen } from '#domain/enrolment.ts';
import type { Run, RunStep } from '#domain/run.ts';
import type { Step } from '#domain/sequence.ts';
import { summarize } from '#sequences/catalogue.ts';
import { armOf, planOf } from '#sequences/plan.ts';
import { holidaysIn, windowsOf, zoneIn } from '#sequences/rehearse.ts';
import { restOf } from '#sequences/rest.ts';
import { kindOf } from '#sequences/steps/index.ts';

type Given = Awaited<ReturnType<typeof getEnrolment>>;

/** A walk as a story: what was done, where it stands, and what comes next as far as the calendar can tell. */
export function storyOf(given: Given, now: string): Run {
  const { enrolment, definition, person, traces } = given;
  const zone = person.contact.timeZone ?? person.workspace.timeZone;
  const trace = new Map(traces.map((one) => [one.stepId, one]));
  const walks = isOpen(enrolment.status as never);
  const here = walks ? (enrolment.stepId ?? definition.steps[0]?.id) : undefined;
  const dates = here ? datesAhead(given, here, enrolment.nextAt ?? now) : new Map<string, Ahead>();
  const steps = flat(definition.steps).map((place): RunStep => {
    const { step } = place;
    const ahead = dates.get(step.id);
    return {
      ...{
        id: step.id,
        kind: step.kind,
        title: summarize(step),
        depth: place.depth,
        arm: place.arm,
      },
      ...(step.id === here
        ? nowOf(enrolment, trace.get(step.id))
        : trace.has(step.id)
          ? doneOf(trace.get(step.id)!)
          : aheadOf(ahead, walks)),
    };
  });
  return { ...enrolment, status: enrolment.status as Run['status'], zone, steps, next: nextOf() };

  function nextOf(): Run['next'] {
    if (!walks) return null;
    const because = enrolment.because ?? enrolment.nextBecause ?? 'It begins in a moment.';
    if (enrolment.status !== 'active') return { at: null, stepId: here ?? null, because };
    const at = enrolment.nextAt;
    return { at, stepId: here ?? null, because: enrolment.nextBecause ?? because };
  }
}

type Told = Pick<RunStep, 'place' | 'state' | 'at' | 'because' | 'touchId'>;

function nowOf(
  { status, nextAt, nextBecause, because }: Given['enrolment'],
  trace: Trace | undefined,
): Told {
  const state = status === 'active' ? (trace?.state ?? 'begins') : status;
  const why = (status === 'active' ? nextBecause : because) ?? trace?.because ?? '';
  return { place: 'now', state, at: nextAt, because: why, touchId: trace?.touchId ?? null };
}

function doneOf({ state, at, because, touchId }: Trace): Told {
  return { place: 'done', state, at, because, touchId };
}

function aheadOf(ahead: Ahead | undefined, walks: boolean): Told {
  if (!walks || !ahead)
    return { place: 'passed', state: 'not-taken', at: null, because: '', touchId: null };
  const { at, because, sure } = ahead;
  return { place: sure ? 'next' : 'perhaps', state: 'planned', at, because, touchId: null };
}

interface Placed {
  step: Step;
  depth: number;
  arm: string | null;
}

function flat(steps: Step[], depth = 0, arm: string | null = null): Placed[] {
  return steps.flatMap((step) => [
    { step, depth, arm },
    ...kindOf(step.kind).arms.flatMap((name) => flat(armOf(step, name), depth + 1, name)),
  ]);
}

interface Ahead {
  at: string | null;
  because: string;
  /** Whether nothing lies before it that depends on what happens. */
  sure: boolean;
}

/** The instants of what follows, as long as they depend on the calendar alone; then only that it may come. */
function datesAhead(given: Given, from: string, at: string): Map<string, Ahead> {
  const { definition, person, enrolment } = given;
  const plan = planOf(definition.steps);
  const { who, places } = whereaboutsOf(person);
  const ahead = new Map<string, Ahead>();
  follow(from, at, true);
  return ahead;

  function follow(id: string, since: string | null, sure: boolean): void {
    const stop = plan.get(id);
    if (!stop) return;
    const isFork = kindOf(stop.step.kind).arms.length > 0;
    const nexts = isFork ? Object.values(stop.arms) : [stop.next];
    for (const next of nexts) {
      const step = next === undefined ? undefined : plan.get(next)?.step;
      if (!step || ahead.has(step.id)) continue;
      const told = isFork || !sure || since === null ? undefined : tell(step, since);
      const because = told?.because ?? `depends on “${stop.step.id}”`;
      ahead.set(step.id, { at: told?.at ?? null, because, sure: sure && !isFork });
      follow(step.id, told?.over ?? null, sure && !isFork);
    }
  }

  /** When a step is carried out, and when it is over. */
  function tell(step: Step, since: string): { at: string; over: string; because: string } {
    if (step.kind === 'wait') {
      const zone = zoneIn(definition.schedule.zone, who.zone, places);
      const isHoliday = holidaysIn(definition.schedule.holidays, who, places);
      const reckoning = { zone, facts: factsOf(person), ...(isHoliday && { isHoliday }) };
      const { until, because } = restOf(step, since, reckoning);
      return { at: until, over: until, because };
    }
    const windows = windowsOf(definition, step, who, places);
    const opens = windows.length > 0 ? nextAllowed(since, windows) : since;
    if (!opens || opens === since) return { at: since, over: since, because: 'at once' };
    const at = jittered(opens, windows, enrolment.leadId);
    return { at, over: at, because: 'when the send window opens' };
  }
}
