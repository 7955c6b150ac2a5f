import { z } from 'zod';

/** A word to one person inside the product. */
export const Notification = z.object({
  id: z.uuid(),
  kind: z.string(),
  title: z.string(),
  href: z.string().nullable(),
  leadId: z.uuid().nullable(),
  readAt: z.iso.datetime().nullable(),
  at: z.iso.datetime(),
});
export type Notification = z.infer<typeof Notification>;
