import { expect, test } from 'vitest';
import { namer } from './people.ts';
import { exactly, lineStateOf, namedRun, progressOf, type Run } from './run.ts';

test('a run says its times to the second in the zone of the person', () => {
  expect(exactly('2026-03-20T14:05:33Z', 'America/Chicago')).toBe('Fri 20 Mar 09:05:33 CDT');
  expect(exactly('2026-01-05T14:05:33Z', 'Europe/Zurich')).toMatch(/^Mon 5 Jan 15:05:33 /);
});

test('a run draws what happened solid, the present in the accent and promises dashed', () => {
  expect(lineStateOf({ place: 'done', state: 'waited' })).toBe('done');
  expect(lineStateOf({ place: 'done', state: 'delivered' })).toBe('proven');
  expect(lineStateOf({ place: 'done', state: 'bounced' })).toBe('failed');
  expect(lineStateOf({ place: 'now', state: 'waiting' })).toBe('now');
  expect(lineStateOf({ place: 'perhaps', state: 'planned' })).toBe('promised');
});

test('arms that were not taken do not count among the steps of a run', () => {
  const steps = (['done', 'done', 'passed', 'now', 'next'] as const).map((place, index) => ({
    ...{ id: String(index), kind: 'wait', title: '', depth: 0, arm: null, place, state: '' },
    ...{ at: null, because: '', touchId: null },
  }));
  expect(progressOf({ steps })).toEqual({ step: 3, of: 4 });
});

test('a run says who paused it and who let them in', () => {
  const step = { because: 'skipped by user:mKq8Zb21xTtLr0' };
  const run = { because: 'paused by user:mKq8Zb21xTtLr0', enteredBy: 'mKq8Zb21xTtLr0' };
  const people = [{ userId: 'mKq8Zb21xTtLr0', name: 'Dana Whitlock' }];
  const given = { ...run, nextBecause: null, next: null, steps: [step] } as unknown as Run;
  expect(namedRun(given, namer(people))).toMatchObject({
    ...{ because: 'paused by Dana Whitlock', enteredBy: 'Dana Whitlock' },
    steps: [{ because: 'skipped by Dana Whitlock' }],
  });
});
