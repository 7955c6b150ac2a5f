import { z } from 'zod';

const Days = z.number().positive();
const Hours = z.number().nonnegative();

/** The table of rules/insights.yaml: from when something is worth a word. */
export const InsightSettings = z.strictObject({
  stalled: z.strictObject({ days: Days, criticalDays: Days }),
  highValue: z.strictObject({
    moreThanCents: z.int().nonnegative(),
    below: z.number().min(0).max(100),
  }),
  closingSoon: z.strictObject({ withinDays: z.int().nonnegative(), quietDays: Days }),
  longCycle: z.strictObject({ moreThanDays: Days, criticalDays: Days }),
  noNextStep: z.strictObject({ afterHours: Hours }),
  unassigned: z.strictObject({ afterHours: Hours }),
  neverCalled: z.strictObject({ afterHours: Hours, withinDays: Days }),
  /** The sequence that follows up on silence, and how long an insight rests when something was done about it. */
  action: z.strictObject({ followUpSequenceId: z.uuid().nullable(), restDays: Days }),
});
export type InsightSettings = z.infer<typeof InsightSettings>;
