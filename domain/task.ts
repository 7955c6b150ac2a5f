import { z } from 'zod';

/** Something a person is to do, because a step, a reply or a problem asks for it. */
export const Task = z.object({
  id: z.uuid(),
  leadId: z.uuid().nullable(),
  enrolmentId: z.uuid().nullable(),
  kind: z.enum(['task', 'call', 'reply', 'fix', 'assign']),
  title: z.string(),
  because: z.string().nullable(),
  assigneeId: z.string().nullable(),
  dueAt: z.iso.datetime().nullable(),
  snoozedUntil: z.iso.datetime().nullable(),
  doneAt: z.iso.datetime().nullable(),
  doneBy: z.string().nullable(),
  outcome: z.string().nullable(),
  cancelledAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
});
export type Task = z.infer<typeof Task>;

/** One thing that needs me, why, and the one key that does it. */
export const TodayItem = z.object({
  id: z.string(),
  kind: z.enum(['reply', 'task', 'call', 'blocked', 'unknown', 'unassigned']),
  leadId: z.uuid().nullable(),
  leadName: z.string(),
  companyName: z.string(),
  title: z.string(),
  because: z.string(),
  at: z.iso.datetime(),
  dueAt: z.iso.datetime().nullable(),
  action: z.enum(['reply', 'call', 'done', 'fix', 'check', 'assign']),
  enrolmentId: z.uuid().nullable(),
  taskId: z.uuid().nullable(),
  touchId: z.uuid().nullable(),
});
export type TodayItem = z.infer<typeof TodayItem>;

export const Today = z.object({
  items: z.array(TodayItem),
  counts: z.object({ queue: z.int(), snoozed: z.int(), done: z.int() }),
  /** What sequences and tasks will do on each of the next fourteen days. */
  promised: z.array(
    z.object({ date: z.iso.date(), email: z.int(), sms: z.int(), call: z.int(), task: z.int() }),
  ),
  nextTouchAt: z.iso.datetime().nullable(),
});
export type Today = z.infer<typeof Today>;
