import { z } from 'zod';
import { DealChange, DealMove } from './deal-change.ts';

const { stageId, lostReason, lostNote, probability } = DealMove.shape;
const { ownerId, campaign, location, expectedCloseOn, nextAction, nextActionAt, source } =
  DealChange.shape;

/** One thing that is done to many deals. */
export const DealBulk = z.discriminatedUnion('action', [
  z.object({ action: z.literal('assign'), ownerId: z.string().max(300).nullable() }),
  z.object({ action: z.literal('stage'), stageId, lostReason, lostNote, probability }),
  z.object({ action: z.literal('tag'), slug: z.string().min(1).max(100) }),
  z.object({ action: z.literal('untag'), slug: z.string().min(1).max(100) }),
  z.object({ action: z.literal('delete') }),
  z.object({
    action: z.literal('update'),
    values: z.object({
      ...{ ownerId, campaign, location, expectedCloseOn, nextAction, nextActionAt, source },
    }),
  }),
]);
export type DealBulk = z.infer<typeof DealBulk>;

/** How many it was done to, why not to the others, and by what it is undone. */
export const BulkOutcome = z.object({
  count: z.int(),
  refused: z.array(z.object({ id: z.uuid(), because: z.string() })),
  undoId: z.uuid().nullable(),
});
export type BulkOutcome = z.infer<typeof BulkOutcome>;
