import { expect, test } from 'vitest';
import type { Entry } from './timeline.ts';
import { kindOfDealEntry, mentionAt, mentionsIn } from './deal-timeline.ts';

const people = [
  { userId: 'u1', name: 'Dana' },
  { userId: 'u2', name: 'Dana Whitlock' },
  { userId: 'u3', name: 'Marcus Oyelaran' },
];

test('who is mentioned in a comment is told, and a longer name is not taken for a shorter one', () => {
  expect(mentionsIn('@Dana Whitlock please ask @marcus oyelaran', people)).toEqual(['u3', 'u2']);
  expect(mentionsIn('dana@northgate.example', [people[0]!])).toEqual([]);
  expect(mentionsIn('ask @Dana', people)).toEqual(['u1']);
});

test('a name is offered from the @ on, not within an address', () => {
  expect(mentionAt('ask @Da', 7)).toEqual({ from: 4, word: 'Da' });
  expect(mentionAt('dana@north', 10)).toBeUndefined();
  expect(mentionAt('@Dana said\nso', 13)).toBeUndefined();
});

test('a call is a message, a move to another stage is a change', () => {
  const entry = { body: null, channel: null } as Entry;
  expect(kindOfDealEntry({ ...entry, kind: 'call' })).toBe('messages');
  expect(kindOfDealEntry({ ...entry, kind: 'stage_changed' })).toBe('changes');
});
