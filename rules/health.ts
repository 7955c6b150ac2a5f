import { z } from 'zod';
import { type Severity, severities } from '#domain/rule.ts';
import { readRules } from './read.ts';

const HealthTable = z.strictObject({
  takes: z.record(z.enum(severities), z.number().min(0).max(100)),
  formula: z.string(),
});
export type HealthTable = z.infer<typeof HealthTable>;

/** The table of rules/health.yaml; `formula` says it in words, its figures filled in. */
export function loadHealth(file = new URL('health.yaml', import.meta.url)): HealthTable {
  const table = readRules(file, HealthTable);
  const formula = table.formula.replace(
    /\{(\w+)\}/g,
    (_, name: Severity) => `${table.takes[name]}`,
  );
  return { ...table, formula };
}

const health = loadHealth();

/** How health is reckoned, as it stands under the figure. */
export const formula = health.formula;

export interface Counts {
  critical: number;
  warning: number;
  info: number;
}

/** How many findings there are of each severity. */
export function countsOf(violations: readonly { severity: Severity }[]): Counts {
  const counts = { critical: 0, warning: 0, info: 0 };
  for (const { severity } of violations) counts[names[severity]] += 1;
  return counts;
}

/** How well one deal is, a whole number from 0 to 100: 100 where nothing fires. */
export function healthOf(of: Counts | readonly { severity: Severity }[], table = health): number {
  const counts = 'critical' in of ? of : countsOf(of);
  const left = severities.reduce(
    (rest, severity) => rest * (1 - table.takes[severity] / 100) ** counts[names[severity]],
    100,
  );
  return Math.round(left);
}

/** Health of many deals as it comes together; chunks may be added in any order. Plain numbers, fit to be kept. */
export interface HealthSum {
  /** Of deals with an amount: how many, their amounts, and amount × health. */
  deals: number;
  cents: number;
  weighed: number;
  /** Of deals without one: how many, and the sum of their health. */
  bare: number;
  bareHealth: number;
}

export const noHealth: Readonly<HealthSum> = {
  deals: 0,
  cents: 0,
  weighed: 0,
  bare: 0,
  bareHealth: 0,
};

export function withDeal(
  sum: HealthSum,
  { health, amountCents }: { health: number; amountCents: number | null | undefined },
): HealthSum {
  if (!amountCents || amountCents < 0)
    return { ...sum, bare: sum.bare + 1, bareHealth: sum.bareHealth + health };
  const weighed = sum.weighed + amountCents * health;
  return { ...sum, deals: sum.deals + 1, cents: sum.cents + amountCents, weighed };
}

/** How well a pipeline is, a whole number from 0 to 100: 100 without deals. */
export function healthOfSum({ deals, cents, weighed, bare, bareHealth }: HealthSum): number {
  if (deals + bare === 0) return 100;
  const each = deals > 0 ? cents / deals : 1;
  return Math.round((weighed + each * bareHealth) / (cents + each * bare));
}

/** The same of deals at hand. */
export function pipelineHealth(
  deals: Iterable<{ health: number; amountCents: number | null | undefined }>,
): number {
  let sum: HealthSum = noHealth;
  for (const deal of deals) sum = withDeal(sum, deal);
  return healthOfSum(sum);
}

const names = { CRITICAL: 'critical', WARNING: 'warning', INFO: 'info' } as const;
