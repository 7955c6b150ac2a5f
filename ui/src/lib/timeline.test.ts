import { expect, test } from 'vitest';
import { type Entry, kindOf, told, unanswered } from './timeline.ts';

function entry(given: Partial<Entry>): Entry {
  return {
    ...{
      id: 'x',
      kind: 'message',
      at: '2026-03-17T10:12:00Z',
      title: '',
      detail: null,
      body: null,
    },
    ...{ channel: null, direction: null, touchId: null, state: null, actor: null, promised: false },
    ...given,
  };
}

test('an answer is owed while the last word is theirs, whatever happened or is promised since', () => {
  const theirs = entry({ direction: 'in', title: 'theirs' });
  const ours = entry({ direction: 'out' });
  const touch = entry({ kind: 'touch', direction: 'out' });
  expect(unanswered([entry({ promised: true }), touch, theirs, ours])).toBe(theirs);
  expect(unanswered([ours, theirs])).toBeUndefined();
  expect(unanswered([entry({ kind: 'reply_done' }), theirs])).toBeUndefined();
  expect(unanswered([])).toBeUndefined();
});

test('an out-of-office owes nothing', () => {
  expect(unanswered([entry({ direction: 'in', state: 'auto-reply' })])).toBeUndefined();
});

test('words are conversation, what the sequence did is automation, the rest are changes', () => {
  expect(kindOf(entry({ direction: 'in' }))).toBe('conversation');
  expect(kindOf(entry({ kind: 'touch', touchId: 't1', body: 'Hi' }))).toBe('conversation');
  expect(kindOf(entry({ kind: 'touch', touchId: 't1', state: 'skipped' }))).toBe('automation');
  expect(kindOf(entry({ kind: 'assigned' }))).toBe('changes');
});

test('what a touch says is not said twice', () => {
  const touch = entry({ id: 'touch:t1', kind: 'touch', touchId: 't1' });
  const echo = entry({ id: 'activity:a1', kind: 'email_sent', touchId: 't1' });
  const click = entry({ id: 'activity:a2', kind: 'clicked', touchId: 't2' });
  expect(told([echo, touch, click])).toEqual([touch, click]);
});

test('why somebody was given a lead begins as a sentence does', () => {
  const detail = 'nobody has room, so it goes to the owner';
  const [given] = told([entry({ kind: 'assigned', detail })]);
  expect(given!.detail).toBe('Nobody has room, so it goes to the owner');
});

test('a reason and its sequence are punctuated as sentences, and a person has a name', () => {
  const people = [{ userId: 'mKq8Zb21xTtLr0', name: 'Dana Whitlock' }];
  const detail = 'Paused: the tag ends it for this lead., Fleet check-in';
  const held = entry({ kind: 'touch', detail });
  const written = entry({ kind: 'touch', detail: 'written by mKq8Zb21xTtLr0, Fleet check-in' });
  expect(told([held, written], people).map(({ detail }) => detail)).toEqual([
    'Paused: the tag ends it for this lead. Fleet check-in',
    'written by Dana Whitlock, Fleet check-in',
  ]);
});
