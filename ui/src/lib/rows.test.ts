import { expect, test } from 'vitest';
import { newcomers, reconciled, refreshed } from './rows.ts';

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

test('a row that left its list is gone when the list is read again', () => {
  const read = { items: [{ id: 'b', score: 2 }], next: null };
  expect(reconciled({ items: shown, next: null }, read)).toEqual(read);
  expect(reconciled({ items: shown, next: null }, { items: [], next: null })).toEqual({
    items: [],
    next: null,
  });
});

test('a row that left makes room for the one that follows, and the list goes on after that', () => {
  const read = { items: [{ id: 'a' }, { id: 'c' }], next: 'after c' };
  expect(reconciled({ items: [{ id: 'a' }, { id: 'b' }], next: 'after b' }, read)).toEqual(read);
});

test('rows that news pushed to a page nobody read again stay where they are', () => {
  const before = { items: [{ id: 'a' }, { id: 'b' }, { id: 'c' }], next: 'after c' };
  const crowd = { items: [{ id: 'x' }, { id: 'y' }, { id: 'z' }], next: 'after z' };
  expect(reconciled(before, crowd)).toEqual(before);
  const few = { items: [{ id: 'x' }, { id: 'a' }, { id: 'c' }], next: 'after c' };
  expect(reconciled({ ...before, items: [...before.items, { id: 'd' }] }, few)).toEqual({
    items: [{ id: 'a' }, { id: 'c' }, { id: 'd' }],
    next: 'after c',
  });
});
