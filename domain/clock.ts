import { z } from 'zod';

/** What became of a slot of a clock; the slot is the moment that it was meant for. */
export const ClockRun = z.object({
  slot: z.iso.datetime(),
  startedAt: z.iso.datetime(),
  /** Nothing while it runs. */
  durationMs: z.int().nullable(),
  outcome: z.enum(['running', 'done', 'failed']),
  /** How many things it did: leads, deals, workspaces or mails. */
  count: z.int().nullable(),
  problem: z.string().nullable(),
});
export type ClockRun = z.infer<typeof ClockRun>;

/** One clock of the house as its page shows it. */
export const ClockShown = z.object({
  name: z.string(),
  what: z.string(),
  every: z.string(),
  last: ClockRun.nullable(),
  /** When it strikes next, the next three times; nothing while it is paused. */
  next: z.array(z.iso.datetime()),
  paused: z.boolean(),
});
export type ClockShown = z.infer<typeof ClockShown>;
