import type { Run, RunStep } from '#domain/run.ts';
import type { namer } from './people.ts';

export type { EnrolmentRow, Run, RunStep } from '#domain/run.ts';
export type { HistoryEvent } from '#domain/history.ts';

type LineState = 'done' | 'proven' | 'held' | 'failed' | 'now' | 'promised';

/** How a step is drawn on the line of a run: solid happened, accent is now, dashed is promised. */
export function lineStateOf({ place, state }: Pick<RunStep, 'place' | 'state'>): LineState {
  if (place === 'now') return 'now';
  if (place !== 'done') return 'promised';
  if (['accepted', 'delivered', 'sent'].includes(state)) return 'proven';
  if (['failed', 'bounced', 'blocked'].includes(state)) return 'failed';
  return ['held', 'skipped', 'unknown'].includes(state) ? 'held' : 'done';
}

/** A reason as a sentence begins; the name of a field stays as it is written. */
export function begun(because: string): string {
  if (/^\w+\.\w/.test(because)) return because;
  return because.charAt(0).toUpperCase() + because.slice(1);
}

/** The run with people's names in its reasons; `named` puts them there. */
export function namedRun(run: Run, named: ReturnType<typeof namer>): Run {
  return {
    ...run,
    because: named(run.because),
    nextBecause: named(run.nextBecause),
    enteredBy: named(run.enteredBy),
    steps: run.steps.map((step) => ({ ...step, because: named(step.because) })),
    next: run.next && { ...run.next, because: named(run.next.because) },
  };
}

/** `Fri 20 Mar 09:05:33 CDT`: to the second, in the zone of the person it is about. */
export function exactly(at: string, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ weekday: 'short', day: 'numeric', month: 'short', timeZone: zone },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false },
  }).formatToParts(new Date(at));
  const of = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${of['weekday']} ${of['day']} ${of['month']} ${of['hour']}:${of['minute']}:${of['second']} ${zoneName(at, zone)}`;
}

/** Where it stands among its steps: the trunk and the arms that were taken. */
export function progressOf({ steps }: Pick<Run, 'steps'>): { step: number; of: number } {
  const counted = steps.filter(({ place }) => place !== 'passed');
  const at = counted.findIndex(({ place }) => place === 'now');
  const done = counted.filter(({ place }) => place === 'done').length;
  return { step: at < 0 ? done : at + 1, of: counted.length };
}

function zoneName(at: string, zone: string): string {
  const short = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'short' });
  return short.formatToParts(new Date(at)).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}
