import { type Duration, type Step, unitOf } from '#domain/sequence.ts';
import type { Problem } from './lint.ts';
import { armOf } from './plan.ts';
import { kindOf } from './steps/index.ts';

/** Between two touches of one person there are at least so many hours. */
export const GAP = 20;

/** Sends that follow each other too closely on some way through the tree; time is counted at its shortest. */
export function lintPressure(steps: Step[]): Problem[] {
  const found = new Map<string, Problem>();
  walk(steps, 'steps', [{ hours: Infinity }], found);
  return [...found.values()];
}

/** How long ago the last send was, on one way to here. */
interface Way {
  hours: number;
  from?: string;
}

function walk(steps: Step[], path: string, ways: Way[], found: Map<string, Problem>): Way[] {
  let here = ways;
  for (const [index, step] of steps.entries()) here = pass(step, `${path}[${index}]`, here, found);
  return here;
}

function pass(step: Step, path: string, ways: Way[], found: Map<string, Problem>): Way[] {
  if (kindOf(step.kind).channel) {
    const close = ways.find(({ hours }) => hours < GAP);
    if (close) found.set(step.id, problem(step, path, close));
    return [{ hours: 0, from: step.id }];
  }
  if (step.kind === 'stop') return [];
  if (step.kind === 'wait') return later(ways, hoursOf(step['for'] as Duration | undefined));
  if (kindOf(step.kind).arms.length === 0) return ways;
  const timedOut = hoursOf(step['timeout'] as Duration | undefined);
  const arms = kindOf(step.kind).arms.flatMap((name) =>
    walk(
      armOf(step, name),
      `${path}.${name}`,
      name === 'else' ? later(ways, timedOut) : ways,
      found,
    ),
  );
  return nearest(arms);
}

function later(ways: Way[], hours: number): Way[] {
  return ways.map((way) => ({ ...way, hours: way.hours + hours }));
}

/** Of many ways only the nearest send counts, so a deep tree costs no more than a flat one. */
function nearest(ways: Way[]): Way[] {
  return ways.toSorted((a, b) => a.hours - b.hours).slice(0, 1);
}

function hoursOf(duration: Duration | undefined): number {
  if (!duration) return 0;
  const { unit, amount } = unitOf(duration);
  const length = { seconds: 1 / 3600, minutes: 1 / 60, hours: 1, days: 24, businessDays: 24 };
  return amount * length[unit];
}

function problem(step: Step, field: string, { hours, from }: Way): Problem {
  const ago = hours === 0 ? 'at once' : `${Math.round(hours * 10) / 10} h`;
  return {
    ...{ severity: 'warning', code: 'too-close', field, stepId: step.id },
    message: `This follows "${from}" ${ago === 'at once' ? ago : `after ${ago}`}; one person hears from us every ${GAP} h at most.`,
  };
}
