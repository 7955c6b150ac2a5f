import type { Leaf, Operator, RuleCondition, Threshold } from '#domain/rule.ts';

/** A fact that a condition may name, as GET /rules/facts tells it. */
export interface Fact {
  name: string;
  type: 'text' | 'number' | 'money' | 'date' | 'instant' | 'flag' | 'list';
  unit: string | null;
  label: string;
}

export type Mode = 'all_of' | 'any_of' | 'not';
/** Where in a condition: the place in each group on the way down. */
export type Path = number[];
export type Group = { mode: Mode; parts: RuleCondition[] };

/** The operators in words, with the facts they make sense for and what they compare with. */
export const ruleOperators: Record<
  Operator,
  {
    label: string;
    takes: 'nothing' | 'one' | 'two' | 'list' | 'days' | 'times';
    for: Fact['type'][];
  }
> = {
  equals: { label: 'is', takes: 'one', for: ['text', 'number', 'money', 'date', 'flag'] },
  not_equals: { label: 'is not', takes: 'one', for: ['text', 'number', 'money', 'date', 'flag'] },
  in: { label: 'is one of', takes: 'list', for: ['text', 'number'] },
  not_in: { label: 'is none of', takes: 'list', for: ['text', 'number'] },
  greater_than: { label: 'above', takes: 'one', for: ['number', 'money'] },
  less_than: { label: 'below', takes: 'one', for: ['number', 'money'] },
  between: { label: 'between', takes: 'two', for: ['number', 'money'] },
  contains: { label: 'contains', takes: 'one', for: ['text', 'list'] },
  not_contains: { label: 'does not contain', takes: 'one', for: ['text', 'list'] },
  matches: { label: 'matches', takes: 'one', for: ['text'] },
  older_than_days: { label: 'older than', takes: 'days', for: ['date', 'instant'] },
  newer_than_days: { label: 'newer than', takes: 'days', for: ['date', 'instant'] },
  within_days: { label: 'comes within', takes: 'days', for: ['date', 'instant'] },
  is_past: { label: 'has passed', takes: 'nothing', for: ['date', 'instant'] },
  is_future: { label: 'is to come', takes: 'nothing', for: ['date', 'instant'] },
  changed_times_gt: { label: 'changed more than', takes: 'times', for: ['number'] },
  is_empty: {
    ...{ label: 'is empty', takes: 'nothing' },
    for: ['text', 'number', 'money', 'date', 'instant', 'flag', 'list'],
  },
  not_empty: {
    ...{ label: 'is not empty', takes: 'nothing' },
    for: ['text', 'number', 'money', 'date', 'instant', 'flag', 'list'],
  },
};

export const modes: { value: Mode; label: string }[] = [
  { value: 'all_of', label: 'all are true' },
  { value: 'any_of', label: 'any is true' },
  { value: 'not', label: 'it is not true' },
];

/** A condition as a group of parts; a single test is a group of one that is not written as one. */
export function groupOf(condition: RuleCondition): Group | undefined {
  if ('all_of' in condition) return { mode: 'all_of', parts: condition.all_of };
  if ('any_of' in condition) return { mode: 'any_of', parts: condition.any_of };
  if ('not' in condition) return { mode: 'not', parts: [condition.not] };
  return undefined;
}

/** The group written down. `not` holds one condition: several are all of them. */
export function written({ mode, parts }: Group): RuleCondition {
  if (mode === 'all_of') return { all_of: parts };
  if (mode === 'any_of') return { any_of: parts };
  return { not: parts.length === 1 ? parts[0]! : { all_of: parts } };
}

/** The same condition with another one at a place; without one it is taken out, and an empty group with it. */
export function replacedAt(
  condition: RuleCondition,
  path: Path,
  next: RuleCondition | undefined,
): RuleCondition | undefined {
  const [at, ...rest] = path;
  if (at === undefined) return next;
  const group = groupOf(condition);
  if (!group?.parts[at]) return condition;
  const part = replacedAt(group.parts[at], rest, next);
  const parts = group.parts.flatMap((one, index) => (index === at ? (part ?? []) : [one]));
  return parts.length > 0 ? written({ ...group, parts }) : undefined;
}

/** One more part in the group at a place; a single test becomes a group first. */
export function addedAt(condition: RuleCondition, path: Path, part: RuleCondition): RuleCondition {
  const [at, ...rest] = path;
  const group = groupOf(condition);
  if (at === undefined) {
    if (!group) return { all_of: [condition, part] };
    return written({ ...group, parts: [...inside(group), part] });
  }
  if (!group?.parts[at]) return condition;
  const deeper = addedAt(group.parts[at], rest, part);
  return written({
    ...group,
    parts: group.parts.map((one, index) => (index === at ? deeper : one)),
  });
}

/** What a fact is first asked. */
export function testOf({ name, type }: Fact): Leaf {
  if (type === 'flag') return { field: name, operator: 'equals', value: true };
  if (type === 'money' || type === 'number')
    return { field: name, operator: 'greater_than', value: type === 'money' ? 10_000_00 : 1 };
  if (type === 'date' || type === 'instant')
    return { field: name, operator: 'older_than_days', value: 14 };
  return { field: name, operator: 'is_empty' };
}

/** The same test with another operator; the value stays where the new one can read it. */
export function withOperator(leaf: Leaf, operator: Operator, type: Fact['type']): Leaf {
  const { takes } = ruleOperators[operator];
  const { field, value } = leaf;
  if (takes === 'nothing') return { field, operator };
  const first = Array.isArray(value) ? value[0] : value;
  const one = first ?? (takes === 'days' || takes === 'times' ? 14 : startOf(type));
  if (takes === 'two')
    return { field, operator, value: [one, Array.isArray(value) ? (value[1] ?? one) : one] };
  if (takes === 'list') return { field, operator, value: Array.isArray(value) ? value : [one] };
  return { field, operator, value: one };
}

/** What was typed as a value of that type: money becomes cents, `yes` a flag. Nothing when it is no value. */
export function readValue(
  text: string,
  as: Fact['type'] | 'days',
): string | number | boolean | undefined {
  if (as === 'flag') return text === 'true';
  if (as === 'text' || as === 'list' || as === 'date' || as === 'instant') return text;
  const number = Number(text.replaceAll(',', '').trim());
  if (text.trim() === '' || !Number.isFinite(number)) return undefined;
  return as === 'money' ? Math.round(number * 100) : number;
}

/** A value as it stands in its field. */
export function shownValue(value: unknown, as: Fact['type'] | 'days'): string {
  if (value === undefined || value === null) return '';
  return as === 'money' && typeof value === 'number' ? String(value / 100) : String(value);
}

/** The unit of a threshold that stands for a value of that fact. */
export function unitOf(
  type: Fact['type'],
  operator: Operator,
  unit?: string | null,
): Threshold['unit'] {
  const { takes } = ruleOperators[operator];
  if (takes === 'days') return 'days';
  if (takes === 'times') return 'times';
  if (type === 'money') return 'cents';
  const known = ['days', 'hours', 'percent', 'times', 'count', 'ratio'] as const;
  return known.find((one) => one === unit) ?? 'count';
}

function inside({ mode, parts }: Group): RuleCondition[] {
  const [only] = parts;
  return mode === 'not' && only && 'all_of' in only ? only.all_of : parts;
}

function startOf(type: Fact['type']): string | number | boolean {
  if (type === 'flag') return true;
  return type === 'money' || type === 'number' ? 0 : '';
}

/** In the order people look for them. */
export function byLabel(facts: Fact[]): Fact[] {
  return facts.toSorted((a, b) => a.label.localeCompare(b.label));
}
