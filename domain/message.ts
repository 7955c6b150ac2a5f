import { z } from 'zod';

/** What a message that came in turned out to be. */
export const messageKinds = ['reply', 'auto-reply', 'bounce', 'complaint', 'other'] as const;
export const MessageKind = z.enum(messageKinds);
export type MessageKind = z.infer<typeof MessageKind>;

/** A message that came in, in our words, whatever carried it. */
export interface Inbound {
  channel: 'email' | 'sms';
  kind: MessageKind;
  /** Who carried it, and what it is called there: told twice, it is kept once. */
  provider: string;
  providerId: string;
  from: string | null;
  /** What they call themselves. */
  fromName?: string;
  to: string | null;
  subject?: string;
  /** The new text only. */
  text: string;
  fullText?: string;
  html?: string;
  messageId?: string;
  inReplyTo?: string;
  references?: string[];
  at: string;
  /** The day an out-of-office names. */
  returnsOn?: string;
  /** Of a bounce or complaint: whose address, and whether it will never take mail again. */
  bounced?: { address?: string; permanent: boolean; because: string };
  /** Of a bounce or complaint: the Message-ID of the mail of ours that it is about. */
  about?: string;
}

const stops = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT']);
const starts = new Set(['START', 'UNSTOP']);

/** The words that carriers reserve: one alone, in any case, with or without a full stop. */
export function wishIn(text: string): 'stop' | 'start' | undefined {
  const word = text
    .trim()
    .replace(/[.!\s]+$/, '')
    .toUpperCase();
  if (stops.has(word)) return 'stop';
  return starts.has(word) ? 'start' : undefined;
}

/** How sure we are that a message is a person's: at .8 it pauses, below it asks. */
export const SURE = 0.8;

/** One message of a conversation, as a page shows it. */
export const Message = z.object({
  id: z.uuid(),
  direction: z.enum(['in', 'out']),
  channel: z.string(),
  kind: MessageKind,
  sender: z.string().nullable(),
  recipient: z.string().nullable(),
  subject: z.string().nullable(),
  body: z.string(),
  at: z.iso.datetime(),
  matchedBy: z.string().nullable(),
  confidence: z.number().nullable(),
});
export type Message = z.infer<typeof Message>;

/** What a message that came in led to, told to whoever brought it. */
export const Receipt = z.object({
  messageId: z.uuid(),
  kind: MessageKind,
  /** It had been told before, and nothing was done again. */
  duplicate: z.boolean(),
  matched: z
    .object({
      leadId: z.uuid().nullable(),
      contactId: z.uuid(),
      enrolmentId: z.uuid().nullable(),
      by: z.enum(['references', 'plus-address', 'sender', 'phone', 'lead', 'report']),
      confidence: z.number(),
    })
    .nullable(),
  /** What was done, in words. */
  did: z.array(z.string()),
  enrolmentIds: z.array(z.uuid()),
  /** What had been claimed before: it may still arrive. Nothing is claimed after this. */
  claimed: z.array(z.object({ touchId: z.uuid(), stepId: z.string().nullable() })),
});
export type Receipt = z.infer<typeof Receipt>;
export type Match = NonNullable<Receipt['matched']>;
