import { expect, test } from 'vitest';
import { sayField, sayValue } from './result-fix.ts';
import {
  barsOf,
  edgesOf,
  healthInk,
  joined,
  lineOf,
  linesIn,
  ownersOf,
  renewed,
  type ReviewedDeal,
  rowsOf,
  sayCount,
  toggled,
} from './result.ts';

function aDeal(line: number, findings = 0): ReviewedDeal {
  return {
    ...{ line, name: `Deal ${line}`, health: 50, dealId: null, stage: null, stageName: null },
    ...{ owner: null, ownerId: null, company: null, amountCents: null },
    ...{ critical: findings, warning: 0, info: 0 },
    findings: Array.from({ length: findings }, (_, index) => ({ ruleId: `rule_${index}` })),
  } as ReviewedDeal;
}

test('only the findings of deals that are open take room in the list', () => {
  const rows = rowsOf([aDeal(1, 2), aDeal(2, 1)], new Set([1]), { deal: 36, finding: 51 });
  expect(rows.map(({ is }) => is)).toEqual(['deal', 'finding', 'finding', 'deal']);
  expect(edgesOf(rows)).toEqual([0, 36, 87, 138, 174]);
});

test('deals that are open are said by the address and closed again', () => {
  expect(toggled(linesIn('3,7'), 9)).toBe('3,7,9');
  expect(toggled(linesIn('3,7'), 3)).toBe('7');
  expect(toggled(linesIn('3'), 3)).toBeUndefined();
  expect(linesIn(null).size).toBe(0);
});

test('a page that overlaps the one before adds no deal twice', () => {
  expect(joined([aDeal(1), aDeal(2)], [aDeal(2), aDeal(3)]).map(({ line }) => line)).toEqual([
    1, 2, 3,
  ]);
});

test('deals that are read again stay where they are', () => {
  const fixed = { ...aDeal(1), health: 90 };
  const after = renewed([aDeal(2), aDeal(1), aDeal(3)], [fixed]);
  expect(after.map(({ line, health }) => [line, health])).toEqual([
    [2, 50],
    [1, 90],
    [3, 50],
  ]);
});

test('categories stand in the order of what they found, without those that found nothing', () => {
  const bars = barsOf({
    category: {
      COMPLIANCE: { critical: 0, warning: 1, info: 1 },
      DATA_QUALITY: { critical: 2, warning: 6, info: 9 },
      ENGAGEMENT: { critical: 0, warning: 0, info: 0 },
    },
  });
  expect(bars.map(({ name, total }) => [name, total])).toEqual([
    ['Data quality', 17],
    ['Compliance', 2],
  ]);
});

test('owners stand with the worst health first and those without one last', () => {
  const sum = { ownerId: null, critical: 1, warning: 0, info: 0, deals: 1 };
  const owners = ownersOf({
    owner: {
      'Ines Ferreira': { ...sum, health: 88 },
      Nobody: { ...sum, health: null },
      'Marcus Oyelaran': { ...sum, health: 58 },
    },
  });
  expect(owners.map(({ name }) => name)).toEqual(['Marcus Oyelaran', 'Ines Ferreira', 'Nobody']);
});

test('what was found is counted in words and health is marked where it is poor', () => {
  expect(sayCount('CRITICAL', 6)).toBe('6 critical');
  expect(sayCount('WARNING', 1)).toBe('1 warning');
  expect(sayCount('INFO', 1900)).toBe('1,900 notes');
  expect([49, 50, 69, 70].map(healthInk)).toEqual([
    'text-danger-ink',
    'text-warn-ink',
    'text-warn-ink',
    'text-ink',
  ]);
});

test('the trend runs from left to right with the best at the top', () => {
  expect(lineOf([58, 71, 58])).toBe('M0.0 100.0 L50.0 0.0 L100.0 100.0');
  expect(lineOf([70, 70])).toBe('M0.0 50.0 L100.0 50.0');
  expect(lineOf([])).toBe('');
});

test('what a fix changes is said as people write it', () => {
  const change = { field: 'amountCents', before: null, after: 1_840_000 };
  expect(sayValue(change, 'before')).toBe('None');
  expect(sayValue(change, 'after')).toBe('$18,400');
  expect(sayValue({ field: 'probability', before: 20, after: 40 }, 'after')).toBe('40%');
  const close = { field: 'expectedCloseOn', before: '2031-03-14', after: null };
  expect(sayValue(close, 'before')).toBe('Fri 14 Mar 2031');
  expect(sayField('expectedCloseOn')).toBe('Expected close');
});
