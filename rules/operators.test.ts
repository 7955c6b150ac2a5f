import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FactValue, type Leaf, type Operator, operators } from '#domain/rule.ts';
import { testOf } from './compile.ts';
import { momentOf } from './moment.ts';

const moment = momentOf({ now: '2026-03-16T12:00:00Z', timeZone: 'America/New_York' });

/** Facts by type, so that each operator meets the fact it is about. */
const fields = {
  ...{ text: 'stageName', number: 'contactCount', money: 'amountCents', flag: 'ownerIsActive' },
  ...{ date: 'expectedCloseOn', instant: 'lastActivityAt', list: 'tags' },
} as const;

function holds(type: keyof typeof fields, operator: Operator, value: unknown, fact: unknown) {
  const field = fields[type];
  const leaf = { field, operator, ...(value !== undefined && { value }) } as Leaf;
  return testOf(leaf, { thresholds: {} })({ [field]: fact as FactValue }, moment);
}

type Case = [keyof typeof fields, Operator, unknown, unknown, boolean];
const cases: Case[] = [
  ['text', 'is_empty', undefined, null, true],
  ['text', 'is_empty', undefined, '  ', true],
  ['list', 'is_empty', undefined, [], true],
  ['number', 'is_empty', undefined, 0, false],
  ['flag', 'is_empty', undefined, false, false],
  ['text', 'not_empty', undefined, 'x', true],
  ['number', 'not_empty', undefined, 0, true],
  ['number', 'not_empty', undefined, NaN, false],
  ['text', 'not_empty', undefined, ' ', false],
  ['list', 'not_empty', undefined, ['x'], true],
  ['date', 'is_past', undefined, '2026-03-15', true],
  ['date', 'is_past', undefined, '2026-03-16', false],
  ['instant', 'is_past', undefined, '2026-03-16T11:59:59.999Z', true],
  ['instant', 'is_past', undefined, '2026-03-16T12:00:00Z', false],
  ['date', 'is_past', undefined, '15.03.2026', false],
  ['date', 'is_future', undefined, '2026-03-17', true],
  ['date', 'is_future', undefined, '2026-03-16', false],
  ['instant', 'is_future', undefined, '2026-03-16T12:00:00.001Z', true],
  // The 8th of March had 23 hours in New York: ten days by the clock are 239 hours.
  ['instant', 'older_than_days', 10, '2026-03-06T13:00:00Z', true],
  ['instant', 'older_than_days', 10, '2026-03-06T13:00:01Z', false],
  ['date', 'older_than_days', 10, '2026-03-06', true],
  ['date', 'older_than_days', 10, '2026-03-07', false],
  ['date', 'newer_than_days', 10, '2026-03-06', false],
  ['date', 'newer_than_days', 10, '2026-03-07', true],
  ['date', 'newer_than_days', 10, '2027-01-01', true],
  ['date', 'within_days', 7, '2026-03-16', true],
  ['date', 'within_days', 7, '2026-03-23', true],
  ['date', 'within_days', 7, '2026-03-24', false],
  ['date', 'within_days', 7, '2026-03-15', false],
  ['number', 'greater_than', 9, 10, true],
  ['number', 'greater_than', 10, 10, false],
  ['number', 'greater_than', 9, '10', false],
  ['number', 'greater_than', 9, Infinity, false],
  ['number', 'less_than', 9, 8.5, true],
  ['number', 'less_than', 9, 9, false],
  ['number', 'less_than', 9, null, false],
  ['number', 'less_than', 9, '8', false],
  ['money', 'greater_than', 5_000_000, 5_000_001, true],
  ['date', 'greater_than', '2026-03-16', '2026-03-17', true],
  ['date', 'greater_than', '2026-03-16', '2026-03-16', false],
  // It is still the 15th in New York.
  ['instant', 'less_than', '2026-03-16', '2026-03-16T03:59:59Z', true],
  ['instant', 'less_than', '2026-03-16', '2026-03-16T04:00:00Z', false],
  ['number', 'between', [10, 20], 10, true],
  ['number', 'between', [10, 20], 20, true],
  ['number', 'between', [10, 20], 20.01, false],
  ['number', 'between', [10, 20], 9.99, false],
  ['number', 'between', [10, 20], '15', false],
  ['date', 'between', ['2026-01-01', '2026-03-31'], '2026-03-31', true],
  ['date', 'between', ['2026-01-01', '2026-03-31'], '2026-04-01', false],
  ['date', 'between', ['2026-01-01', '2026-03-31'], 'soon', false],
  ['text', 'equals', 'Proposal', 'Proposal', true],
  ['text', 'equals', 'Proposal', 'proposal', false],
  ['text', 'equals', '10', 10, false],
  ['number', 'equals', 0, '0', false],
  ['number', 'equals', 0, false, false],
  ['flag', 'equals', false, false, true],
  ['flag', 'equals', false, null, false],
  ['instant', 'equals', '2026-03-15', '2026-03-16T03:00:00Z', true],
  ['text', 'equals', '2026-03-15', '2026-03-15', true],
  ['text', 'not_equals', 'Proposal', 'Demo', true],
  ['text', 'not_equals', 'Proposal', null, true],
  ['text', 'not_equals', 'Proposal', 'Proposal', false],
  ['number', 'not_equals', 3, '3', false],
  ['number', 'not_equals', 3, 4, true],
  ['number', 'not_equals', 3, NaN, false],
  ['date', 'not_equals', '2026-03-15', '2026-03-16', true],
  ['date', 'not_equals', '2026-03-15', 'soon', false],
  ['text', 'not_equals', '2026-03-15', 'soon', true],
  ['text', 'in', ['a', 'b'], 'b', true],
  ['text', 'in', ['a', 'b'], 'c', false],
  ['number', 'in', [1, 2], '1', false],
  ['text', 'not_in', ['a', 'b'], 'c', true],
  ['text', 'not_in', ['a', 'b'], 'a', false],
  ['text', 'not_in', ['a', 'b'], null, true],
  ['number', 'not_in', [1, 2], '3', false],
  ['text', 'contains', 'cold', 'Bauer Cold Storage', true],
  ['text', 'contains', 'warm', 'Bauer Cold Storage', false],
  ['text', 'contains', '1', 1, false],
  ['list', 'contains', 'vip', ['vip', 'new'], true],
  ['list', 'contains', 'vi', ['vip', 'new'], false],
  ['list', 'not_contains', 'vip', ['new'], true],
  ['list', 'not_contains', 'vip', [], true],
  ['list', 'not_contains', 'vip', ['vip'], false],
  ['text', 'not_contains', 'cold', 'Bauer', true],
  ['text', 'not_contains', 'cold', 7, false],
  ['text', 'matches', '^acme [0-9]+$', 'ACME 12', true],
  ['text', 'matches', '^acme [0-9]+$', 'acme twelve', false],
  ['text', 'matches', '1', 1, false],
  ['number', 'changed_times_gt', 2, 3, true],
  ['number', 'changed_times_gt', 2, 2, false],
  ['list', 'changed_times_gt', 2, ['a', 'b', 'c'], true],
  ['list', 'changed_times_gt', 2, ['a', 'b'], false],
  ['number', 'changed_times_gt', 2, '3', false],
];

