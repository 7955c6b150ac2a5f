import { expect, test } from 'vitest';
import type { Step } from '#domain/sequence.ts';
import { restOf } from './rest.ts';

const zone = 'America/New_York';
const friday = '2026-07-03T15:00:00.000Z';

function untilOf(wait: object, facts = {}): string {
  const step: Step = { id: 'w', kind: 'wait', ...wait };
  function isHoliday(date: string): boolean {
    return date === '2026-07-06';
  }
  return restOf(step, friday, { zone, isHoliday, facts }).until;
}

test.each([
  ['four hours', { for: { hours: 4 } }, '2026-07-03T19:00:00.000Z'],
  [
    'one business day over a weekend and a holiday',
    { for: { businessDays: 1 } },
    '2026-07-07T15:00:00.000Z',
  ],
  [
    'Tuesday or Thursday at ten',
    { until: { day: ['tue', 'thu'], at: '10:00' } },
    '2026-07-07T14:00:00.000Z',
  ],
  ['the patience of a wait-for', { timeout: { days: 3 } }, '2026-07-06T15:00:00.000Z'],
])('a wait for %s', (_what, wait, until) => {
  expect(untilOf(wait)).toBe(until);
});

test('a wait until a date of the lead counts before and after it', () => {
  const facts = { 'lead.renewal': '2026-08-01', 'lead.call': '2026-07-10T12:00:00.000Z' };
  expect(
    untilOf({ until: { field: 'lead.renewal', before: { days: 7 }, at: '08:30' } }, facts),
  ).toBe('2026-07-25T12:30:00.000Z');
  expect(untilOf({ until: { field: 'lead.call', after: { hours: 2 } } }, facts)).toBe(
    '2026-07-10T14:00:00.000Z',
  );
});

test('a wait says since when in the words of its zone, not of machines', () => {
  const wait = { id: 'w', kind: 'wait', for: { businessDays: 2 } };
  const { because } = restOf(wait, '2026-11-21T12:12:05.108Z', { zone });
  expect(because).toBe('2 business days after Sat 21 Nov 07:12');
  const call = { id: 'w', kind: 'wait', until: { field: 'lead.call', after: { hours: 2 } } };
  const facts = { 'lead.call': '2026-11-21T05:00:00.000Z' };
  expect(restOf(call, friday, { zone, facts }).because).toBe(
    '2 hours after lead.call (Sat 21 Nov 00:00)',
  );
});

test('a date that is missing or past is no wait', () => {
  expect(untilOf({ until: { field: 'lead.renewal' } })).toBe(friday);
  expect(untilOf({ until: { field: 'lead.renewal' } }, { 'lead.renewal': '2026-01-01' })).toBe(
    friday,
  );
});
