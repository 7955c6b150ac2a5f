import type { Deal, RiskFactor } from './deal.ts';
import { healthOf } from './health.ts';
import { movesBetween } from './risk-history.ts';
import type { RiskSettings } from './risk-settings.ts';

export const HOUR = 60 * 60 * 1000;
export const DAY = 24 * HOUR;

/** What is usual in a stage, in days, by the workspace's own won deals. */
export interface Norm {
  median: number;
  p75: number;
  /** How many won deals say so. */
  deals: number;
}

/** What a risk is made from. Amounts are minor units, probabilities percent, instants ISO strings. */
export interface RiskInput {
  amountCents: number;
  probability: number | null;
  competitor: string | null;
  stage: { name: string; probability: number };
  stageEnteredAt: string;
  lastActivityAt: string;
  /** Nothing while too few deals of the workspace were won. */
  norm: Norm | null;
  /** Touchpoints of the window that ends now, and of the one before it, or before the last touchpoint of all. */
  touches: { recent: number; before: number };
  /** What changed of late: see `HealthInput`. */
  moved: -1 | 0 | 1;
  gained: number;
}

export interface Risk {
  /** 0 to 1, the sum of what the factors contribute. */
  score: number;
  band: NonNullable<Deal['riskBand']>;
  factors: RiskFactor[];
  /** 0 to 100, the higher the better. */
  health: number;
}

/**
 * How likely a deal is to be lost, and why: five factors, each 0 to its weight, in one pass. Durations are elapsed
 * hours, counted in whole days of 24; no zone and no change of clocks matters to them. Sources: RISK-01…07, C-05,
 * B-04, B-14, B-17.
 */
export function riskOf(input: RiskInput, settings: RiskSettings, now: string): Risk {
  const idleDays = daysBetween(input.lastActivityAt, now);
  const factors = [
    decay(idleDays, settings),
    velocity(input, settings, now),
    engagement(input, settings),
    competitive(input, settings),
    value(input, settings),
  ];
  const score = rounded(factors.reduce((all, { contribution }) => all + contribution, 0));
  const { moved, gained } = input;
  const health = healthOf(
    { idleDays, moved, gained, isLargeEarly: isLarge(input, settings) && isEarly(input, settings) },
    settings.health,
  );
  return { score, band: bandOf(score, settings), factors, health };
}

export function bandOf(score: number, { bands }: Pick<RiskSettings, 'bands'>): Risk['band'] {
  if (score >= bands.high) return 'high';
  return score >= bands.medium ? 'medium' : 'low';
}

/** Whether people would see a difference: another band, another second decimal, or another factor that speaks. */
export function hasMoved(before: Pick<Risk, 'score' | 'band' | 'factors'>, after: Risk): boolean {
  return (
    before.band !== after.band ||
    Math.round(before.score * 100) !== Math.round(after.score * 100) ||
    speaking(before.factors) !== speaking(after.factors)
  );
}

/** Why a risk moved, by the factor that moved most: `No activity for 14 days, +0.11`. */
export function whyMoved(before: RiskFactor[], after: RiskFactor[]): string {
  const [most] = movesBetween(before, after);
  if (!most) return 'Nothing moved';
  return `${most.because}, ${most.by > 0 ? '+' : '−'}${Math.abs(most.by).toFixed(2)}`;
}

/** Whole days of 24 hours that passed; never less than none. */
export function daysBetween(from: string, to: string): number {
  return Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / DAY));
}

function speaking(factors: RiskFactor[]): string {
  return factors.flatMap(({ name, contribution }) => (contribution > 0 ? name : [])).join(' ');
}

function decay(idleDays: number, { decay: set }: RiskSettings): RiskFactor {
  const isStalled = idleDays >= set.days;
  const beyond = (idleDays - set.days) / (set.fullDays - set.days);
  const share = isStalled
    ? Math.min(1, set.at + (1 - set.at) * beyond)
    : (set.before * idleDays) / set.days;
  return factor('decay', set.weight, share, {
    inputs: { idleDays, thresholdDays: set.days, isStalled },
    because: idleDays === 0 ? 'Activity within the last day' : `No activity for ${days(idleDays)}`,
    what: 'Log a call, a meeting or a message',
  });
}

