import { expect, test } from 'vitest';
import { lineDiff } from './line-diff.ts';
import { otherThresholds } from './other-thresholds.ts';
import { parseOwnRule } from './own-rule.ts';
import { seenBy } from './seen.ts';

const text = `id: quiet
name: Quiet
category: CUSTOM
severity: INFO
description: Nothing happens.
condition:
  all_of:
    - { field: lastActivityAt, operator: older_than_days, value: { threshold: days } }
    - { field: stage, operator: not_equals, value: won }
    - { field: nextStep, operator: is_empty }
thresholds:
  days: { value: 10, unit: days, label: Days, least: 7, most: 15 }
message: Quiet
remediation_action: Call
remediation_owner: deal_owner
`;

function own(changed = text) {
  const read = parseOwnRule(changed);
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return read.rule;
}

test('what people write never breaks what reads it', () => {
  const deep = `not: ${'{ not: '.repeat(60)}`;
  const dashes = `condition: ${'- '.repeat(100)}x`;
  for (const odd of ['', '- 1', '{', deep, dashes, '*nowhere', 'a: !!js/function x', '\u0000'])
    expect(parseOwnRule(odd), odd.slice(0, 30)).toHaveProperty('faults');
});

test('a mistake is said with its line', () => {
  expect(parseOwnRule(text.replace('is_empty', 'is_nothing'))).toMatchObject({
    faults: [{ line: 10 }],
  });
});

test('what a rule looks at is said in words, but for what stands beside the deal anyway', () => {
  const facts = { lastActivityAt: '2026-03-02T08:00:00Z', stage: 'proposal', nextStep: null };
  const at = { now: '2026-03-16T12:00:00Z', timeZone: 'UTC' };
  expect(seenBy(own(), facts, at)).toBe('Last activity 2 Mar, Next step none');
  const later = { ...at, now: '2027-01-04T12:00:00Z' };
  expect(seenBy(own(), facts, later)).toBe('Last activity 2 Mar 2026, Next step none');
});

test('other thresholds lie below and above, inside of their bounds', () => {
  expect(days()).toEqual([10]);
  expect(days(own(text.replace(', least: 7, most: 15', '')))).toEqual([6, 10, 16]);
  expect(
    days(own(text.replace('value: 10', 'value: 1').replace(', least: 7, most: 15', ''))),
  ).toEqual([...[0, 1, 2]]);
});

test('two texts are compared line by line', () => {
  expect(lineDiff('a\nb\nc\n', 'a\nx\nc\nd\n').map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    ...['same a', 'removed b', 'added x', 'same c', 'added d'],
  ]);
  expect(lineDiff('', 'a\n')).toEqual([{ kind: 'added', text: 'a' }]);
});

function days(rule = own()): number[] {
  return otherThresholds(rule).map(({ value }) => value);
}
