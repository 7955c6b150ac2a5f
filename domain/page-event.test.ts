import { expect, test } from 'vitest';
import { isPersonal, PageEvent } from './page-event.ts';

test('what looks like a mail address or a phone number is known for one', () => {
  const persons = [
    'ann@acme.example',
    'mailto:ann%40acme.example',
    '+1 (602) 555-0142',
    '602.555.0142',
    6025550142,
  ];
  expect(persons.map(isPersonal)).toEqual(persons.map(() => true));
  const things = [
    ...[
      'deals/board',
      '2026-03-17',
      '2026-03-17T10:24:00.000Z',
      '1440x900',
      12,
      99_999,
      true,
      null,
    ],
    '0190f5a1-7b3c-7c1d-8e2f-0123456789ab',
  ];
  expect(things.map(isPersonal)).toEqual(things.map(() => false));
});

test('an event is a name with small properties and nothing of a person', () => {
  const fine = { name: 'board.dragged', properties: { from: 'discovery', cards: 12, byKey: true } };
  expect(PageEvent.safeParse(fine).success).toBe(true);
  const odd = [
    { name: 'Board dragged' },
    { name: 'seen', properties: { email: 'x' } },
    { name: 'seen', properties: { userName: 'x' } },
    { name: 'seen', properties: { q: 'ann@acme.example' } },
    { name: 'seen', properties: { q: '602-555-0142' } },
    { name: 'seen', properties: { deep: { a: 1 } } },
    { name: 'seen', properties: { q: 'x'.repeat(201) } },
  ];
  expect(odd.map((event) => PageEvent.safeParse(event).success)).toEqual(odd.map(() => false));
});
