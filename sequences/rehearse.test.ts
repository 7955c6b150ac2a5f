import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { stepKinds, summarize } from './catalogue.ts';
import { parseDefinition } from './definition.ts';
import { type Rehearsed, rehearse } from './rehearse.ts';
import { kinds } from './steps/index.ts';

const places = { sender: 'Europe/Zurich', workspace: 'America/Chicago' };
const { definition } = parseDefinition({
  name: 'No answer',
  steps: [
    { id: 'first', kind: 'email', subject: 'Hello', body: 'Hi' },
    { id: 'rest', kind: 'wait', for: { businessDays: 2 } },
    {
      ...{ id: 'can-text', kind: 'branch' },
      if: { field: 'contact.smsEligible', operator: 'equals', value: true },
      then: [{ id: 'nudge', kind: 'sms', text: 'Hi' }],
      else: [{ id: 'ring', kind: 'call', title: 'Call' }],
    },
    { id: 'later', kind: 'wait', for: { days: 3 } },
    { id: 'last', kind: 'email', subject: 'Bye', body: 'Hi' },
  ],
});

function someone(more: Partial<Rehearsed> = {}): Rehearsed {
  const facts = { 'contact.smsEligible': true };
  return {
    id: 'ada',
    enrolledAt: '2026-07-03T22:00:00.000Z',
    zone: 'America/New_York',
    facts,
    ...more,
  };
}

test('one lead gets a dated story with the reason of each turn', async () => {
  function isHoliday(date: string): boolean {
    return date === '2026-07-06';
  }
  const stories = await rehearse(definition!, [someone({ isHoliday })], places);
  const { lines, ending } = stories.get('ada')!;
  expect(ending).toEqual({ status: 'completed' });
  expect(lines.map(({ stepId, what, at }) => `${at.slice(0, 10)} ${stepId} ${what}`)).toEqual([
    '2026-07-03 first held',
    '2026-07-07 first sent',
    '2026-07-07 rest waits',
    '2026-07-09 can-text chose',
    '2026-07-09 nudge sent',
    '2026-07-09 later waits',
    '2026-07-12 last held',
    '2026-07-13 last sent',
    '2026-07-13  ended',
  ]);
  expect(lines[3]!.because).toBe('then: contact.smsEligible is true, asked equals true');
  expect(lines[0]!.because).toContain('08:00–17:00 America/New_York');
});

test('texts and mails keep to the clock of the person who gets them', async () => {
  const zones = ['America/New_York', 'America/Los_Angeles', 'Europe/Zurich', 'Asia/Kathmandu'];
  const people = Array.from({ length: 400 }, (_, n) =>
    someone({
      id: `lead-${n}`,
      zone: zones[n % zones.length],
      enrolledAt: new Date(Date.UTC(2026, 2, 1) + n * 3_700_000).toISOString(),
    }),
  );
  const stories = await rehearse(definition!, people, places);
  const wrong = people.flatMap(({ id, zone }) =>
    stories.get(id)!.lines.filter(({ what, at }) => {
      const local = DateTime.fromISO(at, { zone: zone! });
      return what === 'sent' && (local.hour < 8 || local.hour >= 17 || local.weekday > 5);
    }),
  );
  expect(wrong).toEqual([]);
});

test('a text moves to the next open window and is not dropped', async () => {
  const night = someone({ zone: undefined, enrolledAt: '2026-07-06T03:00:00.000Z' });
  const sms = parseDefinition({
    name: 'Text',
    schedule: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '00:00', to: '24:00' },
    steps: [{ id: 'hi', kind: 'sms', text: 'Hi' }],
  }).definition!;
  const { lines } = (await rehearse(sms, [night], places)).get('ada')!;
  expect(lines.map(({ what }) => what)).toEqual(['held', 'sent', 'ended']);
  expect(lines[1]!.at >= '2026-07-06T15:00:00.000Z').toBe(true);
  expect(lines[1]!.at < '2026-07-06T15:30:00.000Z').toBe(true);
});

test('ten thousand people and three touches each are rehearsed with the real calendar', async () => {
  const people = Array.from({ length: 10_000 }, (_, n) =>
    someone({
      id: `lead-${n}`,
      enrolledAt: new Date(Date.UTC(2026, 2, 1) + n * 60_000).toISOString(),
    }),
  );
  const stories = await rehearse(definition!, people, places, false);
  const endings = [...stories.values()].map(({ ending }) => ending?.status);
  expect(endings.filter((status) => status === 'completed')).toHaveLength(10_000);
});

test('every kind of step has a title, a sentence and a form', () => {
  const listed = stepKinds();
  expect(listed.map(({ kind }) => kind)).toEqual(kinds.map(({ kind }) => kind));
  for (const { title, summary, settings } of listed) {
    expect([title, summary].every((words) => words.length > 1)).toBe(true);
    expect(settings).toMatchObject({ type: 'object' });
  }
});

test('a step is summed up in a sentence a person can read', () => {
  expect(definition!.steps.map((step) => summarize(step))).toEqual([
    'Send the email “Hello”',
    'Wait 2 business days',
    'If contact.smsEligible equals true',
    'Wait 3 days',
    'Send the email “Bye”',
  ]);
});