test.each(cases)('a %s %s %j of %j is %s', (type, operator, value, fact, expected) => {
  expect(holds(type, operator, value, fact)).toBe(expected);
});

const values: Record<Operator, unknown> = {
  ...{ is_empty: undefined, not_empty: undefined, is_past: undefined, is_future: undefined },
  ...{ older_than_days: 3, newer_than_days: 3, within_days: 3, greater_than: 9, less_than: 9 },
  ...{ between: [1, 9], equals: 'x', not_equals: 'x', in: ['x'], not_in: ['x'] },
  ...{ contains: 'x', not_contains: 'x', matches: 'x', changed_times_gt: 1 },
};

describe.each(operators)('%s', (operator) => {
  test('answers whatever the fact is and never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (fact) => {
        expect(holds('text', operator, values[operator], fact)).toBeTypeOf('boolean');
      }),
      { numRuns: 200 },
    );
  });

  test('holds of nothing that is not known', () => {
    expect(holds('text', operator, values[operator], undefined)).toBe(false);
  });

  test('holds of no value that is of none of the types there are', () => {
    for (const odd of [{}, { length: 0 }, Symbol('x'), 10n, () => 'x', NaN, Infinity])
      expect(holds('text', operator, values[operator], odd)).toBe(false);
  });
});

test('a pattern that would keep a backtracking engine busy for ever is answered', () => {
  const text = `${'a'.repeat(50_000)}!`;
  expect(holds('text', 'matches', '^(a+)+$', text)).toBe(false);
});
