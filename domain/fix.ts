import { z } from 'zod';
import { ResultFilter } from './result.ts';
import { fixes } from './rule.ts';

/** At most so many are fixed at once. */
export const MOST_FIXES = 500;

/** Some findings, or all that a list shows; who owns a deal that is to have an owner, if it is not for us to say. */
export const FixWish = z.union([
  z.object({
    findings: z
      .array(z.object({ line: z.int().min(0), ruleId: z.string().max(60) }))
      .min(1)
      .max(MOST_FIXES),
    ownerId: z.string().max(100).optional(),
  }),
  z.object({
    all: z.literal(true),
    filter: ResultFilter.default({}),
    ownerId: z.string().max(100).optional(),
  }),
]);
export type FixWish = z.infer<typeof FixWish>;

const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** What one fix does to one deal. */
export const FixChange = z.object({
  line: z.int(),
  ruleId: z.string(),
  dealId: z.uuid(),
  deal: z.string(),
  kind: z.enum(fixes),
  /** The field of the deal; null for a task. */
  field: z.string().nullable(),
  /** As people read it: an owner by name. */
  before: Value,
  after: Value,
  /** The name of the rule. */
  title: z.string(),
});
export type FixChange = z.infer<typeof FixChange>;

export const FixSkipped = z.object({
  line: z.int(),
  ruleId: z.string(),
  deal: z.string().optional(),
  because: z.string(),
});
export type FixSkipped = z.infer<typeof FixSkipped>;
