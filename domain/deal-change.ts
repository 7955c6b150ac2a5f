import { z } from 'zod';
import { dealStatuses } from './deal.ts';

/** As much as a DECIMAL(15,2) holds, in minor units. */
export const MOST_CENTS = 999_999_999_999_999;

/** Why deals are usually lost; a workspace may say it in other words. */
export const lostReasons = [
  'Price',
  'Chose a competitor',
  'No decision',
  'Timing, ask again',
  'Not a fit',
  'Duplicate',
] as const;

const short = z.string().trim().max(300);
const long = z.string().trim().max(20_000);
const Cents = z.int().min(0, 'An amount is not negative.').max(MOST_CENTS);
const Percent = z.int().min(0).max(100);
const Instant = z.iso.datetime({ offset: true });
const LostReason = z.string().trim().min(1).max(200);

const fields = {
  companyId: z.uuid().nullable().optional(),
  contactId: z.uuid().nullable().optional(),
  ownerId: short.nullable().optional(),
  campaign: short.nullable().optional(),
  location: short.nullable().optional(),
  amountCents: Cents.optional(),
  probability: Percent.nullable().optional(),
  expectedCloseOn: z.iso.date().nullable().optional(),
  nextAction: z.string().trim().max(1000).nullable().optional(),
  nextActionAt: Instant.nullable().optional(),
  competitor: short.nullable().optional(),
  lostNote: long.nullable().optional(),
};

/** A new deal. What is left out begins as: the first stage, 50 %, nothing worth, made by hand. */
export const DealInput = z.object({
  ...fields,
  name: short.min(1, 'Give it a name.'),
  pipelineId: z.uuid().optional(),
  stageId: z.uuid().optional(),
  leadId: z.uuid().nullable().optional(),
  source: short.min(1).optional(),
  externalId: short.nullable().optional(),
  lostReason: LostReason.optional(),
  /** When it was won or lost, if it was before it came here. */
  closedAt: Instant.optional(),
});
export type DealInput = z.infer<typeof DealInput>;

/** What a person changes where it stands; `updatedAt` is of the deal they looked at. */
export const DealChange = z.object({
  ...fields,
  name: short.min(1, 'Give it a name.').optional(),
  source: short.min(1).optional(),
  externalId: short.nullable().optional(),
  lostReason: LostReason.optional(),
  updatedAt: z.iso.datetime().optional(),
});
export type DealChange = z.infer<typeof DealChange>;

/** Where a deal goes, with what its new stage asks for. */
export const DealMove = z.object({
  stageId: z.uuid(),
  /** Where the mover saw it; somebody else may have moved it meanwhile. */
  fromStageId: z.uuid().optional(),
  lostReason: LostReason.optional(),
  lostNote: long.nullable().optional(),
  probability: Percent.optional(),
  nextAction: fields.nextAction,
  nextActionAt: fields.nextActionAt,
  wonAt: Instant.optional(),
});
export type DealMove = z.infer<typeof DealMove>;

/** One line per deal, as other systems read a pipeline. */
export const PipelineLine = z.object({
  id: z.uuid(),
  deal: z.string(),
  /** In major units of the workspace's currency. */
  value: z.number(),
  valueCents: z.int(),
  status: z.enum(dealStatuses),
  stage: z.string(),
  platform: z.string(),
  company: z.string().nullable(),
});
export type PipelineLine = z.infer<typeof PipelineLine>;
