import { IANAZone } from 'luxon';

/** When and where rules are asked. Money in messages is of `currency`, US dollars where none is given. */
export interface At {
  now: string;
  timeZone: string;
  currency?: string;
}

/** The same, reckoned once: `local` is the wall clock of the zone as milliseconds, `today` a day since 1970. */
export interface Moment {
  now: number;
  local: number;
  today: number;
  zone: Zone;
  currency: string;
}

interface Zone {
  zone: IANAZone;
  /** By day since 1970; NaN for a day on which the clock changes. */
  offsets: Map<number, number>;
}

export const DAY = 24 * 60 * 60 * 1000;
export const HOUR = 60 * 60 * 1000;
const MINUTE = 60 * 1000;

let last: { at: At; moment: Moment } | undefined;

/** Reckons a moment. A zone nobody knows is an error of the caller. */
export function momentOf(at: At): Moment {
  if (
    last?.at.now === at.now &&
    last.at.timeZone === at.timeZone &&
    last.at.currency === at.currency
  )
    return last.moment;
  const now = instantOf(at.now);
  if (Number.isNaN(now)) throw new RangeError(`${at.now} is no instant.`);
  const zone = zoneOf(at.timeZone);
  const local = now + offsetAt(now, zone);
  const today = Math.floor(local / DAY);
  const moment = { now, local, today, zone, currency: at.currency ?? 'USD' };
  last = { at: { ...at }, moment };
  return moment;
}

/**
 * Milliseconds from a date or an instant to now as the workspace's clock shows them: a day on which the clock
 * changes is a day. Negative for what is still to come, NaN for what is no time.
 */
export function since(fact: unknown, moment: Moment): number {
  if (typeof fact !== 'string') return NaN;
  if (fact.length === 10) return (moment.today - dateOf(fact)) * DAY;
  const instant = instantOf(fact);
  return moment.local - (instant + offsetAt(instant, moment.zone));
}

/** The same by the clock of physics, for hours. A date begins at its midnight. */
export function elapsed(fact: unknown, moment: Moment): number {
  if (typeof fact !== 'string') return NaN;
  return fact.length === 10
    ? since(fact, moment) + (moment.local % DAY)
    : moment.now - instantOf(fact);
}

/** Whether it lies before now (-1), after it (1) or neither (0): a date from day to day. NaN for what is no time. */
export function sideOf(fact: unknown, moment: Moment): number {
  if (typeof fact !== 'string') return NaN;
  if (fact.length === 10) return Math.sign(dateOf(fact) - moment.today);
  return Math.sign(instantOf(fact) - moment.now);
}

/** The day of a date, or of an instant in the workspace's zone, counted from 1970. NaN for what is no time. */
export function dayOf(fact: unknown, moment: Moment): number {
  if (typeof fact !== 'string') return NaN;
  if (fact.length === 10) return dateOf(fact);
  const instant = instantOf(fact);
  return Math.floor((instant + offsetAt(instant, moment.zone)) / DAY);
}

/** A day such as 2026-03-14, counted from 1970. NaN for a day that no calendar has. */
export function dateOf(text: string): number {
  return text.length === 10 ? dayAt(text) : NaN;
}

/** An ISO instant with its zone, in milliseconds. Without a zone, or with an hour that no clock has, NaN. */
export function instantOf(text: string): number {
  const day = dayAt(text);
  const hours = two(text, 11);
  const minutes = two(text, 14);
  const between = text.charCodeAt(10);
  if ((between !== T && between !== SPACE) || text.charCodeAt(13) !== COLON) return NaN;
  let at = 16;
  let millis = 0;
  if (text.charCodeAt(at) === COLON) {
    const seconds = two(text, 17);
    if (!(seconds < 60)) return NaN;
    millis = seconds * 1000;
    at = 19;
    if (text.charCodeAt(at) === POINT) {
      const from = ++at;
      for (let worth = 100; isDigit(text, at); at += 1, worth /= 10)
        if (worth >= 1) millis += worth * (text.charCodeAt(at) - ZERO);
      if (at === from) return NaN;
    }
  }
  if (!(hours < 24 && minutes < 60)) return NaN;
  return day * DAY + hours * HOUR + minutes * MINUTE + millis - aheadAt(text, at);
}

const [T, SPACE, COLON, POINT, ZERO, DASH, PLUS, ZULU] = [...'T :.0-+Z'].map((one) =>
  one.charCodeAt(0),
) as [number, number, number, number, number, number, number, number];

/** What stands at the end of an instant: Z, +01:00, +0100 or +01. */
function aheadAt(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  if (sign === ZULU && text.length === at + 1) return 0;
  if (sign !== PLUS && sign !== DASH) return NaN;
  const colon = text.charCodeAt(at + 3) === COLON ? 1 : 0;
  const short = text.length === at + 3;
  if (!short && text.length !== at + 5 + colon) return NaN;
  const minutes = short ? 0 : two(text, at + 3 + colon);
  const ahead = two(text, at + 1) * HOUR + minutes * MINUTE;
  return minutes < 60 && ahead < DAY ? (sign === DASH ? -ahead : ahead) : NaN;
}

function dayAt(text: string): number {
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return NaN;
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return NaN;
  // Years begin in March, so that the day a leap year adds is its last.
  const years = month > 2 ? year : year - 1;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const leaps = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return years * 365 + leaps + ofYear - 719468;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function two(text: string, at: number): number {
  if (!isDigit(text, at) || !isDigit(text, at + 1)) return NaN;
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= ZERO && code <= ZERO + 9;
}

const zones = new Map<string, Zone>();

function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    if (!IANAZone.isValidZone(name)) throw new RangeError(`${name} is no time zone.`);
    zones.set(name, (zone = { zone: IANAZone.create(name), offsets: new Map() }));
  }
  return zone;
}

/** Milliseconds ahead of UTC. Zones are slow to ask, and nearly every day has one offset. */
function offsetAt(instant: number, { zone, offsets }: Zone): number {
  if (Number.isNaN(instant)) return NaN;
  const day = Math.floor(instant / DAY);
  let offset = offsets.get(day);
  if (offset === undefined) {
    const [first, next] = [zone.offset(day * DAY), zone.offset((day + 1) * DAY)];
    if (offsets.size > 20_000) offsets.clear();
    offsets.set(day, (offset = first === next ? first * MINUTE : NaN));
  }
  return Number.isNaN(offset) ? zone.offset(instant) * MINUTE : offset;
}
