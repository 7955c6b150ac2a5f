import { expect, test } from 'vitest';
import type { Review, ReviewRun } from '#domain/review.ts';
import {
  changeSaid,
  emailsIn,
  inputOf,
  newReview,
  runSaid,
  sourceSaid,
  untilSaid,
} from './review.ts';

const run = {
  ...{ id: '1', slot: '2026-03-16T11:00:00Z', local: 'Mon 16 Mar 06:00 CDT', askedBy: null },
  ...{ startedAt: '2026-03-16T11:00:00.000Z', finishedAt: '2026-03-16T11:00:03.200Z' },
  ...{ status: 'done', health: 71, change: 3, analysisId: null, caughtUp: false },
  ...{ missedBecause: null, problem: null },
  counts: { critical: 2, warning: 7, info: 4, deals: 24 },
  deliveries: [],
} as ReviewRun;

function told(state: ReviewRun['deliveries'][number]['state'], purpose = 'report') {
  const to = { id: state, to: 'dana@example.com', channel: 'email', because: null, at: null };
  return { ...to, purpose, state } as ReviewRun['deliveries'][number];
}

test('a run says how many deals it saw, how long it took and whom it reached', () => {
  expect(runSaid(run)).toBe('24 deals, 3.2 s, sent to nobody');
  const deliveries = [told('sent'), told('skipped'), told('failed'), told('sent', 'alert')];
  expect(runSaid({ ...run, deliveries })).toBe('24 deals, 3.2 s, sent to 1, 1 not delivered');
  expect(runSaid({ ...run, status: 'failed', problem: 'The view is gone.' })).toBe(
    'The view is gone.',
  );
  expect(runSaid({ ...run, status: 'missed', missedBecause: 'The service was away.' })).toBe(
    'The service was away.',
  );
});

test('a change of health has its sign, and none before there were two runs', () => {
  expect([3, -2, 0, null].map(changeSaid)).toEqual(['+3', '−2', '0', '']);
});

test('a review written back says nothing of the address of its Slack channel', () => {
  const delivery = { ...newReview('UTC').delivery, slackHint: 'hooks.example/…abcd' };
  const review = { ...newReview('UTC'), id: '1', words: '', delivery } as unknown as Review;
  expect(inputOf(review)).toEqual(newReview('UTC'));
});

test('addresses are read however they are typed, each once', () => {
  expect(emailsIn('Priya@example.com, dana@example.com\npriya@example.com')).toEqual([
    ...['priya@example.com', 'dana@example.com'],
  ]);
  expect(emailsIn(' ')).toEqual([]);
});

test('where deals come from is said by name', () => {
  const names = { pipelines: [{ id: 'p', name: 'Fleet sales' }], views: [] };
  expect(sourceSaid({ kind: 'pipeline', pipelineId: 'p' }, names)).toBe('Fleet sales');
  expect(sourceSaid({ kind: 'pipeline' }, names)).toBe('All pipelines');
  expect(sourceSaid({ kind: 'view', viewId: 'gone' }, names)).toBe('A saved view');
  expect(sourceSaid({ kind: 'file' }, names)).toBe('The newest file dropped');
});

test('how long it is until a run is said in its two largest parts', () => {
  const now = new Date('2026-03-17T15:00:00Z');
  expect(untilSaid('2026-03-23T11:00:00Z', now)).toBe('in 5 d 20 h');
  expect(untilSaid('2026-03-17T18:05:00Z', now)).toBe('in 3 h 5 min');
  expect(untilSaid('2026-03-17T15:00:20Z', now)).toBe('now');
});
