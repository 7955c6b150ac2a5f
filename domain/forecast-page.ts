import { z } from 'zod';
import { ForecastSum, leftOutReasons } from './forecast.ts';
import { Formula } from './forecast-rules.ts';
import { Range } from './history-forecast.ts';

/** A month as it stands in an address: 2026-03. */
export const Month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'A month is written 2026-03.');

export const Commit = z.object({
  month: Month,
  ownerId: z.string().nullable(),
  amountCents: z.int(),
  /** What the forecast said at that moment. */
  weightedCents: z.int(),
  note: z.string().nullable(),
  actor: z.string(),
  at: z.iso.datetime(),
});
export type Commit = z.infer<typeof Commit>;

export const OwnerForecast = ForecastSum.extend({
  ownerId: z.string().nullable(),
  name: z.string(),
  quotaCents: z.int().nullable(),
});

export const PipelineForecast = ForecastSum.extend({ pipelineId: z.uuid(), name: z.string() });

export const MonthForecast = ForecastSum.extend({
  month: Month,
  quotaCents: z.int().nullable(),
  committed: Commit.nullable(),
  range: Range,
  owners: z.array(OwnerForecast),
  pipelines: z.array(PipelineForecast),
});
export type MonthForecast = z.infer<typeof MonthForecast>;

/** A deal that no figure counts, why, and what would make it count. */
export const LeftOut = z.object({
  id: z.uuid(),
  name: z.string(),
  companyName: z.string().nullable(),
  ownerId: z.string().nullable(),
  amountCents: z.int(),
  probability: z.int().nullable(),
  expectedCloseOn: z.iso.date().nullable(),
  reason: z.enum(leftOutReasons),
  because: z.string(),
  fix: z.enum(['set_date', 'set_probability', 'open_stage', 'count_it']),
});
export type LeftOut = z.infer<typeof LeftOut>;

export const PastForecast = z.object({
  month: Month,
  /** The day whose record is meant: the first, or the next that there is. */
  saidOn: z.iso.date(),
  saidCents: z.int(),
  becameCents: z.int(),
  offPercent: z.number().nullable(),
  inRange: z.boolean(),
});
export type PastForecast = z.infer<typeof PastForecast>;

export const Accuracy = z.object({
  months: z.array(PastForecast),
  /** The mean of how far they were off, whichever way. */
  meanOffPercent: z.number().nullable(),
  inRange: z.int(),
  because: z.string().nullable(),
});
export type Accuracy = z.infer<typeof Accuracy>;

/** The forecast from history tried on the past. Percents are of what became, over all months. */
export const Backtest = z.object({
  months: z.array(
    z.object({
      month: Month,
      saidOn: z.iso.date(),
      deals: z.int(),
      typedCents: z.int(),
      historyCents: z.int(),
      p10Cents: z.int(),
      p90Cents: z.int(),
      becameCents: z.int(),
      inRange: z.boolean(),
    }),
  ),
  typedOffPercent: z.number().nullable(),
  historyOffPercent: z.number().nullable(),
  closer: z.enum(['history', 'typed']).nullable(),
  because: z.string().nullable(),
});
export type Backtest = z.infer<typeof Backtest>;

export const ForecastPage = z.object({
  now: z.iso.datetime(),
  zone: z.string(),
  today: z.iso.date(),
  currency: z.string(),
  formulas: z.array(Formula),
  months: z.array(MonthForecast),
  /** What closes after the last of these months. */
  later: ForecastSum,
  leftOut: z.object({
    count: z.int(),
    amountCents: z.int(),
    reasons: z.array(
      z.object({ reason: z.enum(leftOutReasons), count: z.int(), amountCents: z.int() }),
    ),
    items: z.array(LeftOut),
  }),
  accuracy: Accuracy,
});
export type ForecastPage = z.infer<typeof ForecastPage>;

/** A deal with what it adds to its month. */
export const CountedDeal = z.object({
  id: z.uuid(),
  name: z.string(),
  companyName: z.string().nullable(),
  ownerId: z.string().nullable(),
  stageId: z.uuid(),
  status: z.string(),
  amountCents: z.int(),
  probability: z.int().nullable(),
  expectedCloseOn: z.iso.date().nullable(),
  weightedCents: z.int(),
  bestCents: z.int(),
  worstCents: z.int(),
});
export type CountedDeal = z.infer<typeof CountedDeal>;

/** Amounts in major units beside those in cents. */
const Figures = z.object({
  weighted_forecast: z.number(),
  best_case: z.number(),
  worst_case: z.number(),
  won: z.number(),
  weighted_forecast_cents: z.int(),
  best_case_cents: z.int(),
  worst_case_cents: z.int(),
  won_cents: z.int(),
  deal_count: z.int(),
  won_count: z.int(),
  confidence: z.int(),
});

/** The forecast as other systems read it. */
export const SalesForecast = z.object({
  months: z.array(Figures.extend({ month: Month })),
  summary: z.object({
    total_weighted_forecast: z.number(),
    total_best_case: z.number(),
    total_worst_case: z.number(),
    total_weighted_forecast_cents: z.int(),
    total_best_case_cents: z.int(),
    total_worst_case_cents: z.int(),
    total_deals: z.int(),
    /** The mean of the months that have open deals. */
    avg_confidence: z.int(),
  }),
  left_out: z.object({
    count: z.int(),
    amount: z.number(),
    reasons: z.record(z.string(), z.int()),
  }),
  formulas: z.array(Formula),
});
export type SalesForecast = z.infer<typeof SalesForecast>;
