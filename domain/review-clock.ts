import { Cron, CronPattern } from 'croner';
import { DateTime } from 'luxon';

/** An instant at which a review strikes, as a clock on the wall of its zone and one in UTC show it. */
export interface Strike {
  at: string;
  local: string;
  utc: string;
}

// As Vixie's cron: what is meant for a time of day strikes once on every day, whatever the clocks do.
const how = { mode: '5-part', fixedTimeRule: 'no-wildcard' } as const;

/** The next instants after `after`, at most `most`, none after `until`. ISO in UTC. */
export function strikesAfter(
  { cron, timeZone }: { cron: string; timeZone: string },
  after: string,
  { most = 3, until }: { most?: number; until?: string } = {},
): string[] {
  const ticking = new Cron(cron, { timezone: timeZone, ...how });
  const strikes: string[] = [];
  let at: Date | null = new Date(after);
  while (strikes.length < most) {
    at = ticking.nextRun(at);
    if (!at || (until !== undefined && at.toISOString() > until)) break;
    strikes.push(at.toISOString());
  }
  return strikes;
}

/** An instant as people in a zone read it: `Mon 30 Mar 06:00 CDT`, and `11:00 UTC`. */
export function strikeAt(at: string, timeZone: string): Strike {
  const local = DateTime.fromISO(at, { zone: timeZone }).setLocale('en-US');
  return {
    at,
    local: `${local.toFormat('ccc d LLL HH:mm')} ${zoneNameOf(local)}`,
    utc: `${local.toUTC().toFormat('HH:mm')} UTC`,
  };
}

/** American English knows CDT, British English CEST. */
function zoneNameOf(local: DateTime): string {
  const name = local.offsetNameShort ?? '';
  return name.startsWith('GMT') ? (local.setLocale('en-GB').offsetNameShort ?? name) : name;
}

/** What becomes of a review when the clocks of its zone change, in one sentence. */
export function changingClocks(review: { cron: string; timeZone: string }, now: string): string {
  const { cron, timeZone } = review;
  const place = timeZone.split('/').at(-1)!.replaceAll('_', ' ');
  const changes = changesOf(timeZone, now, 1);
  if (changes.length === 0) return `The clocks in ${place} do not change.`;
  const pattern = new CronPattern(cron, timeZone, how);
  if (!pattern.isFixedTime)
    return `It goes by the clock in ${place}, also on the days when the clocks change.`;
  const odd = changes.flatMap((change) => oddityOf(review, change));
  if (odd.length > 0) return odd.join(' ');
  const hours = pattern.hour.filter(Boolean).length * pattern.minute.filter(Boolean).length;
  const [next] = strikesAfter(review, now, { most: 1 });
  const time = next && DateTime.fromISO(next, { zone: timeZone }).toFormat('HH:mm');
  return hours === 1 && time
    ? `It stays ${time} when the clocks change.`
    : 'Its times stay when the clocks change.';
}

/** A moment at which the clocks of a zone are changed, by how many minutes, and the local hours it touches. */
export interface ClockChange {
  at: string;
  /** Positive when an hour is left out, negative when one comes twice. */
  minutes: number;
}

/** The changes of a zone's clocks within some years from an instant on, earliest first. */
export function changesOf(timeZone: string, from: string, years: number): ClockChange[] {
  const begin = DateTime.fromISO(from, { zone: 'utc' });
  const end = begin.plus({ years });
  const all = Array.from({ length: years + 1 }, (_, index) =>
    changesIn(timeZone, begin.year + index),
  );
  return all.flat().filter(({ at }) => at >= begin.toISO()! && at < end.toISO()!);
}

const known = new Map<string, ClockChange[]>();

/** Those of one year; zones are looked at once, since each look is some hundred conversions. */
function changesIn(timeZone: string, year: number): ClockChange[] {
  const key = `${timeZone} ${year}`;
  const before = known.get(key);
  if (before) return before;
  const changes: ClockChange[] = [];
  const end = DateTime.utc(year + 1);
  for (let at = DateTime.utc(year); at < end;) {
    const week = at.plus({ days: 7 });
    const next = week < end ? week : end;
    const minutes = offsetAt(next, timeZone) - offsetAt(at, timeZone);
    if (minutes !== 0) changes.push({ at: turnBetween(at, next, timeZone), minutes });
    at = next;
  }
  known.set(key, changes);
  return changes;
}

function offsetAt(at: DateTime, timeZone: string): number {
  return at.setZone(timeZone).offset;
}

/** The minute in which the offset becomes that of the end. */
function turnBetween(before: DateTime, after: DateTime, timeZone: string): string {
  let [low, high] = [before.toMillis(), after.toMillis()];
  low -= low % MINUTE;
  const then = offsetAt(after, timeZone);
  while (high - low > MINUTE) {
    const middle = low + Math.floor((high - low) / MINUTE / 2) * MINUTE;
    if (offsetAt(DateTime.fromMillis(middle), timeZone) === then) high = middle;
    else low = middle;
  }
  return new Date(Math.ceil(high / MINUTE) * MINUTE).toISOString();
}

const MINUTE = 60_000;

function oddityOf(
  review: { cron: string; timeZone: string },
  { at, minutes }: ClockChange,
): string[] {
  const zone = review.timeZone;
  const day = DateTime.fromISO(at, { zone }).setLocale('en-US').toFormat('d LLL yyyy');
  const turned = Date.parse(at);
  if (minutes > 0) {
    // The hour that is left out, as if the clocks went on as before.
    const until = new Date(turned + minutes * MINUTE).toISOString();
    const wall = asIfUnchanged(review.cron, at, zone, minutes);
    const [struck] = strikesAfter(review, new Date(turned - 1).toISOString(), { most: 1, until });
    if (!wall || !struck) return [];
    const then = DateTime.fromISO(struck, { zone }).toFormat('HH:mm');
    return [`On ${day} there is no ${wall}: it runs at ${then}.`];
  }
  const from = new Date(turned + minutes * MINUTE - 1).toISOString();
  const until = new Date(turned - 1).toISOString();
  const [first] = strikesAfter(review, from, { most: 1, until });
  if (!first) return [];
  const time = DateTime.fromISO(first, { zone }).toFormat('HH:mm');
  return [`On ${day} it is ${time} twice: it runs at the first.`];
}

/** The local time of the left-out hour that a cron names, if it names one on that day. */
function asIfUnchanged(cron: string, at: string, zone: string, minutes: number) {
  const offset = DateTime.fromISO(at, { zone }).offset - minutes;
  const fixed = `Etc/UTC`;
  const wall = Date.parse(at) + offset * MINUTE;
  const from = new Date(wall - 1).toISOString();
  const until = new Date(wall + minutes * MINUTE - 1).toISOString();
  const [named] = strikesAfter({ cron, timeZone: fixed }, from, { most: 1, until });
  return named && DateTime.fromISO(named, { zone: 'utc' }).toFormat('HH:mm');
}
