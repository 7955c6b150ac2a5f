import { expect, test } from 'vitest';
import { asDate, asMonth, asMonthOfYear, dateAfter, mondayOf, nextMonth } from './month.ts';

test('a month is said by its name and a date with its weekday', () => {
  expect(asMonth('2026-03')).toBe('March');
  expect(asMonthOfYear('2026-12-01')).toBe('Dec 2026');
  expect(asDate('2026-03-13')).toBe('Fri 13 Mar');
});

test('a week begins on its Monday', () => {
  expect(mondayOf('2026-11-21')).toBe('2026-11-16');
  expect(mondayOf('2026-11-22')).toBe('2026-11-16');
  expect(mondayOf('2026-11-16')).toBe('2026-11-16');
});

test('days and months go on over the end of a year', () => {
  expect(dateAfter('2026-12-31', 1)).toBe('2027-01-01');
  expect(nextMonth('2026-12')).toBe('2027-01-01');
});
