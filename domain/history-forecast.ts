import { z } from 'zod';

/** How a forecast learns from closed deals, in rules/forecast.yaml. */
export const HistorySettings = z.strictObject({
  priorDeals: z.int().min(1),
  days: z.int().min(30),
  /** Upper bounds of the ages of deals in days, rising; older ones are one group more. */
  ages: z.array(z.int().positive()),
  samples: z.int().min(100).max(20_000),
});
export type HistorySettings = z.infer<typeof HistorySettings>;

/** Closed deals that once stood in a stage and were open at least as long as an age group. */
export interface Conversion {
  stageId: string;
  /** 0 for the youngest group. */
  age: number;
  won: number;
  closed: number;
}

/** How often deals of a stage and an age are won, 0 to 1. */
export type Chance = (deal: {
  stageId: string;
  probability: number | null;
  ageDays: number;
}) => number;

/**
 * Chances from history. The deal's own probability counts as `priorDeals` closed deals: with no history it is the
 * answer, and every closed deal moves it (the mean of a beta distribution).
 */
export function chancesOf(conversions: readonly Conversion[], settings: HistorySettings): Chance {
  const known = new Map(conversions.map((one) => [`${one.stageId} ${one.age}`, one]));
  return ({ stageId, probability, ageDays }) => {
    const { won, closed } = known.get(`${stageId} ${ageGroup(ageDays, settings)}`) ?? none;
    const prior = settings.priorDeals;
    return (won + (prior * (probability ?? 0)) / 100) / (closed + prior);
  };
}

const none = { won: 0, closed: 0 };

export function ageGroup(days: number, { ages }: HistorySettings): number {
  const group = ages.findIndex((most) => days <= most);
  return group < 0 ? ages.length : group;
}

export const Range = z.object({
  p10Cents: z.int(),
  p50Cents: z.int(),
  p90Cents: z.int(),
  /** Σ amount × chance, what all runs would come to in the mean. */
  expectedCents: z.int(),
  samples: z.int(),
  seed: z.int(),
});
export type Range = z.infer<typeof Range>;

/** Drawing costs deals × samples; beyond this fewer samples are drawn, and the answer says how many. */
const MOST_DRAWS = 1_000_000;

/** What comes of deals that are each won by their own chance, drawn so often with a seed: the same seed, the same answer. */
export function rangeOf(
  deals: readonly { amountCents: number; chance: number }[],
  { seed, samples, wonCents = 0 }: { seed: number; samples: number; wonCents?: number },
): Range {
  const random = seeded(seed);
  const runs = Math.max(100, Math.min(samples, Math.floor(MOST_DRAWS / (deals.length || 1))));
  const totals = new Float64Array(runs);
  for (let run = 0; run < runs; run += 1) {
    let total = wonCents;
    for (const { amountCents, chance } of deals) if (random() < chance) total += amountCents;
    totals[run] = total;
  }
  totals.sort();
  const expected = deals.reduce((sum, { amountCents, chance }) => sum + amountCents * chance, 0);

  function at(percent: number): number {
    return totals[Math.ceil((percent / 100) * runs) - 1]!;
  }

  return {
    ...{ p10Cents: at(10), p50Cents: at(50), p90Cents: at(90), samples: runs, seed },
    expectedCents: wonCents + Math.round(expected),
  };
}

/** A seed that is the same for the same words. FNV-1a. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash;
}

/** Numbers from 0 to 1 that look like chance (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
