import { z } from 'zod';
import { dealStatuses, riskBands } from './deal.ts';

export const dealSorts = [
  ...(['newest', 'oldest', 'amount', 'close', 'risk', 'quiet', 'updated'] as const),
] as const;

/** Which deals a list, a board or an export is about. As it stands in an address. */
export const DealWish = z.object({
  q: z.string().max(200).optional(),
  /** An id, or the slug that stages of several pipelines may share. */
  stage: z.string().max(100).optional(),
  status: z.enum(dealStatuses).optional(),
  pipeline: z.string().max(100).optional(),
  /** A user's id, `me`, or `none`. */
  owner: z.string().max(100).optional(),
  company: z.string().max(100).optional(),
  contact: z.string().max(100).optional(),
  source: z.string().max(100).optional(),
  band: z.enum(riskBands).optional(),
  /** Open, and nothing happened for 14 days. */
  stale: z.stringbool().optional(),
  closeBefore: z.iso.date().optional(),
  closeAfter: z.iso.date().optional(),
  /** Won or lost on this day of the workspace or later. */
  closedAfter: z.iso.date().optional(),
  tag: z.string().max(100).optional(),
  /** Only what is archived; what is not stands in every other list. */
  archived: z.stringbool().optional(),
});
export type DealWish = z.infer<typeof DealWish>;

/** A page of them. */
export const DealFilter = DealWish.extend({
  sort: z.enum(dealSorts).default('newest'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: z.coerce.number().int().min(0).max(100_000).default(0),
  cursor: z.string().max(500).optional(),
});
export type DealFilter = z.infer<typeof DealFilter>;

export const STALE_DEAL_DAYS = 14;
