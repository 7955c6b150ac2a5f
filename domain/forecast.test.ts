import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ForecastDeal,
  type ForecastSettings,
  groupedBy,
  monthsFrom,
  sharesOf,
  sumOf,
} from './forecast.ts';

const settings: ForecastSettings = {
  ...{ worstShare: 50, bestFrom: 50, freshDays: 14, stalePointsPerDay: 1, stalePointsMost: 25 },
};
const at = { now: '2026-03-17T15:24:00.000Z', zone: 'America/Chicago' };

const aDeal: ForecastDeal = {
  ...{ id: 'd', status: 'open', pipelineId: 'p', ownerId: 'ines', amountCents: 100_00 },
  ...{ probability: 50, expectedCloseOn: '2026-03-30', wonAt: null, stageIsActive: true },
  ...{ lastActivityAt: '2026-03-17T12:00:00.000Z', leftOutBecause: null },
};
function deals(...given: Partial<ForecastDeal>[]) {
  return given.map((one) => ({ ...aDeal, ...one }));
}
function sum(...given: Partial<ForecastDeal>[]) {
  return sumOf(sharesOf(deals(...given), settings, at).counted);
}

test('a weighted forecast of 42000 has a worst case of 21000 and a best one of 65000', () => {
  const example = sum(
    { amountCents: 60_000_00, probability: 65 },
    { amountCents: 2_500_00, probability: 60 },
    { amountCents: 2_500_00, probability: 60 },
  );
  expect(example).toEqual({
    ...{ wonCents: 0, wonCount: 0, weightedCents: 42_000_00, worstCents: 21_000_00 },
    ...{ bestCents: 65_000_00, dealCount: 3, confidence: 65 },
  });
});

test('what is won already is in every figure and what is open beside it', () => {
  const wonAt = '2026-03-03T12:00:00.000Z';
  const month = sum(
    { status: 'won', amountCents: 87_300_00, wonAt, probability: 100 },
    { amountCents: 64_800_00, probability: 60 },
    { amountCents: 91_993_00, probability: 38 },
    { amountCents: 36_400_00, probability: 55 },
    { amountCents: 21_900_00, probability: 80 },
    { amountCents: 18_600_00, probability: 85 },
  );
  expect(month).toMatchObject({
    ...{ wonCents: 87_300_00, weightedCents: 214_487_34, dealCount: 5, wonCount: 1 },
    bestCents: (87_300 + 64_800 + 36_400 + 21_900 + 18_600) * 100 + 34_957_34,
    worstCents: 87_300_00 + 63_593_67,
  });
});

test('deals without a close date or a probability and those of inactive stages are left out with the reason', () => {
  const { counted, leftOut } = sharesOf(
    deals(
      { id: 'undated', expectedCloseOn: null },
      { id: 'unlikely', probability: null },
      { id: 'asleep', stageIsActive: false },
      { id: 'late', expectedCloseOn: '2026-03-16' },
      { id: 'test', leftOutBecause: 'A test deal' },
      { id: 'today', expectedCloseOn: '2026-03-17' },
      { id: 'lost', status: 'lost', expectedCloseOn: null },
    ),
    settings,
    at,
  );
  expect(counted.map(({ deal }) => deal.id)).toEqual(['today']);
  expect(Object.fromEntries(leftOut.map(({ deal, reason }) => [deal.id, reason]))).toEqual({
    ...{ undated: 'no_close_date', unlikely: 'no_probability', asleep: 'inactive_stage' },
    ...{ late: 'close_date_passed', test: 'by_a_person' },
  });
});

test('a close date has passed when its day is over where the workspace is', () => {
  const late = { expectedCloseOn: '2026-03-07' };
  function count(now: string, zone: string) {
    return sharesOf(deals(late), settings, { now, zone }).counted.length;
  }
  // The clocks of New York go forward on 8 March 2026, those of Berlin on 29 March; Phoenix keeps its own.
  expect(count('2026-03-08T04:59:59.000Z', 'America/New_York')).toBe(1);
  expect(count('2026-03-08T05:00:00.000Z', 'America/New_York')).toBe(0);
  expect(count('2026-03-07T22:59:59.000Z', 'Europe/Berlin')).toBe(1);
  expect(count('2026-03-07T23:00:00.000Z', 'Europe/Berlin')).toBe(0);
  expect(count('2026-03-08T06:59:59.000Z', 'America/Phoenix')).toBe(1);
  expect(count('2026-03-08T07:00:00.000Z', 'America/Phoenix')).toBe(0);
});

