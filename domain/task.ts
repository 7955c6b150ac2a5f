import { z } from 'zod';

export const priorities = ['low', 'medium', 'high'] as const;

/** What a person can plan; the other kinds are made by what happens. */
export const plannable = ['task', 'call', 'meeting', 'email'] as const;

/** Something a person is to do, because a step, a reply or a problem asks for it. */
export const Task = z.object({
  id: z.uuid(),
  leadId: z.uuid().nullable(),
  contactId: z.uuid().nullable(),
  companyId: z.uuid().nullable(),
  dealId: z.uuid().nullable(),
  enrolmentId: z.uuid().nullable(),
  kind: z.enum([...plannable, 'reply', 'fix', 'assign']),
  priority: z.enum(priorities),
  title: z.string(),
  body: z.string().nullable(),
  because: z.string().nullable(),
  assigneeId: z.string().nullable(),
  dueAt: z.iso.datetime().nullable(),
  snoozedUntil: z.iso.datetime().nullable(),
  doneAt: z.iso.datetime().nullable(),
  doneBy: z.string().nullable(),
  outcome: z.string().nullable(),
  cancelledAt: z.iso.datetime().nullable(),
  createdBy: z.string().nullable(),
  createdAt: z.iso.datetime(),
});
export type Task = z.infer<typeof Task>;

/** A task in a list, with what it is about and whether it is late. */
export const TaskRow = Task.extend({
  about: z.string().nullable(),
  assigneeName: z.string().nullable(),
  overdue: z.boolean(),
});
export type TaskRow = z.infer<typeof TaskRow>;

const plan = {
  kind: z.enum(plannable),
  title: z.string().trim().min(1).max(300),
  body: z.string().max(20_000).nullable(),
  priority: z.enum(priorities),
  dueAt: z.iso.datetime({ offset: true }).nullable(),
  assigneeId: z.string().max(100).nullable(),
};

/** A task as somebody plans it: for the owner of its record unless it says otherwise. */
export const TaskInput = z
  .object({
    leadId: z.uuid().optional(),
    contactId: z.uuid().optional(),
    companyId: z.uuid().optional(),
    dealId: z.uuid().optional(),
    ...z.object(plan).partial().shape,
    title: plan.title,
    kind: plan.kind.default('task'),
  })
  .refine((given) => given.leadId ?? given.contactId ?? given.companyId ?? given.dealId, {
    ...{ path: ['leadId'], message: 'Say for which lead, contact, company or deal.' },
  });
export type TaskInput = z.input<typeof TaskInput>;

/** What somebody changes of a task that is not done. */
export const TaskChange = z.object(plan).partial();
export type TaskChange = z.infer<typeof TaskChange>;

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
  /** What a task without a lead is on. */
  contactId: z.uuid().nullable().optional(),
  companyId: z.uuid().nullable().optional(),
  dealId: z.uuid().nullable().optional(),
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
