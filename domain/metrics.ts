import { z } from 'zod';

/** How much there is of everything. Amounts are minor units, rates whole percents. */
export const MetricsSummary = z.object({
  at: z.iso.datetime(),
  leads: z.object({
    ...{ total: z.int(), active: z.int(), converted: z.int(), new30Days: z.int() },
  }),
  companies: z.int(),
  contacts: z.int(),
  deals: z.object({
    ...{ open: z.int(), pipelineCents: z.int(), weightedCents: z.int() },
    ...{ winRate: z.int(), closed90Days: z.int() },
  }),
  sequences: z.object({ live: z.int(), total: z.int() }),
  enrolments: z.object({ active: z.int(), paused: z.int(), blocked: z.int() }),
  touches: z.object({
    ...{ accepted: z.int(), failed: z.int(), unknown: z.int(), total: z.int() },
  }),
  tasks: z.object({ open: z.int(), overdue: z.int() }),
});
export type MetricsSummary = z.infer<typeof MetricsSummary>;

/** How the process that answers is doing. Durations are milliseconds. */
export const MetricsPerformance = z.object({
  at: z.iso.datetime(),
  uptimeSeconds: z.int(),
  memoryBytes: z.int(),
  /** How late what was to happen happened, since the process began. */
  eventLoopDelayMs: z.object({ mean: z.number(), p99: z.number() }),
  databaseMs: z.number(),
  /** What waits for the relay, and how long the oldest of it. */
  outbox: z.object({ waiting: z.int(), oldestMs: z.int() }),
});
export type MetricsPerformance = z.infer<typeof MetricsPerformance>;
