import { expect, test } from 'vitest';
import {
  asThreshold,
  fits,
  freeId,
  groupsOf,
  isChanged,
  overrideWith,
  type RuleRow,
  thresholdsSaid,
} from './rule.ts';

const row: RuleRow = {
  ...{ id: 'closing_7d_no_activity', name: 'Closes soon, quiet', category: 'FORECASTING' },
  ...{ severity: 'CRITICAL', description: 'Closes within days and nothing happens.' },
  thresholds: {
    within: { value: 7, unit: 'days', label: 'Closes within' },
    amount: { value: 50_000_00, unit: 'cents', label: 'Amount above' },
  },
  ...{ appliesToStages: null, enabled: true, isCustom: false, hasDraft: false, changed: null },
  ...{ scope: 'workspace', fires: 2, version: 0 },
};

test('thresholds are said with their units, and as they were set', () => {
  expect(thresholdsSaid(row, 'USD')).toBe('7 d, $50,000');
  expect(thresholdsSaid({ ...row, changed: { thresholds: { within: 5 } } }, 'USD')).toBe(
    '5 d, $50,000',
  );
  expect(asThreshold(1, 'times')).toBe('1 time');
  expect(asThreshold(40, 'percent')).toBe('40%');
});

test('the list is narrowed to what fires, what was changed, what is of the workspace and what is searched', () => {
  expect(fits(row, 'all', 'quiet closes')).toBe(true);
  expect(fits(row, 'all', 'amount')).toBe(false);
  expect(fits({ ...row, fires: 0 }, 'fire')).toBe(false);
  expect(fits({ ...row, fires: null }, 'fire')).toBe(false);
  expect(fits({ ...row, changed: { severity: 'INFO' } }, 'changed')).toBe(true);
  expect(isChanged({ changed: {} })).toBe(false);
  expect(fits(row, 'custom')).toBe(false);
});

test('rules stand by category with what fires in them together', () => {
  const rows = [row, { ...row, id: 'b', fires: null }, { ...row, category: 'ENGAGEMENT' as const }];
  expect(
    groupsOf(rows).map(({ category, rules, fires }) => [category, rules.length, fires]),
  ).toEqual([
    ['FORECASTING', 2, 2],
    ['ENGAGEMENT', 1, 2],
  ]);
});

test('an override without its last part is none', () => {
  const both = { enabled: false, severity: 'INFO' } as const;
  expect(overrideWith(both, { severity: undefined })).toEqual({ enabled: false });
  expect(overrideWith({ severity: 'INFO' }, { severity: undefined })).toBeNull();
  expect(overrideWith(null, { enabled: false })).toEqual({ enabled: false });
});

test('a new rule gets an id that nobody has', () => {
  expect(freeId('Large deal, one contact', [])).toBe('large_deal_one_contact');
  expect(freeId('new rule', ['new_rule', 'new_rule_2'])).toBe('new_rule_3');
  expect(freeId('25k!', [])).toBe('k');
  expect(freeId('!!', [])).toBe('rule');
});
