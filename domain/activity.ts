import { z } from 'zod';

/** What a person can write down; the rest is written by what happens. */
export const loggable = ['call', 'meeting', 'note', 'email', 'sms', 'comment'] as const;

/** The types that other systems read: ours are more, and each is one of these to them. */
export const activityTypes = [
  ...(['task', 'call', 'meeting', 'email', 'sms', 'note'] as const),
  ...(['stage_change', 'deal_created', 'system'] as const),
] as const;
export type ActivityType = (typeof activityTypes)[number];

const record = {
  leadId: z.uuid().optional(),
  contactId: z.uuid().optional(),
  companyId: z.uuid().optional(),
  dealId: z.uuid().optional(),
};

/** What a call or a meeting left behind. */
export const ActivityData = z.object({
  /** In minutes. */
  duration: z.number().nonnegative().max(1440).optional(),
  outcome: z.string().trim().max(300).optional(),
  direction: z.enum(['in', 'out']).optional(),
  transcript: z.string().max(500_000).optional(),
});

export const ActivityInput = z
  .object({
    ...record,
    kind: z.enum(loggable),
    title: z.string().trim().min(1).max(300).optional(),
    body: z.string().max(20_000).optional(),
    /** When it was; now unless it says otherwise, and never later. */
    at: z.iso.datetime({ offset: true }).optional(),
    data: ActivityData.default({}),
    /** Members that are told, by their ids. */
    mentions: z.array(z.string().max(100)).max(50).default([]),
  })
  .refine(namesOne, { path: ['leadId'], message: 'Say on which lead, contact, company or deal.' });
export type ActivityInput = z.infer<typeof ActivityInput>;

/** One line of what happened. It is never changed and never taken away. */
export const Activity = z.object({
  id: z.uuid(),
  kind: z.string(),
  type: z.enum(activityTypes),
  title: z.string(),
  body: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
  leadId: z.uuid().nullable(),
  contactId: z.uuid().nullable(),
  companyId: z.uuid().nullable(),
  dealId: z.uuid().nullable(),
  /** What the first of these is called: the deal, the person or the company. */
  about: z.string().nullable(),
  actor: z.string(),
  actorName: z.string().nullable(),
  at: z.iso.datetime(),
});
export type Activity = z.infer<typeof Activity>;

/** A line as other systems read it; the value is in major units. */
export const SalesActivity = z.object({
  id: z.uuid(),
  type: z.enum(activityTypes),
  description: z.string(),
  deal_id: z.uuid().nullable(),
  deal_name: z.string().nullable(),
  deal_value: z.number().nullable(),
  timestamp: z.iso.datetime(),
});
export type SalesActivity = z.infer<typeof SalesActivity>;

const typed: Partial<Record<string, ActivityType>> = {
  ...{ call: 'call', call_done: 'call', meeting: 'meeting', meeting_done: 'meeting' },
  ...{ email: 'email', email_sent: 'email', email_done: 'email', message_received: 'email' },
  ...{ sms: 'sms', sms_sent: 'sms', note: 'note', comment: 'note', task_done: 'task' },
  ...{ stage_changed: 'stage_change', stage_change: 'stage_change', won: 'stage_change' },
  ...{ lost: 'stage_change', deal_moved: 'stage_change', deal_created: 'deal_created' },
};

/** What a line of ours is called by those who read activities. */
export function activityTypeOf(kind: string): ActivityType {
  return typed[kind] ?? 'system';
}

/** The kinds that are of a type. */
export function kindsOf(type: ActivityType): string[] {
  return Object.keys(typed).filter((kind) => typed[kind] === type);
}

/** “Call, 12 min, left voicemail” when nobody gave it a title. */
export function titleOf({
  kind,
  title,
  data,
}: Pick<ActivityInput, 'kind' | 'title' | 'data'>): string {
  if (title) return title;
  const { duration, outcome } = data;
  const name = {
    call: 'Call',
    meeting: 'Meeting',
    note: 'Note',
    email: 'Mail',
    sms: 'Text',
    comment: 'Comment',
  }[kind];
  return [name, duration ? `${Math.round(duration)} min` : '', outcome].filter(Boolean).join(', ');
}

function namesOne(given: Partial<Record<keyof typeof record, unknown>>): boolean {
  return Boolean(given.leadId ?? given.contactId ?? given.companyId ?? given.dealId);
}
