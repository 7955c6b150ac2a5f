import fc from 'fast-check';
import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { DAY, dateOf, dayOf, elapsed, instantOf, momentOf, sideOf, since } from './moment.ts';

const zones = [
  ...['UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe'],
  ...['Pacific/Apia', 'America/St_Johns'],
];
const zone = fc.constantFrom(...zones);
const instant = fc
  .date({ min: new Date('1995-01-01'), max: new Date('2060-01-01'), noInvalidDate: true })
  .map((one) => one.toISOString());

test('an instant is read as the platform reads it, whatever its zone', () => {
  fc.assert(
    fc.property(instant, zone, (text, zone) => {
      const there = DateTime.fromISO(text, { zone }).toISO()!;
      expect(instantOf(text)).toBe(Date.parse(text));
      expect(instantOf(there)).toBe(Date.parse(there));
    }),
  );
});

test('an instant is read as databases write it too', () => {
  const noon = Date.UTC(2026, 2, 16, 12);
  expect(instantOf('2026-03-16 12:00:00+00')).toBe(noon);
  expect(instantOf('2026-03-16T12:00:00.123456+00:00')).toBe(noon + 123);
  expect(instantOf('2026-03-16T13:30+0130')).toBe(noon);
});

test('what no calendar or clock has is no time', () => {
  const bad = [
    ...['2026-02-29', '2026-13-01', '2026-00-10', '2026-04-31', '2026-1-1', '16.03.2026', ''],
    ...['2026-03-16T12:00:00', '2026-03-16T24:00:00Z', '2026-03-16T12:60:00Z', '20260316'],
    ...['2026-03-16T12:00:00Zulu', '2026-03-16T12:00:00+25:00', '2026-03-16T12:00:00.Z', 'now'],
  ];
  for (const text of bad) expect([text, dateOf(text), instantOf(text)]).toEqual([text, NaN, NaN]);
  expect(dateOf('2024-02-29')).toBe(Date.UTC(2024, 1, 29) / DAY);
  expect(dateOf('2000-02-29')).toBe(Date.UTC(2000, 1, 29) / DAY);
  expect(dateOf('1900-02-29')).toBe(NaN);
});

test('days between are those of the wall clock, whatever summer time does', () => {
  fc.assert(
    fc.property(instant, instant, zone, (fact, now, timeZone) => {
      const [there, here] = [fact, now].map((one) => DateTime.fromISO(one, { zone: timeZone }));
      const moment = momentOf({ now, timeZone });
      expect(since(fact, moment)).toBe(wall(here!) - wall(there!));
      expect(dayOf(fact, moment)).toBe(Math.floor(wall(there!) / DAY));
      expect(elapsed(fact, moment)).toBe(Date.parse(now) - Date.parse(fact));
      expect(sideOf(fact, moment)).toBe(Math.sign(Date.parse(fact) - Date.parse(now)));
    }),
    { numRuns: 300 },
  );
});

test('today begins at midnight of the workspace', () => {
  const before = momentOf({ now: '2026-03-16T06:59:59Z', timeZone: 'America/Los_Angeles' });
  const after = momentOf({ now: '2026-03-16T07:00:00Z', timeZone: 'America/Los_Angeles' });
  expect(sideOf('2026-03-15', before)).toBe(0);
  expect(sideOf('2026-03-15', after)).toBe(-1);
  expect(elapsed('2026-03-16', after)).toBe(0);
});

test('a zone nobody knows and a moment that is none are errors of who asks', () => {
  expect(() => momentOf({ now: '2026-03-16T12:00:00Z', timeZone: 'Mars/Base' })).toThrow('Mars');
  expect(() => momentOf({ now: 'now', timeZone: 'UTC' })).toThrow('no instant');
});

function wall(at: DateTime): number {
  return at.setZone('UTC', { keepLocalTime: true }).toMillis();
}