function velocity(input: RiskInput, settings: RiskSettings, now: string): RiskFactor {
  const { velocity: set } = settings;
  const known = input.norm && input.norm.deals >= set.fewest ? input.norm : null;
  const usual = known?.median ?? set.usualDays;
  const slow = Math.max(usual, known?.p75 ?? set.slowDays);
  const inStage = daysBetween(input.stageEnteredAt, now);
  const against = known ? `won deals take ${days(usual)} there` : `${days(usual)} are usual`;
  return factor('velocity', set.weight, shareOfTime(inStage, usual, slow), {
    inputs: {
      ...{ stage: input.stage.name, daysInStage: inStage, medianDays: usual, p75Days: slow },
      ...{ wonDeals: input.norm?.deals ?? 0, isOwnNorm: known !== null },
    },
    because: `In ${input.stage.name} for ${days(inStage)}; ${against}`,
    what: 'Move it to the next stage',
  });
}

/** Nothing up to the median, half at the third quartile, all at twice that. */
function shareOfTime(inStage: number, usual: number, slow: number): number {
  if (inStage <= usual) return 0;
  if (inStage < slow) return (0.5 * (inStage - usual)) / (slow - usual);
  return slow > 0 ? Math.min(1, (0.5 * inStage) / slow) : 1;
}

function engagement({ touches }: RiskInput, { engagement: set }: RiskSettings): RiskFactor {
  const bar = set.drop * touches.before;
  const hasDropped = touches.before >= set.fewest && touches.recent < bar;
  const share = hasDropped ? 1 - (0.5 * touches.recent) / bar : 0;
  const span = days(set.days);
  return factor('engagement', set.weight, share, {
    inputs: { recent: touches.recent, before: touches.before, days: set.days, hasDropped },
    because: hasDropped
      ? `${touches.recent} touchpoints in ${span}, ${touches.before} in the ${span} before`
      : `${touches.recent} touchpoints in ${span}`,
    what: `Reach ${Math.ceil(bar)} touchpoints in ${span}`,
  });
}

function competitive(input: RiskInput, settings: RiskSettings): RiskFactor {
  const { competitive: set } = settings;
  const isNamed = (input.competitor ?? '').trim() !== '';
  const isHighValue = isLarge(input, settings);
  const isNegotiation = input.stage.probability >= set.negotiationFrom;
  const signals = [
    ...(isNamed ? [`${input.competitor!.trim()} competes`] : []),
    ...(isHighValue ? ['a high value draws others'] : []),
    ...(isNegotiation ? ['prices are compared in a negotiation'] : []),
  ];
  const share =
    (isNamed ? set.named : 0) +
    (isHighValue ? set.highValue : 0) +
    (isNegotiation ? set.negotiation : 0);
  return factor('competitive', set.weight, share, {
    inputs: { competitor: input.competitor, isHighValue, isNegotiation },
    because: signals.length > 0 ? sentence(signals.join(', ')) : 'No sign of a competitor',
    what: isNamed ? `Put ${input.competitor!.trim()} out of the race` : 'Bring it to a decision',
    by: isNamed ? set.weight * set.named : undefined,
  });
}

function value(input: RiskInput, settings: RiskSettings): RiskFactor {
  const { value: set } = settings;
  const { amountCents, probability } = input;
  const early = isEarly(input, settings);
  const isUnlikely = probability !== null && probability < set.likelyFrom;
  const isAtRisk = isLarge(input, settings) && (early || isUnlikely);
  const reasons = [
    ...(early ? [`in ${input.stage.name}, an early stage`] : []),
    ...(isUnlikely ? [`at ${probability}%, below ${set.likelyFrom}%`] : []),
  ];
  return factor('value', set.weight, isAtRisk ? 1 : 0, {
    inputs: { amountCents, largeCents: set.largeCents, probability, isEarly: early },
    because: isAtRisk ? `A large deal ${reasons.join(' and ')}` : 'Its value fits its stage',
    what: early ? 'Bring it past the early stages' : `Bring it to ${set.likelyFrom}% or more`,
  });
}

function isLarge({ amountCents }: RiskInput, { value }: RiskSettings): boolean {
  return amountCents > value.largeCents;
}

function isEarly({ stage }: RiskInput, { value }: RiskSettings): boolean {
  return stage.probability < value.earlyBelow;
}

interface Said extends Pick<RiskFactor, 'inputs' | 'because'> {
  what: string;
  by?: number | undefined;
}

function factor(name: RiskFactor['name'], weight: number, share: number, said: Said): RiskFactor {
  const contribution = rounded(weight * share);
  const { inputs, because, what, by = contribution } = said;
  const lowers = contribution > 0 ? { what, by: rounded(by) } : null;
  return { name, contribution, weight, inputs, because, lowers };
}

/** Four decimals: what is stored is what was compared with the bands. */
function rounded(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}

function days(count: number): string {
  const shown = Math.round(count * 10) / 10;
  return `${shown} ${shown === 1 ? 'day' : 'days'}`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
