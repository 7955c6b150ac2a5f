import { expect, test } from 'vitest';
import { asDate, asSoon, centsOf, effectOf, marksOf, nextOf, ownerOf, typedOf } from './deal.ts';

const now = new Date(2026, 2, 16, 10, 12);

function aDeal(of: Partial<Parameters<typeof marksOf>[0]> = {}) {
  return {
    ...{ status: 'open' as const, riskBand: 'low' as const, expectedCloseOn: null },
    ...{ lastActivityAt: now.toISOString(), nextAction: 'Call', nextActionAt: null },
    ...{ leftOutBecause: null, ...of },
  };
}

function daysAgo(days: number): string {
  return new Date(now.getTime() - days * 24 * 60 * 60 * 1000).toISOString();
}

test('a card says what is wrong, the worst first, and nothing when nothing is', () => {
  expect(marksOf(aDeal(), now)).toEqual([]);
  const bad = { lastActivityAt: daysAgo(16), expectedCloseOn: '2026-03-22', nextAction: null };
  expect(marksOf(aDeal(bad), now).map(({ label }) => label)).toEqual([
    'Closes in 6 d',
    'Quiet 16 d',
  ]);
  expect(marksOf(aDeal({ ...bad, status: 'won' }), now)).toEqual([]);
});

test('a deal is quiet from the fourteenth day, not before', () => {
  expect(marksOf(aDeal({ lastActivityAt: daysAgo(13.9) }), now)).toEqual([]);
  expect(marksOf(aDeal({ lastActivityAt: daysAgo(14) }), now)).toMatchObject([
    { label: 'Quiet 14 d' },
  ]);
});

test('before a drop the board says what becomes of the chance and the weight', () => {
  const deal = { amountCents: 4_290_000, probability: 65 };
  expect(effectOf(deal, { probability: 80 })).toEqual({
    chance: '65% becomes 80%',
    weight: 'Weighted rises by $6,435',
  });
  expect(effectOf(deal, { probability: 0 }).weight).toBe('Weighted falls by $27,885');
});

test('an amount reads back as it was typed, to the cent', () => {
  expect(centsOf('$91,992.64')).toBe(9_199_264);
  expect(centsOf('42900')).toBe(4_290_000);
  expect(centsOf('12.5')).toBe(1250);
  expect(centsOf('12.345')).toBeUndefined();
  expect(centsOf('-3')).toBeUndefined();
  expect(typedOf(9_199_264)).toBe('91992.64');
  expect(typedOf(4_290_000)).toBe('42900');
});

test('a calendar date is the same day wherever it is read', () => {
  expect(asDate('2026-03-27', now)).toBe('27 Mar');
  expect(asDate('2026-03-27', now, true)).toBe('Fri 27 Mar');
  expect(asDate('2027-01-02', now)).toBe('2 Jan 2027');
  expect(asDate(null, now)).toBe('–');
});

test('what is next says when in as few letters as say it', () => {
  expect(asSoon(new Date(2026, 2, 16, 16, 30).toISOString(), now)).toBe('16:30');
  expect(asSoon(new Date(2026, 2, 19, 9, 0).toISOString(), now)).toBe('Thu');
  expect(asSoon(new Date(2026, 3, 7, 9, 0).toISOString(), now)).toBe('7 Apr');
  expect(asSoon(new Date(2026, 2, 13, 9, 0).toISOString(), now)).toBe('13 Mar');
});

test('what was to be done and was not is late, as long as the deal is open', () => {
  const missed = { nextAction: 'Call', nextActionAt: new Date(2026, 2, 13, 9, 0).toISOString() };
  expect(nextOf(aDeal(missed), now)).toBe('Call, 13 Mar (late)');
  expect(nextOf(aDeal({ ...missed, status: 'won' }), now)).toBe('Call, 13 Mar');
  const planned = new Date(2026, 2, 16, 16, 30).toISOString();
  expect(nextOf(aDeal({ nextActionAt: planned }), now)).toBe('Call, 16:30');
  expect(nextOf(aDeal({ nextAction: null }), now)).toBe('');
});

test('a deal of somebody who left is not one of nobody', () => {
  const people = [{ userId: 'u1', name: 'Ada Lovelace' }];
  expect(ownerOf('u1', people)).toBe('Ada Lovelace');
  expect(ownerOf('u2', people)).toBe('A former member');
  expect(ownerOf(null, people)).toBe('Nobody');
});
