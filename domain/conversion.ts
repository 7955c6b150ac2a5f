import { z } from 'zod';
import { MOST_CENTS } from './deal-change.ts';
import { Deal } from './deal.ts';

/** What a person may say when a lead becomes a deal; everything else is known of the lead. */
export const Conversion = z.object({
  dealName: z.string().trim().min(1).max(300).optional(),
  pipelineId: z.uuid().optional(),
  stageId: z.uuid().optional(),
  amountCents: z.int().min(0).max(MOST_CENTS).optional(),
  expectedCloseOn: z.iso.date().nullable().optional(),
  /** Where they work, for a lead that came without a company: found by its name, or made. */
  company: z.string().trim().min(1).max(300).optional(),
});
export type Conversion = z.infer<typeof Conversion>;

export const Converted = z.object({
  deal: Deal,
  contactId: z.uuid(),
  companyId: z.uuid().nullable(),
  /** False when it had been converted already: then this is what it was converted to. */
  created: z.boolean(),
});
export type Converted = z.infer<typeof Converted>;
