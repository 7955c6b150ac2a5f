import { z } from 'zod';
import { HealthSettings } from './health.ts';

const Share = z.number().min(0).max(1);
const Days = z.number().positive();

/** The table of rules/risk.yaml: what each factor weighs, from when it speaks, and where the bands begin. */
export const RiskSettings = z
  .strictObject({
    /** Silence: a share of the weight grows to `before` until `days`, is `at` from then and whole after `fullDays`. */
    decay: z
      .strictObject({ weight: Share, days: Days, before: Share, at: Share, fullDays: Days })
      .refine(({ before, at }) => before <= at, {
        path: ['at'],
        message: 'The share at the threshold is not less than the share before it.',
      })
      .refine(({ days, fullDays }) => fullDays > days, {
        path: ['fullDays'],
        message: 'The whole weight comes after the threshold.',
      }),
    /** Time in the stage against won deals; `usualDays` and `slowDays` while fewer than `fewest` were won. */
    velocity: z
      .strictObject({ weight: Share, usualDays: Days, slowDays: Days, fewest: z.int().positive() })
      .refine(({ usualDays, slowDays }) => usualDays <= slowDays, {
        path: ['slowDays'],
        message: 'What is slow takes at least as long as what is usual.',
      }),
    /** Touchpoints of the last `days` below the share `drop` of those before, of which there were at least `fewest`. */
    engagement: z.strictObject({
      ...{ weight: Share, days: Days, drop: Share.positive(), fewest: z.int().positive() },
    }),
    /** Three signals, each with its share; a stage with at least `negotiationFrom` percent is a negotiation. */
    competitive: z
      .strictObject({
        ...{ weight: Share, named: Share, highValue: Share, negotiation: Share },
        negotiationFrom: z.number().min(0).max(100),
      })
      .refine(({ named, highValue, negotiation }) => isOne(named + highValue + negotiation), {
        path: ['named'],
        message: 'The shares of the three signals add up to 1.',
      }),
    /** More than `largeCents` in a stage below `earlyBelow` percent, or with less than `likelyFrom` percent. */
    value: z.strictObject({
      ...{ weight: Share, largeCents: z.int().nonnegative() },
      ...{ likelyFrom: z.number().min(0).max(100), earlyBelow: z.number().min(0).max(100) },
    }),
    bands: z
      .strictObject({ medium: Share.positive(), high: Share })
      .refine(({ medium, high }) => medium < high, {
        path: ['high'],
        message: 'High begins above medium.',
      }),
    health: HealthSettings,
  })
  .refine(({ bands: _bands, health: _health, ...factors }) => {
    return isOne(Object.values(factors).reduce((all, { weight }) => all + weight, 0));
  }, 'The weights add up to 1.');
export type RiskSettings = z.infer<typeof RiskSettings>;

/** Some of the settings, to be laid over the others. */
export const RiskChange = z.record(z.string(), z.record(z.string(), z.unknown()));
export type RiskChange = z.infer<typeof RiskChange>;

function isOne(sum: number): boolean {
  return Math.abs(sum - 1) < 1e-9;
}
