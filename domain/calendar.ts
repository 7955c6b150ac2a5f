import { IANAZone } from 'luxon';
import { type Duration, type Hours, unitOf, type Weekday, weekdays } from './sequence.ts';
import {
  clockAt,
  dateAt,
  DAY,
  iso,
  MINUTE,
  momentsOf,
  nextDate,
  offsetAt,
  wallClock,
  weekdayOf,
} from './wall-clock.ts';

/** Whether a day, such as 2026-07-04, is a holiday where it matters. */
export type IsHoliday = (date: string) => boolean;

/** When something may happen: on these days, between these times of this zone. `to` is exclusive and may be 24:00. */
export interface Window {
  days: readonly Weekday[];
  from: string;
  to: string;
  hours?: Partial<Record<Weekday, Hours>>;
  zone: string;
  isHoliday?: IsHoliday;
}

/** Windows that leave no moment in so many days never open. */
const PATIENCE = 400;

/** The first instant at or after `at` that every window allows; nothing if there is none within a year. */
export function nextAllowed(at: string, windows: readonly Window[]): string | undefined {
  let moment = Date.parse(at);
  const end = moment + PATIENCE * DAY;
  while (moment < end) {
    const next = windows.reduce((then, window) => opening(then, window), moment);
    if (next === moment) return iso(moment);
    moment = next;
  }
  return undefined;
}

/** How long the windows stay open from a moment at which they are, in milliseconds. */
export function openFor(at: string, windows: readonly Window[]): number {
  const moment = Date.parse(at);
  const ends = windows.map((window) => hoursOn(dateAt(moment, window.zone), window)?.to ?? moment);
  return Math.max(0, Math.min(...ends, moment + DAY) - moment);
}

/** SMS goes out from 8 to 20 of the recipient's clock on any day, whatever else is allowed. */
export function smsHours(zone: string | undefined): Window {
  if (zone) return { days: weekdays, from: '08:00', to: '20:00', zone };
  // Where the person is unknown, only when every zone of the United States is awake.
  return { days: weekdays, from: '11:00', to: '20:00', zone: 'America/New_York' };
}

/** An instant at or after the opening, by a chance that is the same each time: 09:00 is not a wall. */
export function jittered(opened: string, windows: readonly Window[], key: string): string {
  const spread = Math.min(30 * MINUTE, openFor(opened, windows) / 4);
  const share = hashOf(`${key} ${opened.slice(0, 10)}`) / 2 ** 32;
  return iso(Date.parse(opened) + Math.floor((share * spread) / 1000) * 1000);
}

/** When a duration is over. Days and business days keep the wall clock of the zone. */
export function plus(
  at: string,
  duration: Duration,
  zone: string,
  isHoliday: IsHoliday = () => false,
): string {
  const { unit, amount } = unitOf(duration);
  const moment = Date.parse(at);
  if (unit !== 'days' && unit !== 'businessDays')
    return iso(moment + Math.round(amount * lengths[unit]));
  const clock = (moment + offsetAt(moment, zone)) % DAY;
  let date = dateAt(moment, zone);
  for (let left = Math.abs(amount); left > 0;) {
    date = nextDate(date, Math.sign(amount));
    if (unit === 'days' || !isOff(date, isHoliday)) left -= 1;
  }
  return iso(wallClock(Date.parse(date) + clock, zone).first);
}

const lengths = { seconds: 1000, minutes: MINUTE, hours: 60 * MINUTE };

function isOff(date: string, isHoliday: IsHoliday): boolean {
  const weekday = weekdayOf(date);
  return weekday === 'sat' || weekday === 'sun' || isHoliday(date);
}

/** The first time at or after `at` that it is one of these days and this o'clock. */
export function nextWeekday(
  at: string,
  days: readonly Weekday[],
  clock: string,
  zone: string,
): string {
  let date = dateAt(Date.parse(at), zone);
  for (let ahead = 0; ahead <= 7; ahead += 1, date = nextDate(date)) {
    const moment = momentsOf(date, clock, zone).first;
    if (days.includes(weekdayOf(date)) && moment >= Date.parse(at)) return iso(moment);
  }
  return at;
}

/** The instant of a wall clock time; one that is skipped by a clock change is the first after it. */
export function instantOf(date: string, clock: string, zone: string): string {
  return iso(momentsOf(date, clock, zone).first);
}

/** The local day of an instant, such as 2026-07-04. */
export function dayOf(at: string, zone: string): string {
  return dateAt(Date.parse(at), zone);
}

/** An instant as people of that zone write it: "Sat 21 Nov 12:12". */
export function sayInstant(at: string, zone: string): string {
  const date = dateAt(Date.parse(at), zone);
  const day = weekdayOf(date);
  const month = MONTHS[Number(date.slice(5, 7)) - 1];
  const time = clockAt(Date.parse(at), zone);
  return `${day[0]!.toUpperCase()}${day.slice(1)} ${Number(date.slice(8))} ${month} ${time}`;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

export function isZone(zone: string): boolean {
  return IANAZone.isValidZone(zone);
}

/** The moment itself if the window is open, otherwise when it opens next. */
function opening(moment: number, window: Window): number {
  let date = dateAt(moment, window.zone);
  for (let day = 0; day < PATIENCE; day += 1) {
    const hours = hoursOn(date, window);
    if (hours && moment < hours.to) {
      if (moment <= hours.from) return hours.from;
      // Where an hour comes twice, the clock may be back before the opening.
      return clockAt(moment, window.zone) < hours.clock ? hours.again : moment;
    }
    date = nextDate(date);
  }
  return moment + PATIENCE * DAY;
}

/** The window of one local day as instants, or nothing if it stays shut. */
function hoursOn(date: string, window: Window): Opening | undefined {
  const weekday = weekdayOf(date);
  if (!window.days.includes(weekday) || window.isHoliday?.(date)) return undefined;
  const { from, to } = window.hours?.[weekday] ?? window;
  const [opens, closes] = [momentsOf(date, from, window.zone), momentsOf(date, to, window.zone)];
  if (opens.first >= closes.first) return undefined;
  return { clock: from, from: opens.first, again: opens.last, to: closes.first };
}

interface Opening {
  clock: string;
  from: number;
  again: number;
  to: number;
}

/** FNV-1a: the same on every machine. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash;
}
