import fc from 'fast-check';
import { expect, test } from 'vitest';
import { severities } from '#domain/rule.ts';
import {
  countsOf,
  formula,
  healthOf,
  healthOfSum,
  type HealthSum,
  noHealth,
  pipelineHealth,
  withDeal,
} from './health.ts';

test('the formula says in words what takes how much', () => {
  expect(formula).toBe(
    'A deal begins with 100; each critical finding takes 30% of what is left, each warning 12% and each note 3%. ' +
      'The pipeline is the average of its deals, weighted by amount; a deal without an amount weighs as much as the average one.',
  );
});

test.each([
  [0, 0, 0, 100],
  [1, 0, 0, 70],
  [0, 1, 0, 88],
  [0, 0, 1, 97],
  [2, 1, 0, 43],
  [1, 2, 1, 53],
  [30, 30, 30, 0],
])(
  'a deal with %i critical, %i warnings and %i notes has %i',
  (critical, warning, info, health) => {
    expect(healthOf({ critical, warning, info })).toBe(health);
  },
);

const violations = fc.array(fc.record({ severity: fc.constantFrom(...severities) }), {
  maxLength: 42,
});

test('health is a whole number from 0 to 100, and one finding more never raises it', () => {
  fc.assert(
    fc.property(violations, fc.constantFrom(...severities), (some, severity) => {
      const health = healthOf(some);
      expect(Number.isInteger(health) && health >= 0 && health <= 100).toBe(true);
      expect(healthOf(countsOf(some))).toBe(health);
      expect(healthOf(some.toReversed())).toBe(health);
      expect(healthOf([...some, { severity }])).toBeLessThanOrEqual(health);
    }),
  );
});

test('the pipeline is weighted by amount', () => {
  const deals = [
    { health: 40, amountCents: 9_000_000 },
    { health: 100, amountCents: 1_000_000 },
  ];
  expect(pipelineHealth(deals)).toBe(46);
});

test('a deal without an amount weighs as much as the average one', () => {
  const some = [
    { health: 80, amountCents: 3_000_000 },
    { health: 80, amountCents: 1_000_000 },
  ];
  expect(pipelineHealth([...some, { health: 20, amountCents: null }])).toBe(60);
  expect(pipelineHealth([...some, { health: 20, amountCents: 2_000_000 }])).toBe(60);
});

test('without amounts every deal counts the same, and without deals nothing is wrong', () => {
  const bare = [50, 100].map((health) => ({ health, amountCents: 0 }));
  expect(pipelineHealth(bare)).toBe(75);
  expect(pipelineHealth([])).toBe(100);
});

const deal = fc.record({
  health: fc.integer({ min: 0, max: 100 }),
  amountCents: fc.option(fc.integer({ min: -1, max: 10 ** 12 })),
});

test('it is the same in whatever chunks it comes together, and lies between the worst and the best', () => {
  fc.assert(
    fc.property(fc.array(deal, { minLength: 1, maxLength: 30 }), (deals) => {
      const health = pipelineHealth(deals);
      const kept = deals.reduce<HealthSum>((sum, one) => {
        return withDeal(JSON.parse(JSON.stringify(sum)) as HealthSum, one);
      }, noHealth);
      expect(healthOfSum(kept)).toBe(health);
      const all = deals.map((one) => one.health);
      expect(health).toBeGreaterThanOrEqual(Math.min(...all));
      expect(health).toBeLessThanOrEqual(Math.max(...all));
    }),
  );
});
