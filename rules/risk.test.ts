import fc from 'fast-check';
import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { RiskSettings } from '#domain/risk-settings.ts';
import { type RiskInput, riskOf } from '#domain/risk.ts';
import { parseRules } from './read.ts';
import { loadRisk } from './risk.ts';

const settings = loadRisk();
const now = '2026-03-18T09:00:00.000Z';
const DAY = 24 * 60 * 60 * 1000;

function ago(days: number, from = now): string {
  return new Date(Date.parse(from) - days * DAY).toISOString();
}

const calm: RiskInput = {
  ...{ amountCents: 1_000_000, probability: 60, competitor: null },
  ...{ stage: { name: 'Proposal', probability: 60 }, stageEnteredAt: now, lastActivityAt: now },
  ...{ norm: null, touches: { recent: 3, before: 3 }, moved: 0, gained: 0 },
};

function riskWith(change: Partial<RiskInput>, at = now) {
  return riskOf({ ...calm, ...change }, settings, at);
}

function part(change: Partial<RiskInput>, name: string) {
  return riskWith(change).factors.find((factor) => factor.name === name)!;
}

const someInput: fc.Arbitrary<RiskInput> = fc.record({
  amountCents: fc.integer({ min: 0, max: 100_000_000 }),
  probability: fc.option(fc.integer({ min: 0, max: 100 })),
  competitor: fc.option(fc.string()),
  stage: fc.record({ name: fc.string(), probability: fc.integer({ min: 0, max: 100 }) }),
  stageEnteredAt: fc.integer({ min: -50, max: 4000 }).map((hours) => ago(hours / 24)),
  lastActivityAt: fc.integer({ min: -50, max: 4000 }).map((hours) => ago(hours / 24)),
  norm: fc.option(
    fc.record({
      median: fc.double({ min: 0, max: 90, noNaN: true }),
      p75: fc.double({ min: 0, max: 90, noNaN: true }),
      deals: fc.integer({ min: 0, max: 40 }),
    }),
  ),
  touches: fc.record({ recent: fc.nat({ max: 20 }), before: fc.nat({ max: 20 }) }),
  moved: fc.constantFrom(-1, 0, 1),
  gained: fc.integer({ min: -100, max: 100 }),
});

test('the weights are 40 and 25 and 20 and 10 and 5 and the bands begin at 0.35 and 0.65', () => {
  const { bands, decay, velocity, engagement, competitive, value } = settings;
  const weights = [decay, velocity, engagement, competitive, value].map(({ weight }) => weight);
  expect(weights).toEqual([0.4, 0.25, 0.2, 0.1, 0.05]);
  expect(bands).toEqual({ medium: 0.35, high: 0.65 });
});

test('a risk is 0 to 1 and the sum of what its factors contribute, each 0 to its weight', () => {
  fc.assert(
    fc.property(someInput, (input) => {
      const { score, factors, band, health } = riskOf(input, settings, now);
      expect(factors.map(({ name }) => name)).toEqual([
        ...['decay', 'velocity', 'engagement', 'competitive', 'value'],
      ]);
      const sum = factors.reduce((all, { contribution }) => all + contribution, 0);
      expect(score).toBeCloseTo(sum, 6);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      for (const { contribution, weight, lowers } of factors) {
        expect(contribution).toBeGreaterThanOrEqual(0);
        expect(contribution).toBeLessThanOrEqual(weight);
        expect(lowers === null).toBe(contribution === 0);
      }
      expect(band).toBe(score >= 0.65 ? 'high' : score >= 0.35 ? 'medium' : 'low');
      expect(health).toBeGreaterThanOrEqual(0);
      expect(health).toBeLessThanOrEqual(100);
      expect(Number.isInteger(health)).toBe(true);
    }),
  );
});

test('less activity is never less risk nor better health', () => {
  fc.assert(
    fc.property(someInput, fc.nat({ max: 2000 }), fc.nat({ max: 20 }), (input, hours, fewer) => {
      const lastActivityAt = ago(hours / 24, input.lastActivityAt);
      const recent = Math.max(0, input.touches.recent - fewer);
      const less = { ...input, lastActivityAt, touches: { ...input.touches, recent } };
      const [one, other] = [riskOf(input, settings, now), riskOf(less, settings, now)];
      expect(other.score).toBeGreaterThanOrEqual(one.score);
      expect(other.health).toBeLessThanOrEqual(one.health);
    }),
  );
});

test('longer in a stage is never less risk', () => {
  fc.assert(
    fc.property(someInput, fc.nat({ max: 4000 }), (input, hours) => {
      const longer = { ...input, stageEnteredAt: ago(hours / 24, input.stageEnteredAt) };
      const { score } = riskOf(input, settings, now);
      expect(riskOf(longer, settings, now).score).toBeGreaterThanOrEqual(score);
    }),
  );
});

test('the same deal at the same time has the same risk', () => {
  fc.assert(
    fc.property(someInput, (input) => {
      expect(riskOf(structuredClone(input), settings, now)).toEqual(riskOf(input, settings, now));
    }),
  );
});

test('a reason says which signal spoke: no activity for 21 days', () => {
  expect(part({ lastActivityAt: ago(21) }, 'decay')).toMatchObject({
    because: 'No activity for 21 days',
    contribution: 0.35,
    inputs: { idleDays: 21, thresholdDays: 14, isStalled: true },
    lowers: { what: 'Log a call, a meeting or a message', by: 0.35 },
  });
});

