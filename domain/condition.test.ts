import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Condition, type Facts, holds, type Operator, operatorNames, weigh } from './condition.ts';

const now = '2026-01-15T12:00:00.000Z';
const facts: Facts = {
  score: 10,
  text: 'Roadrunner Freight',
  digits: '10',
  tags: ['no-answer', 'vip'],
  none: null,
  empty: '',
  old: '2026-01-01T12:00:00.000Z',
  soon: '2026-01-20',
  moves: 3,
};

function does(field: string, operator: Operator, value?: unknown) {
  return holds({ field, operator, value }, facts, now);
}

test.each([
  ['none', 'is_empty', undefined, true],
  ['missing', 'is_empty', undefined, true],
  ['empty', 'not_empty', undefined, false],
  ['old', 'is_past', undefined, true],
  ['soon', 'is_future', undefined, true],
  ['old', 'older_than_days', 14, true],
  ['old', 'older_than_days', 15, false],
  ['old', 'newer_than_days', 15, true],
  ['soon', 'within_days', 5, true],
  ['old', 'within_days', 30, false],
  ['score', 'greater_than', 9, true],
  ['digits', 'greater_than', 9, false],
  ['score', 'greater_than', '9', false],
  ['score', 'less_than', 11, true],
  ['score', 'between', [10, 12], true],
  ['score', 'equals', 10, true],
  ['digits', 'equals', 10, false],
  ['score', 'not_equals', 11, true],
  ['text', 'in', ['x', 'Roadrunner Freight'], true],
  ['text', 'not_in', ['x'], true],
  ['tags', 'contains', 'vip', true],
  ['text', 'contains', 'freight', true],
  ['text', 'not_contains', 'hvac', true],
  ['text', 'matches', '^road.*t$', true],
  ['text', 'matches', '([', false],
  ['moves', 'changed_times_gt', 2, true],
] as const)('%s %s %j is %s', (field, operator, value, expected) => {
  expect(does(field, operator, value)).toBe(expected);
});

test('conditions nest, and the weighing remembers each test that was made', () => {
  const condition: Condition = {
    all_of: [
      {
        any_of: [
          { field: 'score', operator: 'less_than', value: 5 },
          { not: { field: 'none', operator: 'not_empty' } },
        ],
      },
      { field: 'score', operator: 'greater_than', value: 20 },
    ],
  };
  const { holds: held, because } = weigh(condition, facts, now);
  expect(held).toBe(false);
  expect(because.map(({ field, fact, holds }) => [field, fact, holds])).toEqual([
    ['score', 10, false],
    ['none', null, false],
    ['score', 10, false],
  ]);
});

test('whatever the facts and values are, a condition answers yes or no', () => {
  const odd = fc.oneof(fc.anything(), fc.date(), fc.constantFrom(NaN, Infinity, -0, '2026-02-30'));
  fc.assert(
    fc.property(fc.constantFrom(...operatorNames), odd, odd, (operator, fact, value) => {
      const condition = { field: 'x', operator, value };
      expect(typeof holds(condition, { x: fact } as Facts, now)).toBe('boolean');
    }),
    { numRuns: 2000 },
  );
});

test('a pattern that would run for ever elsewhere answers in time linear in the text', () => {
  const slow = { field: 'x', operator: 'matches' as const, value: '^(a+)+$' };
  expect(holds(slow, { x: `${'a'.repeat(50_000)}!` }, now)).toBe(false);
});

test('fields of the prototype are no facts', () => {
  expect(holds({ field: 'constructor', operator: 'not_empty' }, {}, now)).toBe(false);
  expect(Condition.safeParse({ field: 'a', operator: 'constructor' }).success).toBe(false);
});
