import { z } from 'zod';
import { ForecastSum } from './forecast.ts';
import { Month } from './forecast-page.ts';

/** Where the list behind a number is, and why there is no number; nothing when there is one. */
const behind = { href: z.string(), because: z.string().nullable() };
const Counted = z.object({ count: z.int(), href: z.string() });

export const periods = ['month', 'quarter', 'year'] as const;

const Money = z.object({
  cents: z.int(),
  count: z.int(),
  /** Against the end of last Sunday; nothing when that was not recorded. */
  sinceMondayCents: z.int().nullable(),
  ...behind,
});

/** Rates are whole percents of deals closed in the last 90 days, and of the 90 before. */
const WinRate = z.object({
  percent: z.int().nullable(),
  won: z.int(),
  closed: z.int(),
  previousPercent: z.int().nullable(),
  ...behind,
});

/** Days from making a deal to winning it. */
const Cycle = z.object({
  meanDays: z.int().nullable(),
  medianDays: z.int().nullable(),
  previousMeanDays: z.int().nullable(),
  won: z.int(),
  ...behind,
});

/** Touches that were due in the period and that no rule held or skipped: kept when they went out, missed when they failed, nobody knows, or they are late. */
const Promises = z.object({
  /** With one digit after the point. */
  percent: z.number().nullable(),
  kept: z.int(),
  due: z.int(),
  missed: z.int(),
  ...behind,
});

const Funnel = z.object({
  steps: z.array(
    z.object({
      name: z.enum(['new', 'contacted', 'qualified', 'open_deal', 'won']),
      count: z.int(),
      /** Of the step before. */
      percent: z.int().nullable(),
      href: z.string(),
    }),
  ),
  /** The step that takes longest, in mean days. */
  slowest: z.object({ from: z.string(), to: z.string(), days: z.int() }).nullable(),
  because: z.string().nullable(),
});

const Source = z.object({
  source: z.string(),
  won: z.int(),
  closed: z.int(),
  /** Nothing under five closed deals. */
  percent: z.int().nullable(),
  wonCents: z.int(),
  href: z.string(),
});

const StageRate = z.object({
  stageId: z.uuid(),
  name: z.string(),
  entered: z.int(),
  /** Of those, that went further or were won. */
  advanced: z.int(),
  percent: z.int().nullable(),
  /** Deals that stand in it now; the list behind it. */
  open: z.int(),
  href: z.string(),
});

const Outcome = z.object({ count: z.int(), cents: z.int(), href: z.string() });

const Teammate = z.object({ userId: z.string(), name: z.string(), done: z.int(), open: z.int() });

const Cohort = z.object({
  month: Month,
  leads: z.int(),
  contacted: z.int(),
  qualified: z.int(),
  converted: z.int(),
  won: z.int(),
  wonPercent: z.int().nullable(),
});

const Rep = z.object({
  userId: z.string().nullable(),
  name: z.string(),
  openCents: z.int(),
  weightedCents: z.int(),
  /** In the period. */
  wonCents: z.int(),
  won: z.int(),
  lost: z.int(),
  percent: z.int().nullable(),
  cycleDays: z.int().nullable(),
  href: z.string(),
});

/** A month so far, or a whole one. */
const Performance = z.object({
  wonCents: z.int(),
  won: z.int(),
  lost: z.int(),
  newDeals: z.int(),
  newLeads: z.int(),
  tasksDone: z.int(),
});

const Closed = z.object({ month: Month, wonCents: z.int(), won: z.int(), lost: z.int() });

const Happening = z.object({
  id: z.uuid(),
  kind: z.string(),
  title: z.string(),
  /** The deal, person or company that it happened to. */
  about: z.string().nullable(),
  at: z.iso.datetime(),
  actor: z.string(),
  actorName: z.string().nullable(),
  href: z.string().nullable(),
});

/** Everything that the dashboard shows, as it is now. Amounts are minor units. */
export const Dashboard = z.object({
  now: z.iso.datetime(),
  zone: z.string(),
  currency: z.string(),
  owner: z.string().nullable(),
  period: z.object({ name: z.enum(periods), from: z.iso.date(), to: z.iso.date() }),
  pipeline: Money,
  weighted: Money.extend({ percentOfPipeline: z.int().nullable() }),
  winRate: WinRate,
  cycle: Cycle,
  promises: Promises,
  forecast: z.object({
    months: z.array(ForecastSum.extend({ month: Month, href: z.string() })),
    later: ForecastSum,
    leftOut: Counted.extend({ amountCents: z.int() }),
    ...behind,
  }),
  funnel: Funnel,
  leads: z.object({ active: Counted, qualified: Counted, stale: Counted, overdue: Counted }),
  leadStatuses: z.object({
    items: z.array(Counted.extend({ status: z.string(), percent: z.int() })),
    because: z.string().nullable(),
  }),
  attention: z.object({ overdueTasks: Counted, staleDeals: Counted }),
  sources: z.object({ items: z.array(Source), because: z.string().nullable() }),
  stages: z.object({ items: z.array(StageRate), because: z.string().nullable() }),
  outcome: z.object({ won: Outcome, lost: Outcome, because: z.string().nullable() }),
  team: z.object({ items: z.array(Teammate), ...behind }),
  cohorts: z.object({ items: z.array(Cohort), because: z.string().nullable() }),
  reps: z.object({ items: z.array(Rep), because: z.string().nullable() }),
  /** This month so far beside the whole of the last one: of all whom it is about, and of the one who asks or is asked for. */
  comparison: z.object({
    team: z.object({ thisMonth: Performance, lastMonth: Performance }),
    me: z.object({ thisMonth: Performance, lastMonth: Performance }),
  }),
  /** Won and lost by month, the last twelve. */
  trend: z.object({ items: z.array(Closed), because: z.string().nullable() }),
  /** What the analysis of the open deals found. */
  analysis: z.object({
    health: z.int().nullable(),
    high: Counted,
    medium: Counted,
    low: Counted,
    assessedAt: z.iso.datetime().nullable(),
    because: z.string().nullable(),
  }),
  activity: z.object({ items: z.array(Happening), ...behind }),
});
export type Dashboard = z.infer<typeof Dashboard>;

/** The figures that other systems read. Amounts in major units, and in cents beside. */
export const SalesStats = z.object({
  total_pipeline: z.number(),
  total_pipeline_cents: z.int(),
  active_deals_count: z.int(),
  /** People of open deals, each once. */
  key_contacts: z.int(),
  /** Whole percent of the deals closed in the last 90 days; 0 when none was. */
  win_rate: z.int(),
  closed_deals_90_days: z.int(),
  weighted_forecast: z.number(),
  weighted_forecast_cents: z.int(),
  deals_by_stage: z.array(
    z.object({
      stage: z.string(),
      name: z.string(),
      pipeline: z.string(),
      count: z.int(),
      value: z.number(),
      value_cents: z.int(),
    }),
  ),
});
export type SalesStats = z.infer<typeof SalesStats>;

/** A whole percent, halves up; nothing of nothing. */
export function percentOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((100 * part) / whole);
}
