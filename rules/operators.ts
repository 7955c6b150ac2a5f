import { RE2JS } from 're2js';
import type { FactValue, Operator } from '#domain/rule.ts';
import { type FactType, factTypes } from './facts.ts';
import { DAY, dateOf, dayOf, elapsed, HOUR, type Moment, sideOf, since } from './moment.ts';

/** Whether a fact is so at a moment. Total: whatever the fact is, it answers, and what is no such type is not so. */
export type Test = (fact: FactValue | undefined, moment: Moment) => boolean;

export type Scalar = string | number | boolean;
export type Value = Scalar | Scalar[] | undefined;

interface Meaning {
  /** The facts it may be asked of. */
  of: readonly FactType[];
  /** What a comparand has to be. */
  takes: 'nothing' | 'days' | 'number' | 'size' | 'pair' | 'one' | 'many' | 'part' | 'pattern';
  /** The words between a fact and its value, as a form writes them. */
  says: string;
  make(value: never, how: How): Test;
}

/** What else is known when a test is made: whether it is asked of a time, and counts in hours. */
export interface How {
  isTime: boolean;
  inHours: boolean;
}

const times = ['date', 'instant'] as const;
const numbers = ['number', 'money'] as const;
const single = ['text', 'number', 'money', 'date', 'instant', 'flag'] as const;

/**
 * Every operator there is. Three states of a fact: left out is not known, and no operator holds of it; null, '' and
 * [] are known to be empty: `is_empty` holds and so do those that begin with not_, except not_empty; of a value of
 * another type than the operator is about none holds. Text that looks like a number is text.
 */
export const meanings = {
  is_empty: { of: factTypes, takes: 'nothing', says: 'is empty', make: () => isEmpty },
  not_empty: { of: factTypes, takes: 'nothing', says: 'is there', make: () => isThere },
  is_past: {
    ...{ of: times, takes: 'nothing', says: 'is past' },
    make: () => (fact, moment) => sideOf(fact, moment) < 0,
  },
  is_future: {
    ...{ of: times, takes: 'nothing', says: 'is to come' },
    make: () => (fact, moment) => sideOf(fact, moment) > 0,
  },
  older_than_days: { of: times, takes: 'days', says: 'is at least so old:', make: older },
  newer_than_days: { of: times, takes: 'days', says: 'is newer than', make: newer },
  within_days: { of: times, takes: 'days', says: 'is to come within', make: within },
  greater_than: { of: [...numbers, ...times], takes: 'size', says: 'is more than', make: greater },
  less_than: { of: [...numbers, ...times], takes: 'size', says: 'is less than', make: less },
  between: { of: [...numbers, ...times], takes: 'pair', says: 'is between', make: between },
  equals: { of: single, takes: 'one', says: 'is', make: equal },
  not_equals: {
    of: single,
    takes: 'one',
    says: 'is not',
    make: (one: Scalar, how: How) => unlike(equal(one, how), [one], how),
  },
  in: { of: ['text', ...numbers], takes: 'many', says: 'is one of', make: among },
  not_in: {
    ...{ of: ['text', ...numbers], takes: 'many', says: 'is none of' },
    make: (many: Scalar[]) => unlike(among(many), many),
  },
  contains: { of: ['text', 'list'], takes: 'part', says: 'contains', make: holding },
  not_contains: {
    ...{ of: ['text', 'list'], takes: 'part', says: 'does not contain' },
    make: (part: string) =>
      unless(holding(part), (fact) => typeof fact === 'string' || isList(fact)),
  },
  matches: { of: ['text'], takes: 'pattern', says: 'matches', make: matching },
  changed_times_gt: {
    ...{ of: ['number', 'list'], takes: 'number', says: 'changed more often than' },
    make: (most: number) => (fact: FactValue | undefined) =>
      (isList(fact) ? fact.length : numberOf(fact)) > most,
  },
} satisfies Record<Operator, Meaning>;

/** A pattern of a person, run in time linear in the text; throws on one that is none. */
export function patternOf(text: string): RE2JS {
  return RE2JS.compile(text, RE2JS.CASE_INSENSITIVE);
}

function isEmpty(fact: FactValue | undefined): boolean {
  if (typeof fact === 'string') return fact.trim() === '';
  return fact === null || (isList(fact) && fact.length === 0);
}

function isThere(fact: FactValue | undefined): boolean {
  if (typeof fact === 'string' || isList(fact)) return !isEmpty(fact);
  return typeof fact === 'boolean' || Number.isFinite(fact);
}

function older(days: number, { inHours }: How): Test {
  if (inHours) return (fact, moment) => elapsed(fact, moment) >= days * HOUR;
  return (fact, moment) => since(fact, moment) >= days * DAY;
}

/** What is still to come is newer than anything. */
function newer(days: number, { inHours }: How): Test {
  if (inHours) return (fact, moment) => elapsed(fact, moment) < days * HOUR;
  return (fact, moment) => since(fact, moment) < days * DAY;
}

function within(days: number, { inHours }: How): Test {
  const most = days * (inHours ? HOUR : DAY);
  const gone = inHours ? elapsed : since;
  return (fact, moment) => {
    const left = -gone(fact, moment);
    return left >= 0 && left <= most;
  };
}

function greater(value: number | string): Test {
  if (typeof value === 'number') return (fact) => numberOf(fact) > value;
  const day = dateOf(value);
  return (fact, moment) => dayOf(fact, moment) > day;
}

function less(value: number | string): Test {
  if (typeof value === 'number') return (fact) => numberOf(fact) < value;
  const day = dateOf(value);
  return (fact, moment) => dayOf(fact, moment) < day;
}

/** Both ends are in it. */
function between([least, most]: [number | string, number | string]): Test {
  const [below, above] = [less(least), greater(most)];
  const isSuch = typeof least === 'number' ? isNumber : isTime;
  return (fact, moment) => isSuch(fact, moment) && !below(fact, moment) && !above(fact, moment);
}

/** Dates are compared as days, everything else as it is written. */
function equal(value: Scalar, { isTime }: How): Test {
  if (!isTime) return (fact) => fact === value;
  const day = dateOf(String(value));
  return (fact, moment) => dayOf(fact, moment) === day;
}

function among(many: Scalar[]): Test {
  const known = new Set<unknown>(many);
  return (fact) => known.has(fact);
}

function holding(part: string): Test {
  const low = part.toLowerCase();
  return (fact) => {
    if (isList(fact)) return fact.includes(part);
    return typeof fact === 'string' && fact.toLowerCase().includes(low);
  };
}

function matching(text: string): Test {
  const pattern = patternOf(text);
  return (fact) => typeof fact === 'string' && pattern.matcher(fact).find();
}

/** The opposite, among facts of the type of what they are compared with. */
function unlike(test: Test, values: Scalar[], how?: How): Test {
  if (how?.isTime) return unless(test, isTime);
  const types = new Set(values.map((value) => typeof value as string));
  return unless(
    test,
    (fact) => types.has(typeof fact) && (typeof fact !== 'number' || isNumber(fact)),
  );
}

function unless(test: Test, isSuch: Test): Test {
  return (fact, moment) => fact === null || (isSuch(fact, moment) && !test(fact, moment));
}

function isNumber(fact: unknown): boolean {
  return Number.isFinite(fact);
}

function isTime(fact: unknown, moment: Moment): boolean {
  return !Number.isNaN(dayOf(fact, moment));
}

function isList(fact: unknown): fact is string[] {
  return Array.isArray(fact);
}

function numberOf(fact: unknown): number {
  return typeof fact === 'number' && Number.isFinite(fact) ? fact : NaN;
}
