import { z } from 'zod';
import { EnrolmentStatus } from './enrolment.ts';

/** One step of a walk as a page tells it: done, now, next, or perhaps (it depends on what happens before). */
export const RunStep = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  /** 0 for the trunk, 1 inside an arm, and so on; `arm` names it. */
  depth: z.int(),
  arm: z.string().nullable(),
  place: z.enum(['done', 'now', 'next', 'perhaps', 'passed']),
  state: z.string(),
  at: z.iso.datetime().nullable(),
  because: z.string(),
  touchId: z.uuid().nullable(),
});
export type RunStep = z.infer<typeof RunStep>;

export const EnrolmentRow = z.object({
  id: z.uuid(),
  sequenceId: z.uuid(),
  sequenceName: z.string(),
  version: z.int(),
  leadId: z.uuid(),
  leadName: z.string(),
  status: EnrolmentStatus,
  reason: z.string().nullable(),
  because: z.string().nullable(),
  stepId: z.string().nullable(),
  nextAt: z.iso.datetime().nullable(),
  nextBecause: z.string().nullable(),
  enteredBy: z.string(),
  enrolledAt: z.iso.datetime(),
  pausedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
});
export type EnrolmentRow = z.infer<typeof EnrolmentRow>;

/** One walk as a story: what was done, what is now, what comes next and when. */
export const Run = EnrolmentRow.extend({
  zone: z.string(),
  steps: z.array(RunStep),
  next: z
    .object({ at: z.iso.datetime().nullable(), stepId: z.string().nullable(), because: z.string() })
    .nullable(),
});
export type Run = z.infer<typeof Run>;
