import { z } from 'zod';
import { Refusal } from '#domain/refusal.ts';
import type { Happening } from '#integrations/integration.ts';

const Event = z.object({
  id: z.string().min(1),
  event: z.string(),
  payload: z.looseObject({
    messageId: z.string().optional(),
    message: z.string().optional(),
    body: z.string().nullish(),
    sender: z.string().nullish(),
    recipient: z.string().nullish(),
    /** What the gateway called `sender` and `recipient` before. */
    phoneNumber: z.string().nullish(),
    reason: z.string().nullish(),
    receivedAt: z.string().optional(),
    sentAt: z.string().optional(),
    deliveredAt: z.string().optional(),
    failedAt: z.string().optional(),
  }),
});
type Event = z.infer<typeof Event>;

/** Shapes: android-sms-gateway docs-web, features/webhooks. Every kind of event is read or ignored for a reason. */
export function readEvent(payload: unknown): Happening[] {
  return [happeningOf(parsedEvent(payload))];
}

export function idOfEvent(payload: unknown): string {
  return parsedEvent(payload).id;
}

function happeningOf({ event, payload }: Event): Happening {
  switch (event) {
    case 'sms:received':
      return received(payload, payload.message);
    case 'mms:downloaded':
      return received(payload, payload.body);
    case 'sms:sent':
      return report(payload, 'sent', payload.sentAt);
    case 'sms:delivered':
      return report(payload, 'delivered', payload.deliveredAt);
    case 'sms:failed':
      return report(payload, 'failed', payload.failedAt);
    case 'sms:cancelled':
      return { is: 'ignored', because: 'The message was cancelled on the phone before it left.' };
    case 'mms:received':
      return { is: 'ignored', because: 'The picture message follows when it is downloaded.' };
    case 'sms:data-received':
      return { is: 'ignored', because: 'A data message is not written by a person.' };
    case 'app:started':
    case 'system:ping':
      return { is: 'ignored', because: 'The gateway says that it is running.' };
    default:
      return { is: 'ignored', because: 'We do not use this kind of event.' };
  }
}

function received(payload: Event['payload'], text: string | null | undefined): Happening {
  if (!payload.messageId) throw malformed();
  if (!text) return { is: 'ignored', because: 'The message has no text.' };
  return {
    ...{ is: 'message-received', channel: 'sms', text, providerId: payload.messageId },
    from: payload.sender ?? payload.phoneNumber ?? null,
    to: payload.recipient ?? null,
    at: instant(payload.receivedAt),
  };
}

function report(
  { messageId, reason }: Event['payload'],
  state: 'sent' | 'delivered' | 'failed',
  at: string | undefined,
): Happening {
  if (!messageId) throw malformed();
  return {
    ...{ is: 'touch-reported', providerId: messageId, state, at: instant(at) },
    ...(reason && { because: reason }),
  };
}

function instant(at: string | undefined): string {
  const time = Date.parse(at ?? '');
  if (Number.isNaN(time)) throw malformed();
  return new Date(time).toISOString();
}

function parsedEvent(payload: unknown): Event {
  const { success, data } = Event.safeParse(payload);
  if (!success) throw malformed();
  return data;
}

function malformed(): Refusal {
  return new Refusal('malformed', 'This is not an event of the SMS gateway.');
}