test('a deal that was silent for four weeks and stands in its stage too long is at high risk', () => {
  const { score, band } = riskWith({ lastActivityAt: ago(28), stageEnteredAt: ago(42) });
  expect(score).toBe(0.65);
  expect(band).toBe('high');
  expect(riskWith({ lastActivityAt: ago(27), stageEnteredAt: ago(42) }).band).toBe('medium');
});

test('how long a stage takes is judged by the own won deals when there are ten of them', () => {
  const norm = { median: 4, p75: 8, deals: 10 };
  const stageEnteredAt = ago(8);
  expect(part({ stageEnteredAt, norm }, 'velocity')).toMatchObject({
    contribution: 0.125,
    because: 'In Proposal for 8 days; won deals take 4 days there',
  });
  const few = part({ stageEnteredAt, norm: { ...norm, deals: 9 } }, 'velocity');
  expect(few).toMatchObject({
    contribution: 0,
    because: 'In Proposal for 8 days; 14 days are usual',
  });
});

test('engagement has dropped below half of what it was, and only if it was at least two', () => {
  expect(part({ touches: { recent: 1, before: 2 } }, 'engagement').contribution).toBe(0);
  expect(part({ touches: { recent: 0, before: 1 } }, 'engagement').contribution).toBe(0);
  expect(part({ touches: { recent: 0, before: 2 } }, 'engagement').contribution).toBe(0.2);
  expect(part({ touches: { recent: 2, before: 5 } }, 'engagement').because).toBe(
    '2 touchpoints in 14 days, 5 in the 14 days before',
  );
});

test('a named competitor, a high value and a negotiation are signs of competition', () => {
  const stage = { name: 'Negotiation', probability: 80 };
  const all = { competitor: 'Acme GPS', amountCents: 5_000_001, stage };
  expect(part(all, 'competitive')).toMatchObject({ contribution: 0.1 });
  expect(part({ competitor: 'Acme GPS' }, 'competitive').because).toBe('Acme GPS competes');
  expect(part({ amountCents: 5_000_001 }, 'competitive').contribution).toBe(0.025);
  expect(part({ stage }, 'competitive').contribution).toBe(0.025);
  expect(part({ competitor: ' ' }, 'competitive').contribution).toBe(0);
});

test('a large deal in an early stage or below 40 percent does not fit; exactly $50,000 or 40 percent does', () => {
  const early = { name: 'Discovery', probability: 20 };
  expect(part({ amountCents: 5_000_001, stage: early }, 'value').contribution).toBe(0.05);
  expect(part({ amountCents: 5_000_000, stage: early }, 'value').contribution).toBe(0);
  expect(part({ amountCents: 5_000_001, probability: 39 }, 'value').contribution).toBe(0.05);
  expect(part({ amountCents: 5_000_001, probability: 40 }, 'value').contribution).toBe(0);
  expect(part({ amountCents: 5_000_000, probability: 39 }, 'value').contribution).toBe(0);
});

test('activity and moving on and a rising probability raise health and a large early deal lowers it', () => {
  const health = riskWith({}).health;
  expect(riskWith({ lastActivityAt: ago(7) }).health).toBeLessThan(health);
  expect(riskWith({ moved: 1 }).health).toBeGreaterThan(health);
  expect(riskWith({ moved: -1 }).health).toBeLessThan(health);
  expect(riskWith({ gained: 5 }).health).toBeGreaterThan(health);
  expect(riskWith({ gained: -5 }).health).toBeLessThan(health);
  const stage = { name: 'Discovery', probability: 20 };
  const small = riskWith({ stage }).health;
  expect(riskWith({ stage, amountCents: 5_000_001 }).health).toBe(small - 15);
  expect(riskWith({ moved: 1, gained: 1 }).health).toBe(100);
});

// The clocks went forward on 8 March 2026 in New York, back on 5 April in Sydney, and never in Kolkata.
test.each([
  ['America/New_York', '2026-03-01T09:00'],
  ['Australia/Sydney', '2026-03-29T09:00'],
  ['Asia/Kolkata', '2026-03-01T09:00'],
])('fourteen days in %s are 336 hours over a change of clocks', (zone, local) => {
  const start = DateTime.fromISO(local, { zone });
  const last = start.toUTC().toISO()!;
  const end = start.plus({ hours: 14 * 24 });
  const stalled = riskWith({ lastActivityAt: last }, end.toUTC().toISO()!).factors[0]!;
  expect(stalled.inputs).toMatchObject({ idleDays: 14, isStalled: true });
  expect(stalled.contribution).toBe(0.3);
  const before = end.minus({ milliseconds: 1 }).toUTC().toISO()!;
  const quiet = riskWith({ lastActivityAt: last }, before).factors[0]!;
  expect(quiet.inputs).toMatchObject({ idleDays: 13, isStalled: false });
  expect(quiet.contribution).toBeLessThan(0.2);
});

test('what is wrong in the file is said with its file and line', () => {
  const text = 'decay:\n  weight: 2\n  days: 14\n  before: 0.5\n  at: 0.75\n  fullDays: 28\n';
  expect(() => parseRules(text, RiskSettings, 'risk.yaml')).toThrow(
    'rules/risk.yaml:2: decay.weight',
  );
  const unknown = `${text}surprise: 1\n`;
  expect(() => parseRules(unknown, RiskSettings, 'risk.yaml')).toThrow(/surprise/);
  expect(() => parseRules('a: [', RiskSettings, 'risk.yaml')).toThrow('rules/risk.yaml:1');
});

test('weights that do not add up to 1 are refused', () => {
  const heavier = { ...settings, value: { ...settings.value, weight: 0.06 } };
  expect(() => RiskSettings.parse(heavier)).toThrow('The weights add up to 1.');
});
