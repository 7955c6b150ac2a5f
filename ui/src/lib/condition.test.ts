import { expect, test } from 'vitest';
import type { Condition } from '#domain/condition.ts';
import { conditionOf, sayCondition, testsOf, valueOf } from './condition.ts';

const isNew: Condition = { field: 'lead.status', operator: 'in', value: ['new', 'contacted'] };
const canText: Condition = { field: 'contact.smsEligible', operator: 'equals', value: true };

test('a condition goes through the form and comes out the same', () => {
  for (const condition of [isNew, { all_of: [isNew, canText] }, { any_of: [canText, isNew] }])
    expect(conditionOf(testsOf(condition)!)).toEqual(condition);
  expect(conditionOf(testsOf(undefined)!)).toBeUndefined();
});

test('a condition too deep for the form is left as it is', () => {
  expect(testsOf({ not: isNew })).toBeUndefined();
  expect(testsOf({ all_of: [isNew, { any_of: [canText, isNew] }] })).toBeUndefined();
});

test('what is typed into a condition means numbers, yes and no, and lists', () => {
  expect(valueOf('40', 'one')).toBe(40);
  expect(valueOf('true', 'one')).toBe(true);
  expect(valueOf('new, 7', 'list')).toEqual(['new', 7]);
  expect(valueOf('40', 'nothing')).toBeUndefined();
});

test('a condition reads as a sentence', () => {
  expect(sayCondition({ all_of: [isNew, canText] })).toBe(
    'lead.status is one of new, contacted and contact.smsEligible is true',
  );
});
