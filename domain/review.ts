import { z } from 'zod';
import { strikesAfter } from './review-clock.ts';
import { fieldsOf } from './review-cron.ts';
import { TimeZone } from './workspace.ts';

/** Five fields, as `0 6 * * 1`; at most every 15 minutes. */
export const CronText = z
  .string()
  .trim()
  .max(100)
  .superRefine((cron, context) => {
    const problem = problemIn(cron);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });

/** What is looked at: the workspace's own deals, those of a saved view, or the newest file that was dropped. */
export const ReviewSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pipeline'), pipelineId: z.uuid().optional() }),
  z.object({ kind: z.literal('view'), viewId: z.uuid() }),
  z.object({ kind: z.literal('file'), dropName: z.string().trim().max(100).optional() }),
]);
export type ReviewSource = z.infer<typeof ReviewSource>;

const Delivery = z.object({
  /** Each owner of a deal gets their own list. */
  owners: z.boolean().default(false),
  /** They get everything. */
  emails: z.array(z.email().max(254).toLowerCase()).max(50).default([]),
  /** Members who are told inside the product. */
  inApp: z.array(z.string().max(100)).max(50).default([]),
  /** Nobody is told when the health did not fall. */
  onlyIfWorse: z.boolean().default(false),
  /** Slack is told only when the health is below this. */
  slackBelow: z.int().min(0).max(100).nullable().default(null),
  /** A connection of kind slack; instead of it an address of an incoming webhook can be given. */
  slackConnectionId: z.uuid().nullable().default(null),
});

/** What happens to a slot that comes while the one before still runs. */
export const overlaps = ['SKIP', 'BUFFER_ONE', 'ALLOW_ALL'] as const;

const fields = {
  name: z.string().trim().min(1, 'Give it a name.').max(100),
  cron: CronText,
  timeZone: TimeZone,
  source: ReviewSource,
  ruleIds: z.array(z.string().max(60)).min(1).max(200).nullable().default(null),
  templateId: z.uuid().nullable().default(null),
  overlap: z.enum(overlaps).default('SKIP'),
  /** How many minutes after its time a slot that was missed is still caught up. */
  catchUp: z
    .int()
    .min(1)
    .max(7 * 24 * 60)
    .default(24 * 60),
};

/** What people write. The address of a Slack webhook is kept sealed: left out it stays, null removes it. */
export const ReviewInput = z.object({
  ...fields,
  delivery: Delivery.extend({ slackUrl: z.url().max(500).nullish() }),
});
export type ReviewInput = z.output<typeof ReviewInput>;

export const StrikeShown = z.object({
  at: z.iso.datetime(),
  local: z.string(),
  utc: z.string(),
});

export const runStates = ['waiting', 'running', 'done', 'failed', 'missed'] as const;
export const deliveryStates = [
  ...(['waiting', 'claimed', 'sent', 'skipped', 'refused', 'failed', 'unknown'] as const),
] as const;

export const Review = z.object({
  id: z.uuid(),
  ...fields,
  cron: z.string(),
  timeZone: z.string(),
  delivery: Delivery.extend({
    emails: z.array(z.string()),
    /** The last letters of the webhook's address, when there is one. */
    slackHint: z.string().nullable(),
  }),
  enabled: z.boolean(),
  /** `Every Monday at 06:00` */
  words: z.string(),
  next: z.array(StrikeShown),
  dst: z.string(),
  /** `Email, 5` */
  delivers: z.string(),
  last: z
    .object({
      runId: z.uuid(),
      at: z.iso.datetime(),
      status: z.enum(runStates),
      health: z.int().nullable(),
      change: z.int().nullable(),
      critical: z.int().nullable(),
      analysisId: z.uuid().nullable(),
      problem: z.string().nullable(),
    })
    .nullable(),
  file: z.object({ fileName: z.string(), bytes: z.int(), at: z.iso.datetime() }).nullable(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Review = z.infer<typeof Review>;

export const RunDelivery = z.object({
  id: z.uuid(),
  to: z.string(),
  channel: z.enum(['email', 'slack', 'app']),
  purpose: z.enum(['report', 'alert']),
  state: z.enum(deliveryStates),
  because: z.string().nullable(),
  at: z.iso.datetime().nullable(),
});

export const ReviewRun = z.object({
  id: z.uuid(),
  slot: z.iso.datetime(),
  local: z.string(),
  askedBy: z.string().nullable(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  status: z.enum(runStates),
  health: z.int().nullable(),
  change: z.int().nullable(),
  counts: z
    .object({ critical: z.int(), warning: z.int(), info: z.int(), deals: z.int() })
    .nullable(),
  analysisId: z.uuid().nullable(),
  caughtUp: z.boolean(),
  missedBecause: z.string().nullable(),
  problem: z.string().nullable(),
  deliveries: z.array(RunDelivery),
});
export type ReviewRun = z.infer<typeof ReviewRun>;

/** Of everything that a review was to do: how many runs there were, on time, caught up, failed and missed. */
export const RunCounts = z.object({
  runs: z.int(),
  onTime: z.int(),
  caughtUp: z.int(),
  failed: z.int(),
  missed: z.int(),
});

/** What was given up, until somebody tries again or lets it be. */
export const ReviewFailure = z.object({
  id: z.uuid(),
  reviewId: z.uuid(),
  reviewName: z.string(),
  runId: z.uuid(),
  slot: z.iso.datetime(),
  /** Nothing when the run itself failed. */
  to: z.string().nullable(),
  channel: z.enum(['email', 'slack', 'app']).nullable(),
  /** It may have arrived already. */
  isDoubtful: z.boolean(),
  problem: z.string(),
  at: z.iso.datetime(),
  state: z.enum(['open', 'retrying', 'solved', 'dismissed']),
  tries: z.int(),
});
export type ReviewFailure = z.infer<typeof ReviewFailure>;

/** By this name Temporal knows the schedule of a review. */
export function reviewScheduleId(workspaceId: string, reviewId: string, prefix = 'review'): string {
  return `${prefix}:${workspaceId}:${reviewId}`;
}

function problemIn(cron: string): string | undefined {
  try {
    fieldsOf(cron);
    const strikes = strikesAfter({ cron, timeZone: 'UTC' }, '2026-01-01T00:00:00Z', { most: 1 });
    return strikes.length === 0 ? 'There is no such day in any year.' : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'This is no cron.';
  }
}
