import { z } from 'zod';

/** A reason for which deals were lost, with the latest of them. */
export const Loss = z.object({
  reason: z.string(),
  count: z.int(),
  amountCents: z.int(),
  deals: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      companyName: z.string().nullable(),
      amountCents: z.int(),
      note: z.string().nullable(),
      ownerId: z.string().nullable(),
      /** In which stage it was until then. */
      stage: z.string().nullable(),
      lostAt: z.iso.datetime(),
    }),
  ),
});
export type Loss = z.infer<typeof Loss>;
