import { expect, test } from 'vitest';
import { newcomers, refreshed } from './rows.ts';

const shown = [
  { id: 'a', score: 1 },
  { id: 'b', score: 2 },
];

test('news changes rows in place and never moves, adds or removes one under the pointer', () => {
  const latest = [
    { id: 'c', score: 9 },
    { id: 'b', score: 7 },
  ];
  expect(refreshed(shown, latest)).toEqual([
    { id: 'a', score: 1 },
    { id: 'b', score: 7 },
  ]);
  expect(newcomers(shown, latest)).toEqual([{ id: 'c', score: 9 }]);
});
