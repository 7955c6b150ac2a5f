import { expect, test } from 'vitest';
import type { ClockRun } from '#domain/clock.ts';
import { asLength, saidOf } from './schedule.ts';

test.each([
  [null, '–'],
  [48, '48 ms'],
  [1000, '1 s'],
  [2540, '2.5 s'],
  [60_000, '1 min'],
  [200_400, '3 min 20 s'],
])('a run of %s ms took %s', (ms, said) => {
  expect(asLength(ms)).toBe(said);
});

test('a run says what it did, that there was nothing to do, or what went wrong', () => {
  const run = { slot: '', startedAt: '', durationMs: 1, problem: null } satisfies Partial<ClockRun>;
  expect(saidOf('digest', { ...run, outcome: 'done', count: 12 })).toBe('12 mails');
  expect(saidOf('duplicates', { ...run, outcome: 'done', count: 10_060 })).toBe('10,060 records');
  expect(saidOf('digest', { ...run, outcome: 'done', count: 0 })).toBe('Nothing to do');
  expect(saidOf('digest', { ...run, outcome: 'running', count: null })).toBe('Running');
  const problem = 'It failed eight times: Error.';
  expect(saidOf('digest', { ...run, outcome: 'failed', count: null, problem })).toBe(problem);
});
