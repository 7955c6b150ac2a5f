import { expect, test } from 'vitest';
import { changesOf, changingClocks, strikeAt, strikesAfter } from './review-clock.ts';
import { fieldsOf, wordsOf } from './review-cron.ts';

const now = '2026-01-10T00:00:00Z';

test('a cron is read out in words', () => {
  const said = {
    '0 6 * * 1': 'Every Monday at 06:00',
    '30 7 * * 1-5': 'Mon to Fri at 07:30',
    '0 8 * * TUE,FRI': 'Tue and Fri at 08:00',
    '0 17 L * *': 'Last day at 17:00',
    '0 9 1,15 * *': '1st and 15th at 09:00',
    '0 */6 * * *': 'Every 6 hours',
    '30 * * * *': 'Every hour at 30 past',
    '*/15 * * * *': 'Every 15 minutes',
    '*/30 9-17 * * 1-5': 'Every 30 minutes from 09:00 to 17:30, Mon to Fri',
    '0 16 * 3,6,9,12 1-5': 'Mon to Fri in Mar, Jun, Sep and Dec at 16:00',
    '0 6,18 * * *': 'Every day at 06:00 and 18:00',
    '0 9 1 * MON': '1st and every Monday at 09:00',
  };
  for (const [cron, words] of Object.entries(said)) expect(wordsOf(cron)).toBe(words);
});

test('a cron that strikes more often than every 15 minutes, over midnight too, is refused', () => {
  for (const cron of ['* * * * *', '*/10 * * * *', '0,50 0,23 * * *'])
    expect(() => fieldsOf(cron), cron).toThrow('every 15 minutes');
  expect(() => fieldsOf('0 9 * * 1#2')).toThrow('only L');
  expect(() => fieldsOf('0 9 15W * *')).toThrow('only L');
});

test('both where a day of the month and a weekday are named, either will do', () => {
  const review = { cron: '0 9 1 * MON', timeZone: 'UTC' };
  const days = strikesAfter(review, '2026-09-26T00:00:00Z', { most: 3 });
  expect(days.map((at) => at.slice(0, 10))).toEqual(['2026-09-28', '2026-10-01', '2026-10-05']);
});

test('the clocks of a zone change when they do, and never where they do not', () => {
  expect(changesOf('America/Chicago', now, 1)).toEqual([
    { at: '2026-03-08T08:00:00.000Z', minutes: 60 },
    { at: '2026-11-01T07:00:00.000Z', minutes: -60 },
  ]);
  expect(changesOf('Europe/Berlin', now, 1)).toEqual([
    { at: '2026-03-29T01:00:00.000Z', minutes: 60 },
    { at: '2026-10-25T01:00:00.000Z', minutes: -60 },
  ]);
  expect(changesOf('America/Phoenix', now, 10)).toEqual([]);
});

test('six in the morning stays six in the morning on both sides of a change', () => {
  for (const [timeZone, from, hours] of [
    ['America/Chicago', '2026-03-07T13:00:00Z', ['11:00', '11:00']],
    ['America/Chicago', '2026-10-31T12:00:00Z', ['12:00', '12:00']],
    ['Europe/Berlin', '2026-03-28T06:00:00Z', ['04:00', '04:00']],
    ['Europe/Berlin', '2026-10-24T05:00:00Z', ['05:00', '05:00']],
  ] as const) {
    const review = { cron: '0 6 * * *', timeZone };
    const next = strikesAfter(review, from, { most: 2 });
    expect(
      next.map((at) => at.slice(11, 16)),
      `${timeZone} ${from}`,
    ).toEqual(hours);
    expect(changingClocks(review, now)).toBe('It stays 06:00 when the clocks change.');
  }
});

test('a time that does not exist strikes when it is over, one that comes twice at the first, and it is said', () => {
  const review = { cron: '30 2 * * *', timeZone: 'Europe/Berlin' };
  expect(changingClocks(review, now)).toBe(
    'On 29 Mar 2026 there is no 02:30: it runs at 03:00. On 25 Oct 2026 it is 02:30 twice: it runs at the first.',
  );
  expect(strikesAfter(review, '2026-03-28T12:00:00Z', { most: 2 })).toEqual([
    '2026-03-29T01:00:00.000Z',
    '2026-03-30T00:30:00.000Z',
  ]);
  expect(strikesAfter(review, '2026-10-24T12:00:00Z', { most: 2 })).toEqual([
    '2026-10-25T00:30:00.000Z',
    '2026-10-26T01:30:00.000Z',
  ]);
  const chicago = { cron: '30 1 * * *', timeZone: 'America/Chicago' };
  expect(changingClocks(chicago, now)).toBe(
    'On 1 Nov 2026 it is 01:30 twice: it runs at the first.',
  );
  // A Monday is never the Sunday on which clocks change.
  const monday = { ...review, cron: '30 2 * * 1' };
  expect(changingClocks(monday, now)).toBe('It stays 02:30 when the clocks change.');
  expect(changingClocks({ ...review, timeZone: 'UTC' }, now)).toBe(
    'The clocks in UTC do not change.',
  );
});

test('an instant is shown as the clock on the wall has it, and in UTC', () => {
  expect(strikeAt('2026-03-30T11:00:00Z', 'America/Chicago')).toMatchObject({
    ...{ local: 'Mon 30 Mar 06:00 CDT', utc: '11:00 UTC' },
  });
  expect(strikeAt('2026-03-30T04:00:00Z', 'Europe/Berlin')).toMatchObject({
    local: 'Mon 30 Mar 06:00 CEST',
  });
});
