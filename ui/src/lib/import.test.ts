import { expect, test } from 'vitest';
import { firstRow, type Import, paceOf, sayBytes, sayLeft } from './import.ts';

test('an import says how fast it goes and how long it will take', () => {
  const half = { rows: 6000, bytes: 1000, readBytes: 500, startedAt: '2026-03-16T10:00:00Z' };
  const pace = paceOf(half as Import, new Date('2026-03-16T10:01:40Z'));
  expect(pace).toEqual({ rate: 60, secondsLeft: 100, share: 0.5 });
  expect(sayLeft(100)).toBe('about 1 min 40 s');
  expect(sayLeft(45)).toBe('about 45 s');
  expect(sayLeft(3600)).toBe('about 60 min');
});

test('an import that has read nothing yet promises no time', () => {
  const none = { rows: 0, bytes: 1000, readBytes: 0, startedAt: null };
  expect(paceOf(none as Import, new Date()).secondsLeft).toBeUndefined();
});

test('one row is shown as it will be read, without the columns that are left out', () => {
  const columns = [
    { name: 'Mail', samples: ['a@example.com'], confidence: 1, because: '' },
    { name: 'Trucks', samples: ['40'], confidence: 0, because: '' },
  ];
  expect(firstRow(columns, { Mail: 'email' })).toEqual([
    { field: 'Email', value: 'a@example.com' },
  ]);
  expect(sayBytes(8_200_000)).toBe('8.2 MB');
});
