import { expect, test } from 'vitest';
import type { Step } from '#domain/sequence.ts';
import { addAfter, addInto, duplicate, freeId, placed, remove, replace } from './flow.ts';

const steps: Step[] = [
  { id: 'first', kind: 'email' },
  { id: 'fork', kind: 'branch', then: [{ id: 'nudge', kind: 'sms' }], else: [] },
  { id: 'last', kind: 'email' },
];

test('steps are read in order, arms after the step they belong to', () => {
  expect(ids(steps)).toEqual(['first', 'fork', 'nudge', 'last']);
});

test('a step is added after another wherever that stands, or into an empty arm', () => {
  const wait: Step = { id: 'wait', kind: 'wait' };
  expect(ids(addAfter(steps, arms, 'nudge', wait))).toEqual([
    ...['first', 'fork', 'nudge', 'wait', 'last'],
  ]);
  const other = addInto(steps, arms, { parent: 'fork', arm: 'else' }, wait);
  expect(ids(other)).toEqual(['first', 'fork', 'nudge', 'wait', 'last']);
  expect(other[1]!['else']).toEqual([wait]);
  expect(ids(addAfter(steps, arms, undefined, wait)).at(-1)).toBe('wait');
});

test('a step inside an arm is changed and removed without touching the rest', () => {
  const changed = replace(steps, arms, 'nudge', { id: 'nudge', kind: 'sms', text: 'Hi' });
  expect(changed[1]!['then']).toEqual([{ id: 'nudge', kind: 'sms', text: 'Hi' }]);
  expect(ids(remove(steps, arms, 'nudge'))).toEqual(['first', 'fork', 'last']);
  expect(steps[1]!['then']).toEqual([{ id: 'nudge', kind: 'sms' }]);
});

test('a copy of a branch gives every step in it a name of its own', () => {
  const { steps: all, copy } = duplicate(steps, arms, 'fork');
  expect(copy?.id).toBe('fork-2');
  expect(ids(all)).toEqual(['first', 'fork', 'nudge', 'fork-2', 'nudge-2', 'last']);
  expect(freeId('nudge', new Set(['nudge', 'nudge-2']))).toBe('nudge-3');
});

function arms(kind: string): string[] {
  return kind === 'branch' ? ['then', 'else'] : [];
}

function ids(list: Step[]): string[] {
  return placed(list, arms).map(({ step }) => step.id);
}
