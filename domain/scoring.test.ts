import { expect, test } from 'vitest';
import { effectiveScore } from './scoring.ts';

const active = '2026-03-01T12:00:00Z';

test.each([
  ['2026-03-01T12:00:00Z', 80],
  ['2026-03-04T12:00:00Z', 80],
  ['2026-03-05T11:59:59Z', 80],
  ['2026-03-05T12:00:00Z', 77],
  ['2026-03-14T12:00:00Z', 50],
  ['2026-06-01T12:00:00Z', 0],
])('a score of 80 without activity since 1 March is worth %s: %i', (now, score) => {
  expect(effectiveScore(80, active, now)).toBe(score);
});

test('three quiet days cost nothing and each day after costs three points', () => {
  const start = Date.parse(active);
  const scores = [0, 3, 4, 5, 40].map((days) =>
    effectiveScore(80, active, new Date(start + days * 86_400_000).toISOString()),
  );
  expect(scores).toEqual([80, 80, 77, 74, 0]);
});

test('what has no score has none later', () => {
  expect(effectiveScore(null, active, '2026-06-01T12:00:00Z')).toBeNull();
});
