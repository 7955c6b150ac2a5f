import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadRisk } from '#rules/risk.ts';
import { firstHigh, type PastDeal, sumsOf, touchesAt } from './backtest.ts';
import { DAY } from './risk.ts';

const settings = loadRisk();
const closedAt = Date.parse('2026-03-18T09:00:00.000Z');
const stages = new Map([
  ['a', { name: 'Discovery', probability: 20, norm: null }],
  ['b', { name: 'Proposal', probability: 60, norm: null }],
]);

function past(change: Partial<PastDeal> = {}): PastDeal {
  const last = { stageId: 'b', amountCents: 100, probability: 60, competitor: null };
  const createdAt = closedAt - 100 * DAY;
  return { createdAt, closedAt, last, changes: [], activities: [], touches: [], ...change };
}

/** Instants so many days before the deal closed, in their order. */
function days(...before: number[]): number[] {
  return before.map((one) => closedAt - one * DAY).toSorted((a, b) => a - b);
}

test('a deal that was left alone is flagged on the twenty-eighth day of silence, once its stage took too long', () => {
  // Created 100 days before it closed: 42 days in its stage are enough, and 28 of silence.
  expect(firstHigh(past(), stages, settings)).toEqual({
    at: '2026-01-19T09:00:00.000Z',
    daysBefore: 58,
  });
  const called = past({ activities: days(40) });
  expect(firstHigh(called, stages, settings)?.daysBefore).toBe(58);
  expect(firstHigh(past({ activities: days(60) }), stages, settings)?.daysBefore).toBe(32);
  expect(firstHigh(past({ activities: days(80, 60, 40, 20) }), stages, settings)).toBeNull();
});

test('a deal is judged by the stage and the values that it had on that day', () => {
  const changes = [{ at: closedAt - 50 * DAY, before: { stageId: 'a' } }];
  expect(firstHigh(past({ changes }), stages, settings)?.daysBefore).toBe(58);
  const moved = [{ at: closedAt - 70 * DAY, before: { stageId: 'a', amountCents: 9_000_000 } }];
  // It moved on 70 days before: 42 days in the new stage end 28 days before it closed.
  expect(firstHigh(past({ changes: moved }), stages, settings)?.daysBefore).toBe(28);
});

test('a stricter threshold flags earlier and never later', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 100 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 14 }),
      (before, stricter) => {
        const deal = past({ activities: days(...before), touches: days(...before) });
        const decay = { ...settings.decay, days: stricter, fullDays: stricter + 14 };
        const one = firstHigh(deal, stages, settings);
        const other = firstHigh(deal, stages, { ...settings, decay });
        if (one) expect(other!.daysBefore).toBeGreaterThanOrEqual(one.daysBefore);
      },
    ),
  );
});

test('a drop of engagement stays while the silence lasts', () => {
  const touches = days(30, 31, 32);
  expect(touchesAt(touches, closedAt - 25 * DAY, 14)).toEqual({ recent: 3, before: 0 });
  expect(touchesAt(touches, closedAt - 10 * DAY, 14)).toEqual({ recent: 0, before: 3 });
  expect(touchesAt(touches, closedAt + 90 * DAY, 14)).toEqual({ recent: 0, before: 3 });
});

test('a backtest says how many lost deals are caught, how early, and how many alarms are false', () => {
  function flag(daysBefore: number) {
    return { at: '2026-01-01T00:00:00.000Z', daysBefore };
  }
  const deals = [
    { status: 'lost' as const, flag: flag(10) },
    { status: 'lost' as const, flag: flag(30) },
    { status: 'lost' as const, flag: null },
    { status: 'won' as const, flag: flag(5) },
    { status: 'won' as const, flag: null },
  ];
  expect(sumsOf(deals)).toEqual({
    ...{ caught: 2, medianDaysBefore: 20, falseAlarms: 1, precision: 2 / 3, recall: 2 / 3 },
  });
  expect(sumsOf([])).toMatchObject({ medianDaysBefore: null, precision: null, recall: null });
});
