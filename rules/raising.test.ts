import fc from 'fast-check';
import { expect, test } from 'vitest';
import { waysTo } from './raising.ts';
import { loadScoring, scoreOf } from './scoring.ts';

const table = loadScoring();
const now = '2026-03-18T09:00:00Z';

test('what would make a score 80 begins with what gives most and ends where 80 is reached', () => {
  const facts = { 'lead.source': 'referral', 'company.size': 40, 'contact.title': 'Owner' };
  const { base, factors } = scoreOf(table, facts, now);
  expect(base).toBe(37);
  const changes = waysTo(table, { base, factors, decay: 6 }, 80);
  expect(changes.map(({ what, points, makes }) => [what, points, makes])).toEqual([
    ['Get in touch: silence takes points away', 6, 37],
    ['Get an answer', 22, 59],
    ['Say which industry they are in', 12, 71],
    ['Ask when they want it', 6, 77],
    ['Fill in their country', 4, 81],
  ]);
});

test('a score that is there needs nothing', () => {
  expect(waysTo(table, { base: 85, factors: [], decay: 3 }, 80)).toEqual([]);
});

test('what would raise a score adds up, and never above the weight of a group or 100', () => {
  const fact = fc.oneof(
    fc.constant(null),
    fc.nat({ max: 600 }),
    fc.constantFrom('US', 'Owner', 'now'),
  );
  const names = ['engagement.replies', 'engagement.opens', 'contact.title', 'contact.country'];
  const more = ['company.size', 'lead.timeline', 'lead.budget', 'lead.icp', 'contact.emailKind'];
  const some = fc.record(Object.fromEntries([...names, ...more].map((name) => [name, fact])));
  fc.assert(
    fc.property(some, fc.nat({ max: 120 }), (facts, decay) => {
      const { base, factors } = scoreOf(table, facts as never, now);
      const changes = waysTo(table, { base, factors, decay }, 100);
      let score = Math.max(0, base - decay);
      for (const { points, makes } of changes) {
        expect(points).toBeGreaterThan(0);
        score += points;
        expect(makes).toBe(score);
      }
      expect(score).toBeLessThanOrEqual(100);
    }),
  );
});
