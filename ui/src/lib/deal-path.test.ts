import { expect, test } from 'vitest';
import type { Stage } from './deal.ts';
import { pathOf, sparkOf } from './deal-path.ts';

const now = new Date('2026-03-16T12:00:00Z');
const stages = (
  [
    ['discovery', 'open'],
    ['proposal', 'open'],
    ['negotiation', 'open'],
    ['closed_won', 'won'],
    ['closed_lost', 'lost'],
  ] as const
).map(([slug, kind]) => ({ id: slug, slug, kind, name: slug }) as Stage);

const deal = {
  ...{ stageId: 'negotiation', status: 'open' as const },
  ...{ createdAt: '2026-01-01T12:00:00Z', stageEnteredAt: '2026-03-01T12:00:00Z' },
};

test('the path says how many days each stage took, a second stay added to the first', () => {
  const moves = [
    { at: '2026-03-01T12:00:00Z', from: 'proposal', to: 'negotiation' },
    { at: '2026-01-09T12:00:00Z', from: 'discovery', to: 'proposal' },
    { at: '2026-01-19T12:00:00Z', from: 'proposal', to: 'discovery' },
    { at: '2026-01-21T12:00:00Z', from: 'discovery', to: 'proposal' },
  ];
  expect(pathOf(deal, stages, moves, now).map(({ is, days }) => [is, days])).toEqual([
    ['behind', 10],
    ['behind', 49],
    ['here', 15],
    ['ahead', null],
  ]);
});

test('a lost deal ends at lost, any other aims at won', () => {
  function ends(status: 'open' | 'won' | 'lost', stageId: string) {
    return pathOf({ ...deal, status, stageId }, stages, [], now).at(-1)!.stage.slug;
  }
  expect(ends('open', 'negotiation')).toBe('closed_won');
  expect(ends('lost', 'closed_lost')).toBe('closed_lost');
});

test('a line of risks goes by steps, from the oldest to now', () => {
  const history = [
    { at: '2026-03-16T00:00:00Z', score: 0.6 },
    { at: '2026-03-15T12:00:00Z', score: 0.2 },
  ];
  expect(sparkOf(history, now)?.points).toBe('0,80 50,80 50,40 100,40');
  expect(sparkOf([], now)).toBeUndefined();
});
