import { z } from 'zod';
import { dayOf } from './calendar.ts';
import { weightedCents } from './deal.ts';

/** What rules/forecast.yaml sets. */
export const ForecastSettings = z.strictObject({
  /** Percent of the weighted value that the worst case keeps. */
  worstShare: z.int().min(0).max(100),
  /** From this probability on the best case takes the whole value. */
  bestFrom: z.int().min(0).max(100),
  /** Days without activity that cost no confidence. */
  freshDays: z.int().min(0),
  /** Points that each further day takes off a deal's probability, for the confidence only. */
  stalePointsPerDay: z.number().min(0),
  stalePointsMost: z.int().min(0).max(100),
});
export type ForecastSettings = z.infer<typeof ForecastSettings>;

/** What the forecast asks of a deal. `wonAt` and `lastActivityAt` are instants, `expectedCloseOn` a day. */
export interface ForecastDeal {
  id: string;
  status: string;
  pipelineId: string;
  ownerId: string | null;
  amountCents: number;
  probability: number | null;
  expectedCloseOn: string | null;
  wonAt: string | null;
  lastActivityAt: string;
  stageIsActive: boolean;
  leftOutBecause: string | null;
}

export const leftOutReasons = [
  ...(['no_close_date', 'no_probability', 'inactive_stage'] as const),
  ...(['close_date_passed', 'by_a_person'] as const),
] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

/** Weighted, best and worst hold what is won already. Amounts are minor units; confidence is a percent. */
export const ForecastSum = z.object({
  wonCents: z.int(),
  wonCount: z.int(),
  weightedCents: z.int(),
  bestCents: z.int(),
  worstCents: z.int(),
  dealCount: z.int(),
  confidence: z.int(),
});
export type ForecastSum = z.infer<typeof ForecastSum>;

/** What one deal adds to each figure. */
export interface Share {
  month: string;
  deal: ForecastDeal;
  isWon: boolean;
  weightedCents: number;
  bestCents: number;
  worstCents: number;
  /** Its probability less what its silence costs, 0 to 100. */
  confidence: number;
}

export interface Shares {
  counted: Share[];
  leftOut: { deal: ForecastDeal; reason: LeftOutReason }[];
}

/**
 * What each open or won deal adds to the month of its close, in the workspace's days, and which open ones add nothing
 * and why. Rounded to the cent per deal, halves away from zero; a total is the sum of its deals, so none is lost.
 */
export function sharesOf(
  deals: readonly ForecastDeal[],
  settings: ForecastSettings,
  { now, zone }: { now: string; zone: string },
): Shares {
  const today = dayOf(now, zone);
  const shares: Shares = { counted: [], leftOut: [] };
  for (const deal of deals) {
    if (deal.status === 'won') shares.counted.push(wonShare(deal, zone));
    if (deal.status !== 'open') continue;
    const reason = whyLeftOut(deal, today);
    if (reason) shares.leftOut.push({ deal, reason });
    else shares.counted.push(openShare(deal, settings, now));
  }
  return shares;
}

/** Why an open deal counts in no forecast on a day; nothing when it does. */
export function whyLeftOut(
  deal: Pick<ForecastDeal, 'leftOutBecause' | 'stageIsActive' | 'expectedCloseOn' | 'probability'>,
  today: string,
): LeftOutReason | undefined {
  if (deal.leftOutBecause !== null) return 'by_a_person';
  if (!deal.stageIsActive) return 'inactive_stage';
  if (deal.expectedCloseOn === null) return 'no_close_date';
  if (deal.expectedCloseOn < today) return 'close_date_passed';
  if (deal.probability === null) return 'no_probability';
  return undefined;
}

/** Adds up shares. Confidence is the mean of theirs, weighted by value; of deals without value, the plain one. */
export function sumOf(shares: readonly Share[]): ForecastSum {
  const sum = { ...nothing };
  let [value, held, plain] = [0n, 0n, 0];
  for (const share of shares) {
    sum.weightedCents += share.weightedCents;
    sum.bestCents += share.bestCents;
    sum.worstCents += share.worstCents;
    if (share.isWon) {
      sum.wonCents += share.weightedCents;
      sum.wonCount += 1;
      continue;
    }
    sum.dealCount += 1;
    const amount = BigInt(share.deal.amountCents);
    value += amount;
    held += amount * BigInt(share.confidence);
    plain += share.confidence;
  }
  if (value > 0n) sum.confidence = Number((held * 2n + value) / (value * 2n));
  else if (sum.dealCount > 0) sum.confidence = Math.round(plain / sum.dealCount);
  return sum;
}

const nothing: ForecastSum = {
  ...{ wonCents: 0, wonCount: 0, weightedCents: 0, bestCents: 0, worstCents: 0 },
  ...{ dealCount: 0, confidence: 0 },
};

/** Shares by what they have in common, in the order in which it came up. */
export function groupedBy<K>(shares: readonly Share[], key: (share: Share) => K): Map<K, Share[]> {
  const groups = new Map<K, Share[]>();
  for (const share of shares) {
    const group = groups.get(key(share));
    if (group) group.push(share);
    else groups.set(key(share), [share]);
  }
  return groups;
}

/** The first days of so many months, from the one of a day on: 2026-11-21 → 2026-11-01, 2026-12-01 … */
export function monthsFrom(day: string, count: number): string[] {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  return Array.from({ length: count }, (_, ahead) =>
    new Date(Date.UTC(year, month - 1 + ahead, 1)).toISOString().slice(0, 10),
  );
}

export function monthOf(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

/** A share of some cents, halves away from zero. Percent is whole. */
export function shareOf(cents: number, percent: number): number {
  return weightedCents(cents, percent)!;
}

function wonShare(deal: ForecastDeal, zone: string): Share {
  const cents = deal.amountCents;
  const month = monthOf(dayOf(deal.wonAt ?? deal.lastActivityAt, zone));
  const all = { weightedCents: cents, bestCents: cents, worstCents: cents };
  return { month, deal, isWon: true, confidence: 100, ...all };
}

function openShare(deal: ForecastDeal, settings: ForecastSettings, now: string): Share {
  const probability = deal.probability!;
  const weighted = shareOf(deal.amountCents, probability);
  return {
    ...{ month: monthOf(deal.expectedCloseOn!), deal, isWon: false, weightedCents: weighted },
    bestCents: probability >= settings.bestFrom ? deal.amountCents : weighted,
    worstCents: shareOf(weighted, settings.worstShare),
    confidence: Math.max(0, probability - stalePoints(deal.lastActivityAt, settings, now)),
  };
}

const DAY = 24 * 60 * 60 * 1000;

/** Whole days of 24 hours beyond the fresh ones, each at its points, up to the most. */
function stalePoints(lastActivityAt: string, settings: ForecastSettings, now: string): number {
  const days = Math.floor((Date.parse(now) - Date.parse(lastActivityAt)) / DAY);
  const points = Math.max(0, days - settings.freshDays) * settings.stalePointsPerDay;
  return Math.min(settings.stalePointsMost, Math.round(points));
}
