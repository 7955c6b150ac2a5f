import { expect, test } from 'vitest';
import { asDollars, centsFrom, factWord } from './assessment.ts';

test('a fact is called what people call it', () => {
  const names = ['lastActivityAt', 'amountCents', 'expectedCloseOn', 'rule.no_next_step'];
  expect(names.map(factWord)).toEqual([
    ...['Last activity', 'Amount', 'Expected close', 'Rule: No next step'],
  ]);
  expect(factWord('custom.Región')).toBe('Región');
});

test('what a model cost is said in dollars, and never as nothing when it was something', () => {
  expect([0, 900, 1_234_567].map(asDollars)).toEqual(['$0.00', 'less than $0.01', '$1.23']);
});

test('a budget is typed in dollars', () => {
  expect(['20', '0.5', ' 12.34 '].map(centsFrom)).toEqual([2000, 50, 1234]);
  expect(['', '-1', '1.234', 'many'].map(centsFrom)).toEqual(Array(4).fill(undefined));
});
