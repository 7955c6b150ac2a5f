import { IANAZone } from 'luxon';
import { type Weekday, weekdays } from './sequence.ts';

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** The first and the last instant at which a wall clock shows a time: they differ when it is put back. */
export interface Moments {
  first: number;
  last: number;
}
const moments = new Map<string, Moments>();

/** Months of a crowd ask for the same few openings; they are reckoned once. */
export function momentsOf(date: string, clock: string, zone: string): Moments {
  const key = `${date} ${clock} ${zone}`;
  const known = moments.get(key);
  if (known !== undefined) return known;
  if (moments.size > 20_000) moments.clear();
  const [day, time] = clock === '24:00' ? [nextDate(date), '00:00'] : [date, clock];
  const moment = wallClock(Date.parse(`${day}T${time}:00.000Z`), zone);
  moments.set(key, moment);
  return moment;
}

/** A wall clock time comes once, or twice when the clock is put back; one that never comes is the moment it is put forward. */
export function wallClock(local: number, zone: string): Moments {
  const offsets = [offsetAt(local - DAY, zone), offsetAt(local + DAY, zone)];
  const found = offsets
    .map((offset) => local - offset)
    .filter((moment) => moment + offsetAt(moment, zone) === local);
  if (found.length > 0) return { first: Math.min(...found), last: Math.max(...found) };
  const change = changeBetween(local - Math.max(...offsets), local - Math.min(...offsets), zone);
  return { first: change, last: change };
}

/** The minute at which the offset changes. */
function changeBetween(from: number, to: number, zone: string): number {
  const before = offsetAt(from, zone);
  let [low, high] = [from, to];
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (middle <= low) break;
    if (offsetAt(middle, zone) === before) low = middle;
    else high = middle;
  }
  return high;
}

const zones = new Map<string, IANAZone>();
const offsets = new Map<string, Map<number, number>>();
const QUARTER = 15 * MINUTE;

/** Milliseconds ahead of UTC. Zones change on quarters of an hour, so each quarter is asked for once. */
export function offsetAt(moment: number, name: string): number {
  let known = offsets.get(name);
  if (!known) offsets.set(name, (known = new Map()));
  const quarter = Math.floor(moment / QUARTER);
  let offset = known.get(quarter);
  if (offset === undefined) {
    let zone = zones.get(name);
    if (!zone) zones.set(name, (zone = IANAZone.create(name)));
    if (known.size > 50_000) known.clear();
    known.set(quarter, (offset = zone.offset(quarter * QUARTER) * MINUTE));
  }
  return offset;
}

const dates = new Map<number, string>();

/** Days are few and asked for often. */
export function dateAt(moment: number, zone: string): string {
  const day = Math.floor((moment + offsetAt(moment, zone)) / DAY);
  let date = dates.get(day);
  if (date === undefined) {
    if (dates.size > 5000) dates.clear();
    dates.set(day, (date = iso(day * DAY).slice(0, 10)));
  }
  return date;
}

export function clockAt(moment: number, zone: string): string {
  return iso(moment + offsetAt(moment, zone)).slice(11, 16);
}

export function nextDate(date: string, days = 1): string {
  return iso(Date.parse(date) + days * DAY).slice(0, 10);
}

export function weekdayOf(date: string): Weekday {
  // The first of January 1970 was a Thursday.
  const day = Math.floor(Date.parse(date) / DAY) + 3;
  return weekdays[((day % 7) + 7) % 7]!;
}

export function iso(moment: number): string {
  return new Date(moment).toISOString();
}
