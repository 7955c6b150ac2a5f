import { expect, test } from 'vitest';
import { apart, asShort, cutOf, scaleOf, signed, stepsFrom, ticksOf } from './chart.ts';

test('an axis has few and round figures', () => {
  expect(ticksOf(320_993_00)).toEqual([0, 100_000_00, 200_000_00, 300_000_00]);
  expect(ticksOf(300_000_00)).toEqual([0, 100_000_00, 200_000_00, 300_000_00]);
  expect(ticksOf(0)).toEqual([0]);
});

test('a scale puts the highest value at the top', () => {
  const y = scaleOf(0, 300, 228, 20);
  expect([0, 150, 300].map(y)).toEqual([228, 124, 20]);
  expect(scaleOf(5, 5, 10, 0)(5)).toBe(10);
});

test('labels that would lie on each other are moved apart and stay within the chart', () => {
  expect(apart([10, 12, 40], 16, 0, 100)).toEqual([10, 26, 42]);
  expect(apart([96, 98], 16, 0, 100)).toEqual([84, 100]);
  expect(apart([98, 96], 16, 0, 100)).toEqual([100, 84]);
});

test('a waterfall goes from its start through every change to its end', () => {
  expect(stepsFrom(100, [-30, 0, 50])).toEqual([
    ...[
      { from: 100, to: 70 },
      { from: 70, to: 70 },
      { from: 70, to: 120 },
    ],
  ]);
});

test('the axis is cut only when the changes could not be seen otherwise', () => {
  expect(cutOf(stepsFrom(232_687_00, [-27_885_00, 9_685_00]))).toBeGreaterThan(150_000_00);
  expect(cutOf(stepsFrom(100, [-80, 10]))).toBe(0);
  expect(cutOf(stepsFrom(0, [10]))).toBe(0);
});

test('money on an axis is short', () => {
  expect([0, 100_000_00, 1_250_000_00].map((cents) => asShort(cents))).toEqual([
    ...['$0', '$100k', '$1.3m'],
  ]);
});

test('a change says its direction', () => {
  expect([5, -5, 0].map((change) => signed(change, String))).toEqual(['+5', '−5', '0']);
});
