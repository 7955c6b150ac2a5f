import { z } from 'zod';

/** Why a touch was sent or was not: the chain that led to it, and each question that was asked with its numbers. */
export const Why = z.object({
  touchId: z.uuid().nullable(),
  verdict: z.string(),
  chain: z.array(
    z.object({
      at: z.iso.datetime().nullable(),
      title: z.string(),
      detail: z.string(),
      state: z.enum(['done', 'now', 'next']),
    }),
  ),
  checks: z.array(z.object({ name: z.string(), detail: z.string(), ok: z.boolean() })),
  /** What became different between the first decision and the last. */
  changed: z.string().optional(),
  raw: z.unknown(),
});
export type Why = z.infer<typeof Why>;

const verdicts: Record<string, string> = {
  planned: 'Not yet: the walk has reached it',
  held: 'Not sent yet',
  claimed: 'Being handed over now',
  accepted: 'Sent',
  delivered: 'Sent and delivered',
  bounced: 'Sent, and it came back',
  skipped: 'Not sent',
  failed: 'Not sent: the provider refused it',
  unknown: 'Nobody can tell whether it went out',
};

export function verdictOf(state: string, because: string | null): string {
  const verdict = verdicts[state] ?? state;
  return because && !['accepted', 'delivered'].includes(state) ? `${verdict}: ${because}` : verdict;
}
