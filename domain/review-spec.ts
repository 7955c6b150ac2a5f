import { DateTime } from 'luxon';
import { changesOf, strikesAfter } from './review-clock.ts';
import { type CronFields, fieldsOf } from './review-cron.ts';

/** Local times that recur; a field that is left out is every value, but hour, minute and second, which are 0. */
export interface LocalTimes {
  minute: number[];
  hour: number[];
  dayOfMonth?: number[];
  month?: number[];
  dayOfWeek?: number[];
  year?: number[];
}

/** When a review strikes, in the words of Temporal: recurring local times, those that are not meant, and single instants. */
export interface StrikeSpec {
  calendars: LocalTimes[];
  skip: LocalTimes[];
  /** ISO in UTC. */
  instants: string[];
}

/** For how many years the days on which clocks change are written out. */
const YEARS = 10;

/**
 * Compiles a cron. Temporal leaves out a local time that does not exist, and strikes one that comes twice once or twice,
 * depending on the zone: those hours are skipped and their instants given one by one, counted from `since`.
 */
export function specOf(review: { cron: string; timeZone: string }, since: string): StrikeSpec {
  const fields = fieldsOf(review.cron);
  const spec: StrikeSpec = { calendars: calendarsOf(fields), skip: [], instants: [] };
  for (const { at, minutes } of changesOf(review.timeZone, since, YEARS)) {
    const turned = Date.parse(at);
    const span = Math.abs(minutes) * MINUTE;
    if (minutes > 0) {
      // What was meant for the left-out time strikes when it is over, unless the cron names that time as well.
      const wall = turned + offsetAt(at, review.timeZone);
      const isNamed = within({ ...review, timeZone: 'UTC' }, wall, wall).length > 0;
      if (!isNamed) spec.instants.push(...within(review, turned, turned));
      continue;
    }
    // East of Greenwich Temporal strikes once too often in the hour before as well.
    const hours = hoursOf(turned - 2 * span, turned + span, review.timeZone);
    const struck = within(review, turned - 2 * span - HOUR, turned + span + HOUR);
    const touched = struck.filter((one) => hours.has(hourOf(one, review.timeZone)));
    if (touched.length === 0) continue;
    spec.instants.push(...touched);
    spec.skip.push(
      ...[...hours].map((one) => {
        const [year, month, day, hour] = one.split(' ').map(Number) as Four;
        const then = { year: [year], month: [month], dayOfMonth: [day], hour: [hour] };
        return { ...then, minute: all(0, 59) };
      }),
    );
  }
  return spec;
}

type Four = [number, number, number, number];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function calendarsOf(fields: CronFields): LocalTimes[] {
  const { minutes, hours, months, weekdays, anyDay, anyWeekday } = fields;
  const time = { minute: minutes, hour: hours };
  const inMonths = months.length === 12 ? {} : { month: months };
  // As every cron has it: where both are named, either will do.
  const weekly = anyWeekday ? [] : [{ ...time, ...inMonths, dayOfWeek: weekdays }];
  if (anyDay) return weekly.length > 0 ? weekly : [{ ...time, ...inMonths }];
  return [...monthly(fields, time), ...weekly];
}

function monthly(
  { days, months, lastDay }: CronFields,
  time: Pick<LocalTimes, 'minute' | 'hour'>,
): LocalTimes[] {
  const some = months.length === 12 ? {} : { month: months };
  const named = days.length > 0 ? [{ ...time, ...some, dayOfMonth: days }] : [];
  if (!lastDay) return named;
  const last = [
    { month: [1, 3, 5, 7, 8, 10, 12], dayOfMonth: [31] },
    { month: [4, 6, 9, 11], dayOfMonth: [30] },
    { month: [2], dayOfMonth: [29] },
    { month: [2], dayOfMonth: [28], year: all(2020, 2100).filter((year) => !isLeap(year)) },
  ];
  return [
    ...named,
    ...last.flatMap(({ month, ...rest }) => {
      const wanted = month.filter((one) => months.includes(one));
      return wanted.length > 0 ? [{ ...time, month: wanted, ...rest }] : [];
    }),
  ];
}

function isLeap(year: number): boolean {
  return DateTime.utc(year).isInLeapYear;
}

/** The strikes between two instants, both included. */
function within(review: { cron: string; timeZone: string }, from: number, until: number): string[] {
  const after = new Date(from - 1).toISOString();
  return strikesAfter(review, after, { most: 100, until: new Date(until).toISOString() });
}

/** How far its wall clock is ahead of UTC, in milliseconds. */
function offsetAt(at: string, timeZone: string): number {
  return DateTime.fromISO(at, { zone: timeZone }).offset * MINUTE;
}

/** The local hours that a stretch of time touches, as `2026 11 1 1`. */
function hoursOf(from: number, to: number, timeZone: string): Set<string> {
  const hours = new Set<string>();
  for (let at = from; at < to; at += 15 * MINUTE)
    hours.add(hourOf(new Date(at).toISOString(), timeZone));
  return hours;
}

function hourOf(at: string, timeZone: string): string {
  return DateTime.fromISO(at, { zone: timeZone }).toFormat('yyyy L d H');
}

function all(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
