import { type IsHoliday, jittered, nextAllowed, smsHours, type Window } from '#domain/calendar.ts';
import { type Condition, type Facts, type Reason, weigh } from '#domain/condition.ts';
import type { Definition, Step } from '#domain/sequence.ts';
import type { TouchAnswer } from '#domain/touch.ts';
import { restOf } from './rest.ts';
import { type Person, simulate, type Story, type World } from './simulate.ts';
import { kindOf } from './steps/index.ts';

/** Someone who might walk a sequence: where they live, and what is known of them. */
export interface Rehearsed extends Person {
  zone: string | undefined;
  facts: Facts;
  isHoliday?: IsHoliday;
}

export interface Places {
  /** Where the sender and the workspace are, for schedules that go by their clocks. */
  sender: string;
  workspace: string;
  isHoliday?: IsHoliday;
}

/** What the calendar says of one step and one person: which windows must be open for it. */
export function windowsOf(
  { schedule }: Pick<Definition, 'schedule'>,
  step: Pick<Step, 'kind'>,
  who: Pick<Rehearsed, 'zone' | 'isHoliday'>,
  places: Places,
): Window[] {
  const { channel } = kindOf(step.kind);
  if (!channel) return [];
  const { zone, holidays, days, from, to, hours } = schedule;
  const own = zoneIn(zone, who.zone, places);
  const window = { ...{ days, from, to, zone: own }, ...(hours && { hours }) };
  const off = holidaysIn(holidays, who, places);
  const windows = [{ ...window, ...(off && { isHoliday: off }) }];
  return channel === 'sms' ? [...windows, smsHours(who.zone)] : windows;
}

/** The zone a schedule goes by. Of a recipient whose zone nobody knows it is the workspace's. */
export function zoneIn(choice: string, recipient: string | undefined, places: Places): string {
  if (choice === 'recipient') return recipient ?? places.workspace;
  if (choice === 'sender') return places.sender;
  return choice === 'workspace' ? places.workspace : choice;
}

/** Whose holidays a schedule keeps. */
export function holidaysIn(
  choice: Definition['schedule']['holidays'],
  who: Pick<Rehearsed, 'isHoliday'>,
  places: Pick<Places, 'isHoliday'>,
): IsHoliday | undefined {
  return { recipient: who.isHoliday, workspace: places.isHoliday, none: undefined }[choice];
}

/** Walks people through a sequence on a virtual clock, with the real calendar and their own facts: dated, with the reason of each turn. */
export function rehearse(
  definition: Definition,
  people: Rehearsed[],
  places: Places,
  tell = true,
): Promise<Map<string, Story>> {
  const world: World<Rehearsed> = {
    tell,
    touch: (who, step, since, now) => touch(definition, who, step, latest(since, now), places),
    choose(who, step, since) {
      const { holds, because } = weigh(step['if'] as Condition, who.facts, since);
      return { arm: holds ? 'then' : 'else', because: tell ? sayReasons(because) : '' };
    },
    rest(who, step, since) {
      const zone = zoneIn(definition.schedule.zone, who.zone, places);
      const isHoliday = holidaysIn(definition.schedule.holidays, who, places);
      return restOf(step, since, { zone, facts: who.facts, ...(isHoliday && { isHoliday }) });
    },
  };
  return simulate(people, definition.steps, world);
}

function touch(
  definition: Definition,
  who: Rehearsed,
  step: Step,
  at: string,
  places: Places,
): TouchAnswer {
  const windows = windowsOf(definition, step, who, places);
  if (windows.length === 0) return { is: 'done', because: kindOf(step.kind).title };
  const allowed = nextAllowed(at, windows);
  if (!allowed) return { is: 'blocked', because: 'no-window' };
  if (allowed === at) return { is: 'sent', touchId: `${who.id}/${step.id}`, at };
  return {
    ...{ is: 'held', until: jittered(allowed, windows, who.id) },
    because: `the send window (${windows.map(({ from, to, zone }) => `${from}–${to} ${zone}`).join(' and ')}) is shut`,
  };
}

/** What a decision writes down: each fact beside what was asked of it. */
export function sayReasons(because: Reason[]): string {
  return because
    .map(
      ({ field, operator, value, fact }) =>
        `${field} is ${JSON.stringify(fact ?? null)}, asked ${operator}${value === undefined ? '' : ` ${JSON.stringify(value)}`}`,
    )
    .join('; ');
}

function latest(one: string, other: string): string {
  return Date.parse(one) > Date.parse(other) ? one : other;
}
