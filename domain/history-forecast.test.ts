import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chancesOf, type HistorySettings, rangeOf, seedOf } from './history-forecast.ts';

const settings: HistorySettings = { priorDeals: 10, days: 365, ages: [30, 90], samples: 2000 };

test('without history a deal is won as often as it says and every closed deal moves that', () => {
  const deal = { stageId: 's', probability: 60, ageDays: 12 };
  expect(chancesOf([], settings)(deal)).toBe(0.6);
  const some = [{ stageId: 's', age: 0, won: 2, closed: 10 }];
  expect(chancesOf(some, settings)(deal)).toBeCloseTo(0.4);
  expect(chancesOf(some, settings)({ ...deal, ageDays: 31 })).toBe(0.6);
  const many = [{ stageId: 's', age: 0, won: 200, closed: 1000 }];
  expect(chancesOf(many, settings)(deal)).toBeCloseTo(0.2, 1);
});

test('the same seed draws the same range and says how often it drew', () => {
  const deals = Array.from({ length: 40 }, (_, n) => ({ amountCents: n * 100_00, chance: 0.4 }));
  const seed = seedOf('a workspace 2026-03-17');
  const range = rangeOf(deals, { seed, samples: 2000 });
  expect(rangeOf(deals, { seed, samples: 2000 })).toEqual(range);
  expect(range).toMatchObject({ samples: 2000, seed, expectedCents: 31_200_00 });
  expect(rangeOf(deals, { seed: seed + 1, samples: 2000 })).not.toEqual(range);
});

test('the middle of many small deals is near what is expected', () => {
  const deals = Array.from({ length: 400 }, () => ({ amountCents: 1000_00, chance: 0.25 }));
  const { p10Cents, p50Cents, p90Cents } = rangeOf(deals, { seed: 7, samples: 2000 });
  expect(Math.abs(p50Cents - 100_000_00)).toBeLessThan(2_000_00);
  // Binomial(400, 0.25): one deviation is 8.66 deals, so 80 % lie within 11.1 of the mean.
  expect(Math.abs(p90Cents - p10Cents - 22_200_00)).toBeLessThan(3_000_00);
});

test('a range is in order and between nothing and all', () => {
  const some = fc.record({
    amountCents: fc.integer({ min: 0, max: 1_000_000_00 }),
    chance: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(some, { maxLength: 30 }), fc.nat(), (deals, seed) => {
      const range = rangeOf(deals, { seed, samples: 100, wonCents: 500 });
      const all = deals.reduce((sum, { amountCents }) => sum + amountCents, 500);
      expect(range.p10Cents).toBeGreaterThanOrEqual(500);
      expect(range.p10Cents).toBeLessThanOrEqual(range.p50Cents);
      expect(range.p50Cents).toBeLessThanOrEqual(range.p90Cents);
      expect(range.p90Cents).toBeLessThanOrEqual(all);
    }),
  );
});
