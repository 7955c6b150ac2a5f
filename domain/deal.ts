import { z } from 'zod';

export const dealStatuses = ['open', 'won', 'lost'] as const;
export const riskBands = ['low', 'medium', 'high'] as const;

/** One reason of a risk, with what it adds and what would take it away. */
export const RiskFactor = z.object({
  name: z.enum(['decay', 'velocity', 'engagement', 'competitive', 'value']),
  /** What it adds to the score, 0 to its weight. */
  contribution: z.number(),
  weight: z.number(),
  /** The numbers that it was made from, by name. */
  inputs: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
  because: z.string(),
  /** What would lower it, and by how much; nothing when it adds nothing. */
  lowers: z.object({ what: z.string(), by: z.number() }).nullable(),
});
export type RiskFactor = z.infer<typeof RiskFactor>;

/** A sale that may happen. Amounts are minor units of the workspace's currency. */
export const Deal = z.object({
  id: z.uuid(),
  pipelineId: z.uuid(),
  stageId: z.uuid(),
  status: z.enum(dealStatuses),
  name: z.string(),
  companyId: z.uuid().nullable(),
  companyName: z.string().nullable(),
  contactId: z.uuid().nullable(),
  contactName: z.string().nullable(),
  leadId: z.uuid().nullable(),
  ownerId: z.string().nullable(),
  source: z.string(),
  externalId: z.string().nullable(),
  campaign: z.string().nullable(),
  location: z.string().nullable(),
  /** The sum of its lines; what was typed while it has none. */
  amountCents: z.int(),
  lineCount: z.int(),
  probability: z.int().nullable(),
  /** Amount × probability, halves rounded away from zero; nothing without a probability. */
  weightedCents: z.int().nullable(),
  expectedCloseOn: z.iso.date().nullable(),
  nextAction: z.string().nullable(),
  nextActionAt: z.iso.datetime().nullable(),
  competitor: z.string().nullable(),
  lostReason: z.string().nullable(),
  lostNote: z.string().nullable(),
  wonAt: z.iso.datetime().nullable(),
  lostAt: z.iso.datetime().nullable(),
  stageEnteredAt: z.iso.datetime(),
  lastActivityAt: z.iso.datetime(),
  closePushes: z.int(),
  riskScore: z.number().nullable(),
  riskBand: z.enum(riskBands).nullable(),
  healthScore: z.int().nullable(),
  assessedAt: z.iso.datetime().nullable(),
  leftOutBecause: z.string().nullable(),
  tags: z.array(z.string()),
  isDemo: z.boolean(),
  archivedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Deal = z.infer<typeof Deal>;

/** Amount × probability in whole cents, halves away from zero, as Postgres rounds. */
export function weightedCents(amountCents: number, probability: number | null): number | null {
  if (probability === null) return null;
  return Number((BigInt(amountCents) * BigInt(probability) + 50n) / 100n);
}
