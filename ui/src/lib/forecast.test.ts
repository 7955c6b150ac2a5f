import { expect, test } from 'vitest';
import { asChange, asPercent, centsOf } from './forecast.ts';

const words = { money: (cents: number) => `$${cents / 100}`, stage: (id: string) => `stage ${id}` };

test('what moved a forecast is said with what it was and what it is', () => {
  expect([
    asChange('pushed', { before: '2026-03-30', after: '2026-04-12' }, words),
    asChange('less_likely', { before: 55, after: 45 }, words),
    asChange('amount_up', { before: 100_00, after: 200_00 }, words),
    asChange('stage', { before: 'a', after: 'b' }, words),
    asChange('left_out', { before: null, after: 'A test deal' }, words),
    asChange('left_out', { before: '2026-03-30', after: null }, words),
    asChange('lapsed', { before: '2026-03-14', after: '2026-03-17' }, words),
    asChange('new', { before: null, after: 'open' }, words),
  ]).toEqual([
    ...['Mon 30 Mar → Sun 12 Apr', '55% → 45%', '$100 → $200', 'stage a → stage b'],
    ...['counted → A test deal', 'Mon 30 Mar → no date', 'Its close date, Sat 14 Mar, passed'],
    'New since then',
  ]);
});

test('how far off a forecast was is said with a sign and one digit', () => {
  expect([6.84, -26.6, 0, 5, null].map((percent) => asPercent(percent))).toEqual([
    ...['+6.8%', '−26.6%', '0%', '+5%', '–'],
  ]);
});

test('an amount is read however it is typed', () => {
  expect(['228,000', '$1,234.56', '0', '', 'much'].map(centsOf)).toEqual([
    ...[228_000_00, 1_234_56, 0, undefined, undefined],
  ]);
});
