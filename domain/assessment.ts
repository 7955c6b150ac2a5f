import { z } from 'zod';

/** One thing that is said, and the facts that it rests on. */
export const Cited = z.object({ text: z.string(), cites: z.array(z.string()) });
export type Cited = z.infer<typeof Cited>;

/** What is said of a deal in words. It is read by people and changes nothing. */
export const Judgement = z.object({
  text: z.string(),
  risks: z.array(Cited),
  nextActions: z.array(Cited),
});
export type Judgement = z.infer<typeof Judgement>;

export const Assessment = Judgement.extend({
  by: z.enum(['rules', 'model']),
  /** Why rules wrote it though a model is connected. */
  because: z.string().nullable(),
  model: z.string().nullable(),
  tokensIn: z.int(),
  tokensOut: z.int(),
  /** In millionths of a dollar. */
  costMicros: z.int(),
  at: z.iso.datetime(),
  /** Whether a model is writing another at this moment. */
  isAsked: z.boolean(),
});
export type Assessment = z.infer<typeof Assessment>;

export const AssessmentSettings = z.strictObject({
  /** Of a system that answers questions; null: texts are made by rules. */
  connectionId: z.uuid().nullable().default(null),
  model: z.string().trim().max(120).default(''),
  budgetCents: z.int().min(0).max(100_000_000).default(2000),
  /** How many of the worst deals of an analysis are put before the model. */
  dealsPerAnalysis: z.int().min(0).max(200).default(20),
});
export type AssessmentSettings = z.infer<typeof AssessmentSettings>;

export const Spend = z.object({
  /** As `2026-11`, in the workspace's calendar. */
  month: z.string(),
  spentMicros: z.int(),
  budgetCents: z.int(),
  /** Nothing more is asked until the month ends or the budget is raised. */
  isStopped: z.boolean(),
  /** What the month comes to when it goes on as it did. */
  forecastMicros: z.int(),
  calls: z.int(),
  tokensIn: z.int(),
  tokensOut: z.int(),
  failed: z.int(),
});
export type Spend = z.infer<typeof Spend>;

const DAY = 24 * 60 * 60 * 1000;

/** What a month comes to when it goes on as it did; its first day counts as a whole one. Instants are ISO. */
export function monthAhead(
  spentMicros: number,
  { from, until, now }: { from: string; until: string; now: string },
): number {
  const whole = Date.parse(until) - Date.parse(from);
  const gone = Math.min(whole, Math.max(DAY, Date.parse(now) - Date.parse(from)));
  return Math.round((spentMicros * whole) / gone);
}