test('a deal is won in the month of the workspace', () => {
  const won = deals({ status: 'won', wonAt: '2026-04-01T04:30:00.000Z' });
  expect(sharesOf(won, settings, at).counted[0]!.month).toBe('2026-03-01');
  expect(sharesOf(won, settings, { ...at, zone: 'UTC' }).counted[0]!.month).toBe('2026-04-01');
});

test('silence costs confidence a point a day after fourteen days and twenty-five at most', () => {
  function quiet(hours: number) {
    const lastActivityAt = new Date(Date.parse(at.now) - hours * 3_600_000).toISOString();
    return sum({ probability: 72, lastActivityAt }).confidence;
  }
  expect([0, 14 * 24, 15 * 24 - 1, 15 * 24, 24 * 24, 400 * 24].map(quiet)).toEqual([
    ...[72, 72, 72, 71, 62, 47],
  ]);
});

test('months go on over the end of a year', () => {
  expect(monthsFrom('2026-11-21', 3)).toEqual(['2026-11-01', '2026-12-01', '2027-01-01']);
});

const someDeal: fc.Arbitrary<ForecastDeal> = fc.record({
  id: fc.uuid(),
  status: fc.constantFrom('open', 'open', 'open', 'won', 'lost'),
  pipelineId: fc.constantFrom('p', 'q'),
  ownerId: fc.constantFrom('ines', 'tom', null),
  amountCents: fc.integer({ min: 0, max: 1_000_000_000_00 }),
  probability: fc.option(fc.integer({ min: 0, max: 100 })),
  expectedCloseOn: fc.constantFrom(null, '2026-02-27', '2026-03-31', '2026-04-30', '2027-01-05'),
  wonAt: fc.constantFrom('2026-03-03T12:00:00.000Z', '2026-02-03T12:00:00.000Z'),
  lastActivityAt: fc.constantFrom('2026-03-17T12:00:00.000Z', '2025-12-01T12:00:00.000Z'),
  stageIsActive: fc.boolean(),
  leftOutBecause: fc.constantFrom(null, null, null, 'A test'),
});

test('worst is never more than weighted and weighted never more than best', () => {
  fc.assert(
    fc.property(fc.array(someDeal), (some) => {
      const all = sumOf(sharesOf(some, settings, at).counted);
      expect(all.worstCents).toBeLessThanOrEqual(all.weightedCents);
      expect(all.weightedCents).toBeLessThanOrEqual(all.bestCents);
      expect(all.wonCents).toBeLessThanOrEqual(all.worstCents);
      expect(all.confidence).toBeGreaterThanOrEqual(0);
      expect(all.confidence).toBeLessThanOrEqual(100);
    }),
  );
});

test('no cent is lost between the whole and its months its owners and its pipelines', () => {
  fc.assert(
    fc.property(fc.array(someDeal), (some) => {
      const { counted, leftOut } = sharesOf(some, settings, at);
      const whole = sumOf(counted);
      const keys = [
        (share: (typeof counted)[0]) => share.month,
        (share: (typeof counted)[0]) => share.deal.ownerId,
        (share: (typeof counted)[0]) => `${share.month} ${share.deal.pipelineId}`,
      ];
      for (const key of keys) {
        const parts = [...groupedBy(counted, key).values()].map(sumOf);
        for (const figure of [
          'weightedCents',
          'bestCents',
          'worstCents',
          'wonCents',
          'dealCount',
        ] as const)
          expect(parts.reduce((total, part) => total + part[figure], 0)).toBe(whole[figure]);
      }
      expect(counted.length + leftOut.length).toBe(
        some.filter(({ status }) => status !== 'lost').length,
      );
    }),
  );
});
