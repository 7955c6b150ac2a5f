import fc from 'fast-check';
import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { jittered, nextAllowed, nextWeekday, openFor, plus, smsHours } from './calendar.ts';
import { type Weekday, weekdays } from './sequence.ts';

const office = { days: ['mon', 'tue', 'wed', 'thu', 'fri'] as const, from: '08:00', to: '17:00' };
const NY = 'America/New_York';

/** Every change of every zone's clocks from 2026 to 2030, to the minute. */
function changes(): { zone: string; at: number }[] {
  const DAY = 24 * 3600_000;
  const start = Date.UTC(2026, 0, 1);
  const end = Date.UTC(2031, 0, 1);
  return Intl.supportedValuesOf('timeZone').flatMap((zone) => {
    function offset(at: number): number {
      return DateTime.fromMillis(at, { zone }).offset;
    }
    const found: { zone: string; at: number }[] = [];
    // No zone keeps a changed clock for less than four weeks.
    for (let at = start; at < end; at += 28 * DAY) {
      if (offset(at) === offset(at + 28 * DAY)) continue;
      let [low, high] = [at, at + 28 * DAY];
      while (high - low > 60_000) {
        const middle = Math.floor((low + high) / 120_000) * 60_000;
        if (offset(middle) === offset(low)) low = middle;
        else high = middle;
      }
      found.push({ zone, at: high });
    }
    return found;
  });
}

test('each send obeys the local weekday and the wall clock around every clock change of every zone', () => {
  const all = changes();
  expect(all.length).toBeGreaterThan(900);
  const sets: Weekday[][] = [
    ['mon', 'tue', 'wed', 'thu', 'fri'],
    ['sat', 'sun'],
    ['sun'],
    [...weekdays],
    [...weekdays],
    [...weekdays],
  ];
  const hours = [
    ['08:00', '17:00'],
    ['02:15', '02:45'],
    ['00:00', '24:00'],
    ['23:30', '24:00'],
    ['01:30', '03:00'],
    ['00:10', '02:20'],
  ] as const;
  const broken: string[] = [];
  for (const { zone, at } of all)
    for (const [index, days] of sets.entries()) {
      const [from, to] = hours[index]!;
      for (const ahead of [-26, -1, -0.4, 0, 0.4, 1, 26]) {
        const asked = new Date(at + ahead * 3600_000).toISOString();
        const sent = nextAllowed(asked, [{ days, from, to, zone }]);
        const local = DateTime.fromISO(sent!, { zone });
        const clock = local.toFormat('HH:mm');
        const weekday = weekdays[local.weekday - 1]!;
        if (sent! < asked || !days.includes(weekday) || clock < from || clock >= to)
          broken.push(`${zone} ${asked} ${sent} ${weekday} ${clock}`);
      }
    }
  expect(broken).toEqual([]);
}, 60_000);

test('nothing waits longer than it must', () => {
  const zones = fc.constantFrom(NY, 'Europe/Zurich', 'Australia/Lord_Howe', 'Asia/Kathmandu');
  const moments = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2031, 0, 1) });
  fc.assert(
    fc.property(zones, moments, (zone, at) => {
      const asked = new Date(at).toISOString();
      const sent = nextAllowed(asked, [{ ...office, zone }])!;
      if (sent === asked) return true;
      const before = DateTime.fromISO(sent, { zone }).minus({ minutes: 1 });
      const shut = before.hour < 8 || before.hour >= 17 || before.weekday > 5;
      return shut && DateTime.fromISO(sent, { zone }).toFormat('HH:mm') === '08:00';
    }),
  );
});

test('a window that opens in the hour that is skipped opens when the clock is put forward', () => {
  const night = { days: weekdays, from: '02:30', to: '05:00', zone: NY };
  expect(nextAllowed('2026-03-08T06:00:00.000Z', [night])).toBe('2026-03-08T07:00:00.000Z');
});

test('holidays are skipped and days have hours of their own', () => {
  function isHoliday(date: string): boolean {
    return date === '2026-07-03';
  }
  const window = { ...office, zone: NY, isHoliday, hours: { mon: { from: '10:00', to: '11:00' } } };
  expect(nextAllowed('2026-07-02T22:00:00.000Z', [window])).toBe('2026-07-06T14:00:00.000Z');
});

test('two windows in two zones leave what both allow and none leaves nothing', () => {
  const here = { ...office, zone: 'Europe/Zurich' };
  const both = nextAllowed('2026-01-05T00:00:00.000Z', [here, smsHours('America/New_York')]);
  expect(both).toBe('2026-01-05T13:00:00.000Z');
  const night = { days: weekdays, from: '20:00', to: '24:00', zone: NY };
  expect(nextAllowed('2026-01-05T00:00:00.000Z', [night, smsHours(NY)])).toBeUndefined();
});

test('a text goes out from 8 to 20 of the recipient and from 11 to 20 Eastern where nobody knows', () => {
  expect(nextAllowed('2026-01-05T04:00:00.000Z', [smsHours('America/Los_Angeles')])).toBe(
    '2026-01-05T16:00:00.000Z',
  );
  expect(nextAllowed('2026-01-05T14:00:00.000Z', [smsHours(undefined)])).toBe(
    '2026-01-05T16:00:00.000Z',
  );
  expect(nextAllowed('2026-01-05T01:00:00.000Z', [smsHours(undefined)])).toBe(
    '2026-01-05T16:00:00.000Z',
  );
});

test('business days skip weekends and holidays and keep the wall clock over a clock change', () => {
  function isHoliday(date: string): boolean {
    return date === '2026-03-09';
  }
  expect(plus('2026-03-06T15:00:00.000Z', { businessDays: 1 }, NY, isHoliday)).toBe(
    '2026-03-10T14:00:00.000Z',
  );
  expect(plus('2026-03-07T15:00:00.000Z', { days: 1 }, NY)).toBe('2026-03-08T14:00:00.000Z');
  expect(plus('2026-03-07T15:00:00.000Z', { hours: 24 }, NY)).toBe('2026-03-08T15:00:00.000Z');
});

test('until Tuesday at nine is today if it is Tuesday and not nine yet', () => {
  expect(nextWeekday('2026-01-06T13:00:00.000Z', ['tue'], '09:00', NY)).toBe(
    '2026-01-06T14:00:00.000Z',
  );
  expect(nextWeekday('2026-01-06T14:00:01.000Z', ['tue'], '09:00', NY)).toBe(
    '2026-01-13T14:00:00.000Z',
  );
});

test('jitter is the same each time, differs from lead to lead and stays inside the window', () => {
  const windows = [{ ...office, zone: NY }];
  const opened = '2026-01-05T13:00:00.000Z';
  const spread = new Set(
    Array.from({ length: 500 }, (_, lead) => jittered(opened, windows, `lead-${lead}`)),
  );
  expect(spread.size).toBeGreaterThan(300);
  expect(jittered(opened, windows, 'a')).toBe(jittered(opened, windows, 'a'));
  for (const at of spread) expect(nextAllowed(at, windows)).toBe(at);
  expect(openFor(opened, windows)).toBe(9 * 3600_000);
});
