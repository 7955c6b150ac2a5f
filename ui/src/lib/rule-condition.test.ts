import { expect, test } from 'vitest';
import type { RuleCondition } from '#domain/rule.ts';
import {
  addedAt,
  readValue,
  replacedAt,
  ruleOperators,
  shownValue,
  testOf,
  unitOf,
  withOperator,
} from './rule-condition.ts';

const amount = { field: 'amountCents', operator: 'greater_than', value: 100 } as const;
const step = { field: 'nextStep', operator: 'is_empty' } as const;
const stage = { field: 'stage', operator: 'equals', value: 'proposal' } as const;
const nested: RuleCondition = { all_of: [amount, { any_of: [step, { not: stage }] }] };

test('a test deep in a condition is replaced, and what stands around it stays', () => {
  expect(replacedAt(nested, [1, 1, 0], amount)).toEqual({
    all_of: [amount, { any_of: [step, { not: amount }] }],
  });
  expect(replacedAt(nested, [], step)).toEqual(step);
  expect(replacedAt(nested, [7], step)).toEqual(nested);
});

test('a group that loses its last test goes with it', () => {
  expect(replacedAt(nested, [1, 1, 0], undefined)).toEqual({
    all_of: [amount, { any_of: [step] }],
  });
  const rest = replacedAt(nested, [1, 1, 0], undefined)!;
  expect(replacedAt(rest, [1, 0], undefined)).toEqual({ all_of: [amount] });
  expect(replacedAt({ all_of: [amount] }, [0], undefined)).toBeUndefined();
});

test('a test is added to the group it was asked for, and a single test becomes a group', () => {
  expect(addedAt(amount, [], step)).toEqual({ all_of: [amount, step] });
  expect(addedAt(nested, [1], stage)).toEqual({
    all_of: [amount, { any_of: [step, { not: stage }, stage] }],
  });
  expect(addedAt({ not: step }, [], stage)).toEqual({ not: { all_of: [step, stage] } });
  expect(addedAt({ not: { all_of: [step, stage] } }, [], amount)).toEqual({
    not: { all_of: [step, stage, amount] },
  });
});

test('another operator keeps the value it can read', () => {
  expect(withOperator(amount, 'less_than', 'money')).toEqual({ ...amount, operator: 'less_than' });
  expect(withOperator(amount, 'between', 'money').value).toEqual([100, 100]);
  expect(withOperator(amount, 'is_empty', 'money')).toEqual({
    ...{ field: 'amountCents', operator: 'is_empty' },
  });
  expect(withOperator(step, 'in', 'text').value).toEqual(['']);
  const named = { ...amount, value: { threshold: 'amount' } };
  expect(withOperator(named, 'less_than', 'money').value).toEqual({ threshold: 'amount' });
});

test('what is typed is read by the type of the fact', () => {
  expect(readValue('25,000', 'money')).toBe(25_000_00);
  expect(readValue('12.5', 'number')).toBe(12.5);
  expect(readValue('', 'number')).toBeUndefined();
  expect(readValue('lots', 'days')).toBeUndefined();
  expect(readValue('true', 'flag')).toBe(true);
  expect(readValue('10', 'text')).toBe('10');
  expect(shownValue(25_000_00, 'money')).toBe('25000');
});

test('a fact is first asked something that fits its type', () => {
  for (const type of ['text', 'number', 'money', 'date', 'instant', 'flag', 'list'] as const) {
    const { operator } = testOf({ name: 'fact', type, unit: null, label: 'Fact' });
    expect(ruleOperators[operator].for).toContain(type);
  }
  expect(unitOf('money', 'greater_than')).toBe('cents');
  expect(unitOf('date', 'older_than_days')).toBe('days');
  expect(unitOf('number', 'less_than', 'percent')).toBe('percent');
});
