import { z } from 'zod';

/** One event of a workflow's own history, in words. It holds ids only: what was said stands in the database. */
export const HistoryEvent = z.object({
  id: z.int(),
  at: z.iso.datetime().nullable(),
  kind: z.string(),
  title: z.string(),
  detail: z.string(),
});
export type HistoryEvent = z.infer<typeof HistoryEvent>;
