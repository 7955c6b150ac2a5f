import { expect, test } from 'vitest';
import { beginOf, daysBefore, mondayOf, monthsBefore } from './period.ts';

test('a month a quarter and a year begin on their first day and a week on its Monday', () => {
  expect(beginOf('month', '2026-11-21')).toBe('2026-11-01');
  expect(
    ['2026-01-31', '2026-03-31', '2026-04-01', '2026-12-31'].map((day) => beginOf('quarter', day)),
  ).toEqual([...['2026-01-01', '2026-01-01', '2026-04-01', '2026-10-01']]);
  expect(beginOf('year', '2026-11-21')).toBe('2026-01-01');
  // The 16th of March 2026 is a Monday.
  expect(['2026-03-16', '2026-03-17', '2026-03-22', '2026-03-23'].map(mondayOf)).toEqual([
    ...['2026-03-16', '2026-03-16', '2026-03-16', '2026-03-23'],
  ]);
  expect(daysBefore('2026-03-01', 1)).toBe('2026-02-28');
  expect([0, 1, 11].map((months) => monthsBefore('2026-03-17', months))).toEqual([
    ...['2026-03-01', '2026-02-01', '2025-04-01'],
  ]);
});
