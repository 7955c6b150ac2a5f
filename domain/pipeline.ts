import { z } from 'zod';

/** What a deal may have to have before it enters a stage. */
export const requirable = [
  ...(['companyId', 'contactId', 'ownerId', 'amountCents', 'expectedCloseOn'] as const),
  ...(['nextAction', 'nextActionAt', 'location', 'competitor'] as const),
] as const;

export const StageAction = z.discriminatedUnion('do', [
  z.object({ do: z.literal('enrol'), sequenceId: z.uuid() }),
  z.object({ do: z.literal('stop'), sequenceId: z.uuid().optional() }),
]);
export type StageAction = z.infer<typeof StageAction>;

/** A step of a pipeline. Won and lost end a deal, and that cannot be edited away. */
export const Stage = z.object({
  id: z.uuid(),
  pipelineId: z.uuid(),
  slug: z.string(),
  name: z.string(),
  colour: z.string(),
  kind: z.enum(['open', 'won', 'lost']),
  /** Percent, 0 to 100. */
  probability: z.int(),
  position: z.int(),
  required: z.array(z.enum(requirable)),
  /** Where a deal may go from here; nothing means anywhere. */
  nextSlugs: z.array(z.string()).nullable(),
  actions: z.array(StageAction),
  isActive: z.boolean(),
  archivedAt: z.iso.datetime().nullable(),
});
export type Stage = z.infer<typeof Stage>;

export const Pipeline = z.object({
  id: z.uuid(),
  name: z.string(),
  position: z.int(),
  archivedAt: z.iso.datetime().nullable(),
  stages: z.array(Stage),
});
export type Pipeline = z.infer<typeof Pipeline>;
