import { z } from 'zod';

/** One line of a lead's history, or of what is promised to it. */
export const Entry = z.object({
  id: z.string(),
  kind: z.string(),
  at: z.iso.datetime().nullable(),
  title: z.string(),
  detail: z.string().nullable(),
  /** The words that were said, if it is a message or a note. */
  body: z.string().nullable(),
  channel: z.string().nullable(),
  direction: z.enum(['in', 'out']).nullable(),
  touchId: z.uuid().nullable(),
  state: z.string().nullable(),
  /** Who did it; nothing for the engine. */
  actor: z.string().nullable(),
  promised: z.boolean(),
  /** Whom it is about, in the history of a firm or of a deal. */
  about: z.string().nullable().optional(),
});
export type Entry = z.infer<typeof Entry>;
