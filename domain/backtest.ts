import { z } from 'zod';
import { RiskSettings } from './risk-settings.ts';
import { DAY, type Norm, riskOf } from './risk.ts';

/** When a deal would have been flagged first. */
const Flag = z.object({ at: z.iso.datetime(), daysBefore: z.int() });
export type Flag = z.infer<typeof Flag>;

const Sums = z.object({
  /** Lost deals that would have been flagged before they were lost. */
  caught: z.int(),
  /** The median of the days between the flag and the loss; nothing without a caught deal. */
  medianDaysBefore: z.number().nullable(),
  /** Won deals that would have been flagged. */
  falseAlarms: z.int(),
  /** Of all that would have been flagged, the share that was lost. */
  precision: z.number().nullable(),
  /** Of all that were lost, the share that would have been flagged. */
  recall: z.number().nullable(),
});
export type Sums = z.infer<typeof Sums>;

/** What other settings would have said about the deals that are closed, beside the settings of today. */
export const Backtest = z.object({
  since: z.iso.date(),
  lost: z.int(),
  won: z.int(),
  /** Whether there were more closed deals than are replayed; the newest are. */
  isPart: z.boolean(),
  current: Sums,
  changed: Sums,
  settings: z.object({ current: RiskSettings, changed: RiskSettings }),
  deals: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      status: z.enum(['won', 'lost']),
      amountCents: z.int(),
      closedAt: z.iso.datetime(),
      current: Flag.nullable(),
      changed: Flag.nullable(),
      /** When it was really flagged, if it was. */
      really: Flag.nullable(),
    }),
  ),
});
export type Backtest = z.infer<typeof Backtest>;

/** A change of a deal: the fields as they were before it. */
export interface PastChange {
  at: number;
  before: Partial<PastState>;
}

interface PastState {
  stageId: string;
  amountCents: number;
  probability: number | null;
  competitor: string | null;
}

/** A closed deal with all that happened to it. Instants are milliseconds, in their order. */
export interface PastDeal {
  createdAt: number;
  closedAt: number;
  /** As it was when it closed. */
  last: PastState;
  changes: PastChange[];
  activities: number[];
  touches: number[];
}

export interface StageThen {
  name: string;
  probability: number;
  norm: Norm | null;
}

/** Older deals are replayed from so many days before they closed. */
const MOST_DAYS = 730;

/**
 * The first day on which these settings would have put a closed deal into the high band, replayed day by day from
 * what happened to it. What a stage usually takes is taken as it is known today.
 */
export function firstHigh(
  deal: PastDeal,
  stages: ReadonlyMap<string, StageThen>,
  settings: RiskSettings,
): Flag | null {
  const age = Math.floor((deal.closedAt - deal.createdAt) / DAY);
  for (let daysBefore = Math.min(age, MOST_DAYS); daysBefore >= 1; daysBefore--) {
    const moment = deal.closedAt - daysBefore * DAY;
    const at = new Date(moment).toISOString();
    if (bandAt(deal, moment, at, stages, settings) === 'high') return { at, daysBefore };
  }
  return null;
}

function bandAt(
  deal: PastDeal,
  moment: number,
  at: string,
  stages: ReadonlyMap<string, StageThen>,
  settings: RiskSettings,
) {
  const stageId = valueAt(deal, 'stageId', moment);
  const stage = stages.get(stageId);
  if (!stage) return 'low';
  const input = {
    amountCents: valueAt(deal, 'amountCents', moment),
    probability: valueAt(deal, 'probability', moment),
    competitor: valueAt(deal, 'competitor', moment),
    stage,
    norm: stage.norm,
    stageEnteredAt: new Date(enteredAt(deal, moment)).toISOString(),
    lastActivityAt: new Date(lastAt(deal, moment)).toISOString(),
    touches: touchesAt(deal.touches, moment, settings.engagement.days),
    moved: 0 as const,
    gained: 0,
  };
  return riskOf(input, settings, at).band;
}

/** As the first change afterwards found it; as it was in the end when there was none. */
function valueAt<Field extends keyof PastState>(
  { changes, last }: PastDeal,
  field: Field,
  moment: number,
): PastState[Field] {
  const next = changes.find(({ at, before }) => at > moment && before[field] !== undefined);
  return next ? (next.before[field] as PastState[Field]) : last[field];
}

function enteredAt({ changes, createdAt }: PastDeal, moment: number): number {
  const entry = changes.findLast(({ at, before }) => at <= moment && before.stageId !== undefined);
  return entry?.at ?? createdAt;
}

function lastAt({ changes, activities, createdAt }: PastDeal, moment: number): number {
  const change = changes.findLast(({ at }) => at <= moment)?.at ?? createdAt;
  const activity = activities.findLast((at) => at <= moment) ?? createdAt;
  return Math.max(createdAt, change, activity);
}

/**
 * Touchpoints of the window that ends at a moment, and of as many days before it; while there are none of late, of
 * the days before the last one.
 */
export function touchesAt(
  touches: number[],
  moment: number,
  days: number,
): { recent: number; before: number } {
  const past = touches.filter((at) => at <= moment);
  const start = moment - days * DAY;
  const cut = Math.min(start, past.at(-1) ?? start);
  return {
    recent: past.filter((at) => at > start).length,
    before: past.filter((at) => at <= cut && at > cut - days * DAY).length,
  };
}

/** How well flags tell lost deals from won ones. */
export function sumsOf(deals: { status: 'won' | 'lost'; flag: Flag | null }[]): Sums {
  const lost = deals.filter(({ status }) => status === 'lost');
  const caught = lost.flatMap(({ flag }) => flag?.daysBefore ?? []).toSorted((a, b) => a - b);
  const flagged = deals.filter(({ flag }) => flag !== null).length;
  return {
    caught: caught.length,
    medianDaysBefore: medianOf(caught),
    falseAlarms: flagged - caught.length,
    precision: flagged > 0 ? caught.length / flagged : null,
    recall: lost.length > 0 ? caught.length / lost.length : null,
  };
}

function medianOf(sorted: number[]): number | null {
  if (sorted.length === 0) return null;
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
