import { z } from 'zod';
import { ScoreFactor } from './lead.ts';

/** Something that would raise a score. */
export const ScoreChange = z.object({
  /** `activity` takes back what silence took. */
  group: z.union([ScoreFactor.shape.group, z.literal('activity')]),
  what: z.string(),
  points: z.int(),
  /** What the score is after this and everything above it. */
  makes: z.int(),
});
export type ScoreChange = z.infer<typeof ScoreChange>;

/** What a lead's score is made of, what it was, and what would raise it. */
export const LeadScore = z.object({
  leadId: z.uuid(),
  score: z.int().nullable(),
  base: z.int().nullable(),
  scoredAt: z.iso.datetime().nullable(),
  factors: z.array(ScoreFactor),
  decay: z.object({
    ...{ idleDays: z.int(), points: z.int(), perDay: z.int(), afterDays: z.int() },
  }),
  /** The newest first. */
  history: z.array(
    z.object({ at: z.iso.datetime(), score: z.int(), base: z.int(), because: z.string() }),
  ),
  target: z.int(),
  /** What would make it the target, or as much as there is; nothing when it is there. */
  changes: z.array(ScoreChange),
  isReachable: z.boolean(),
});
export type LeadScore = z.infer<typeof LeadScore>;
