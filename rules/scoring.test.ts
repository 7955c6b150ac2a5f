import { expect, test } from 'vitest';
import fc from 'fast-check';
import { icpOf, loadIcps } from './icp.ts';
import { loadScoring, scoreOf } from './scoring.ts';

const now = '2026-03-18T09:00:00Z';
const table = loadScoring();
const icps = loadIcps();

const best = {
  ...{ 'lead.source': 'website', 'lead.icp': 'trucking', 'lead.icpName': 'Trucking' },
  ...{ 'lead.timeline': 'this month', 'lead.budget': '$2k', 'lead.competitor': 'Acme GPS' },
  ...{ 'lead.decisionMaker': true, 'lead.funding': 'series A', 'lead.technologies': 'ELD' },
  ...{ 'contact.title': 'Owner', 'contact.country': 'US', 'contact.emailKind': 'business' },
  ...{ 'company.size': 40, 'company.placeId': 'p1', 'contact.smsEligible': true },
  ...{ 'engagement.replies': 2, 'engagement.clicks': 5, 'engagement.opens': 9 },
  'engagement.downloads': 1,
};

test('groups weigh 40 and 30 and 20 and 10', () => {
  const weights = Object.fromEntries(
    Object.entries(table).map(([name, { weight }]) => [name, weight]),
  );
  expect(weights).toEqual({ engagement: 40, fit: 30, behaviour: 20, external: 10 });
});

test('the best lead there can be is worth 100 and one we know nothing of 0', () => {
  expect(scoreOf(table, best, now).base).toBe(100);
  expect(scoreOf(table, {}, now)).toEqual({ base: 0, factors: [] });
});

test('a score is the sum of its factors, each with its reason', () => {
  const { base, factors } = scoreOf(
    table,
    { 'lead.source': 'referral', 'company.size': 12, 'contact.title': 'Fleet manager' },
    now,
  );
  expect(factors).toEqual([
    { group: 'engagement', name: 'Came to us', points: 18, because: 'Was recommended to us' },
    { group: 'fit', name: 'Company size', points: 6, because: '12 people' },
    { group: 'fit', name: 'Job title', points: 4, because: 'Fleet manager is close to the work' },
  ]);
  expect(base).toBe(28);
});

test('engagement counts answers, clicks, opens, visits, forms and downloads and never more than 40', () => {
  function one(facts: object): number {
    return scoreOf(table, facts as never, now).base;
  }
  for (const fact of ['replies', 'clicks', 'opens', 'visits', 'downloads']) {
    expect(one({ [`engagement.${fact}`]: 3 })).toBeGreaterThan(0);
  }
  expect(one({ 'lead.source': 'website' })).toBe(20);
  const engaged = Object.entries(best).filter(([name]) => /^engagement|source/.test(name));
  expect(one(Object.fromEntries(engaged))).toBe(40);
});

test('behaviour counts timeline, budget, decision maker and competitor', () => {
  for (const fact of ['timeline', 'budget', 'decisionMaker', 'competitor']) {
    const { factors } = scoreOf(table, { [`lead.${fact}`]: best[`lead.${fact}` as never] }, now);
    expect(factors.map(({ group }) => group)).toEqual(['behaviour']);
  }
});

test('outside news counts for ten at most', () => {
  for (const fact of ['funding', 'technologies']) {
    const { factors } = scoreOf(table, { [`lead.${fact}`]: 'yes' }, now);
    expect(factors.map(({ group }) => group)).toEqual(['external']);
  }
});

test('no facts give more than 100 or less than 0 and none are odd enough to fail', () => {
  const fact = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null));
  const some = fc.record(Object.fromEntries(Object.keys(best).map((name) => [name, fact])), {
    requiredKeys: [],
  });
  fc.assert(
    fc.property(some, (facts) => {
      const { base } = scoreOf(table, facts as never, now);
      expect(base).toBeGreaterThanOrEqual(0);
      expect(base).toBeLessThanOrEqual(100);
    }),
  );
});

test('there are fourteen verticals', () => {
  expect(Object.keys(icps).toSorted()).toEqual(
    'bhph-dealers construction delivery-courier electrical equipment-rental farm-ag hvac landscaping pest-control plumbing roofing towing trucking waste-dumpster'.split(
      ' ',
    ),
  );
});

test.each([
  ['US Trucking Owners Q3', 'trucking'],
  ['Heating & Air – Phoenix', 'hvac'],
  ['pest_control_tx', 'pest-control'],
  ['Equipment Rental 50-200', 'equipment-rental'],
  ['Junk removal wave 2', 'waste-dumpster'],
  ['farm-ag', 'farm-ag'],
  ['Newsletter', undefined],
])('the campaign “%s” is about %s', (campaign, icp) => {
  expect(icpOf(icps, campaign)).toBe(icp);
});

test('the campaign decides before industry and industry before name', () => {
  expect(icpOf(icps, 'Roofing', 'HVAC', 'Acme Plumbing')).toBe('roofing');
  expect(icpOf(icps, 'Spring', 'HVAC', 'Acme Plumbing')).toBe('hvac');
  expect(icpOf(icps, null, undefined, 'Acme Plumbing LLC')).toBe('plumbing');
});
