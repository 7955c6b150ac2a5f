import type { Condition, Operator, Test } from '#domain/condition.ts';

/** The operators in words, in the order people look for them. */
export const operators: { value: Operator; label: string; takes: 'nothing' | 'one' | 'list' }[] = [
  { value: 'equals', label: 'is', takes: 'one' },
  { value: 'not_equals', label: 'is not', takes: 'one' },
  { value: 'in', label: 'is one of', takes: 'list' },
  { value: 'not_in', label: 'is none of', takes: 'list' },
  { value: 'contains', label: 'contains', takes: 'one' },
  { value: 'not_contains', label: 'does not contain', takes: 'one' },
  { value: 'is_empty', label: 'is empty', takes: 'nothing' },
  { value: 'not_empty', label: 'is not empty', takes: 'nothing' },
  { value: 'greater_than', label: 'is more than', takes: 'one' },
  { value: 'less_than', label: 'is less than', takes: 'one' },
  { value: 'between', label: 'is between', takes: 'list' },
  { value: 'older_than_days', label: 'is older than, in days', takes: 'one' },
  { value: 'newer_than_days', label: 'is newer than, in days', takes: 'one' },
  { value: 'within_days', label: 'comes within, in days', takes: 'one' },
  { value: 'is_past', label: 'has passed', takes: 'nothing' },
  { value: 'is_future', label: 'is to come', takes: 'nothing' },
  { value: 'matches', label: 'matches the pattern', takes: 'one' },
  { value: 'changed_times_gt', label: 'changed more often than', takes: 'one' },
];

export interface Tests {
  mode: 'all_of' | 'any_of';
  tests: Test[];
}

/** The tests of a condition that is one or a flat list of them; deeper ones are not for this form. */
export function testsOf(condition: Condition | undefined): Tests | undefined {
  if (!condition) return { mode: 'all_of', tests: [] };
  if ('field' in condition) return { mode: 'all_of', tests: [condition] };
  const mode = 'all_of' in condition ? 'all_of' : 'any_of';
  const tests =
    'all_of' in condition ? condition.all_of : 'any_of' in condition && condition.any_of;
  if (!tests || !tests.every((test) => 'field' in test)) return undefined;
  return { mode, tests: tests as Test[] };
}

export function conditionOf({ mode, tests }: Tests): Condition | undefined {
  if (tests.length < 2) return tests[0];
  return { [mode]: tests } as unknown as Condition;
}

/** What was typed, as the value it means: `40` is a number, `true` is yes, `a, b` in a list is two. */
export function valueOf(text: string, takes: 'nothing' | 'one' | 'list'): unknown {
  if (takes === 'nothing') return undefined;
  if (takes === 'list') return text.split(',').map((part) => valueOf(part.trim(), 'one'));
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
}

/** “lead.status is one of new, contacted”, or several, in one sentence. */
export function sayCondition(condition: Condition): string {
  if ('all_of' in condition) return condition.all_of.map(sayCondition).join(' and ');
  if ('any_of' in condition) return condition.any_of.map(sayCondition).join(' or ');
  if ('not' in condition) return `not (${sayCondition(condition.not)})`;
  const { field, operator, value } = condition;
  const words = operators.find((one) => one.value === operator)?.label ?? operator;
  const asked = value === undefined ? '' : ` ${[value].flat().map(String).join(', ')}`;
  return `${field} ${words}${asked}`;
}
