import { expect, test } from 'vitest';
import type { RuleFacts } from '#domain/rule.ts';
import { quarterEnd, quarterOf } from '#domain/rule-crowd.ts';
import { compileRules } from './compile.ts';
import { crowdFacts, crowdOf } from './crowd.ts';
import { facts } from './facts.ts';
import { loadRules } from './set.ts';

const now = '2026-03-16T12:00:00Z';

function crowd(deals: RuleFacts[], quotaGaps = {}) {
  const crowd = crowdOf(quotaGaps);
  for (const deal of deals) crowd.add(deal);
  return crowd.whole();
}

const bauer = { companyName: 'Bauer', amountCents: 500, stageKind: 'open' };

test('deals of one company with one amount are twins, however the company is written', () => {
  const all = crowd([bauer, { ...bauer, companyName: ' BAUER ' }, { ...bauer, amountCents: 600 }]);
  expect(all.twins).toEqual({ 'bauer 500': 2 });
  expect(crowdFacts(bauer, all, now)).toMatchObject({ ...bauer, sameCompanyAndAmount: 1 });
  const alone = { ...bauer, amountCents: 600 };
  expect(crowdFacts(alone, all, now)['sameCompanyAndAmount']).toBe(0);
  const nameless = { ...bauer, companyName: null };
  expect(crowdFacts(nameless, all, now)['sameCompanyAndAmount']).toBeNull();
});

test('what is closed is no twin and moves no median', () => {
  const all = crowd([bauer, { ...bauer, stageKind: 'won' }, { ...bauer, stageKind: 'lost' }]);
  expect(all).toMatchObject({ twins: {}, medianCents: 500 });
});

test('an amount is held against the median of those there are', () => {
  const all = crowd([100, 200, 300, 1000, 0, null].map((amountCents) => ({ amountCents })));
  expect(all.medianCents).toBe(250);
  expect(crowdFacts({ amountCents: 1000 }, all, now)['amountToMedian']).toBe(4);
  expect(crowdFacts({ amountCents: 0 }, all, now)['amountToMedian']).toBeNull();
  expect(crowdFacts({ amountCents: 9 }, crowd([]), now)['amountToMedian']).toBeNull();
});

test('an age is held against how long won deals took', () => {
  const won = {
    stageKind: 'won',
    createdAt: '2026-01-01T00:00:00Z',
    wonAt: '2026-01-21T00:00:00Z',
  };
  const all = crowd([won]);
  expect(all.medianCycleDays).toBe(20);
  const open = { createdAt: '2026-02-14T12:00:00Z' };
  expect(crowdFacts(open, all, now)['ageToMedianCycle']).toBe(1.5);
  expect(crowdFacts({}, all, now)['ageToMedianCycle']).toBeNull();
});

test('the last seven days of a quarter have their share of it', () => {
  const all = crowd([
    { amountCents: 300, expectedCloseOn: '2026-03-31' },
    { amountCents: 300, expectedCloseOn: '2026-03-25' },
    { amountCents: 400, expectedCloseOn: '2026-03-24' },
    { amountCents: 999, expectedCloseOn: '2026-04-01' },
    { amountCents: 999, expectedCloseOn: '2026-03-32' },
  ]);
  const told = ['2026-03-25', '2026-03-24', '2026-04-01'].map((expectedCloseOn) => {
    const { daysToQuarterEnd, quarterEndShare } = crowdFacts({ expectedCloseOn }, all, now);
    return [daysToQuarterEnd, quarterEndShare];
  });
  expect(told).toEqual([
    [6, 60],
    [7, 60],
    [90, 0],
  ]);
});

test('a deal knows what its owner’s quota of its month still lacks', () => {
  const all = crowd([], { 'u1 2026-03': 35, 'Ines 2026-03': 10 });
  const march = { expectedCloseOn: '2026-03-20' };
  expect(crowdFacts({ ...march, ownerId: 'u1' }, all, now)['quotaGapPercent']).toBe(35);
  expect(crowdFacts({ ...march, ownerName: 'Ines' }, all, now)['quotaGapPercent']).toBe(10);
  expect(crowdFacts({ ownerId: 'u1' }, all, now)['quotaGapPercent']).toBeNull();
});

test('every quarter has its last day', () => {
  const days = ['2026-01-01', '2026-06-30', '2026-07-01', '2026-12-31'];
  expect(days.map((day) => quarterEnd(quarterOf(day)))).toEqual([
    ...['2026-03-31', '2026-06-30', '2026-09-30', '2026-12-31'],
  ]);
});

test('the rules that ask about the others fire on a crowd', () => {
  const twin = {
    ...bauer,
    expectedCloseOn: '2026-03-31',
    createdAt: '2025-01-01T00:00:00Z',
    ownerId: 'u1',
  };
  const won = {
    stageKind: 'won',
    createdAt: '2026-01-01T00:00:00Z',
    wonAt: '2026-01-21T00:00:00Z',
  };
  const all = crowd([twin, twin, won, ...[1, 2, 3, 4].map((amountCents) => ({ amountCents }))], {
    'u1 2026-03': 90,
  });
  const fired = compileRules(loadRules().rules).run(crowdFacts(twin, all, now), {
    now,
    timeZone: 'UTC',
  });
  expect(fired.map(({ ruleId }) => ruleId)).toEqual([
    ...[
      'duplicate_deal_same_company_amount',
      'amount_outlier_3x_median',
      'closing_quarter_end_pileup',
    ],
    ...['weighted_gap_to_quota', 'long_cycle_vs_median'],
  ]);
});

test('every fact that depends on others is in the table of facts', () => {
  for (const name of Object.keys(crowdFacts({}, crowd([]), now)))
    expect(facts).toHaveProperty(name);
});
