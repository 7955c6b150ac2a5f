import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from '#domain/refusal.ts';
import type { Happening } from '#integrations/integration.ts';

const Text = z.string().trim().max(2000).nullish();
const Person = z.looseObject({
  email: z.string().min(3).max(320),
  name: Text,
  firstName: Text,
  lastName: Text,
  timeZone: Text,
  phoneNumber: Text,
});
/** Answers of the booking form: `{value}`, whose value is a text or, for a place, an object. */
const Answers = z.record(z.string(), z.looseObject({ value: z.unknown().optional() })).nullish();

const Event = z.looseObject({
  triggerEvent: z.string().min(1).max(100),
  createdAt: z.coerce.date(),
  payload: z.looseObject({
    uid: z.string().min(1).max(200),
    rescheduleUid: Text,
    title: Text,
    startTime: z.coerce.date(),
    endTime: z.coerce.date(),
    location: Text,
    organizer: z.looseObject({ email: Text }).nullish(),
    attendees: z.array(Person).min(1),
    responses: Answers,
    cancellationReason: Text,
    metadata: z.looseObject({ videoCallUrl: Text }).nullish(),
  }),
});
type Event = z.infer<typeof Event>;

const kinds: Record<string, 'booked' | 'moved' | 'cancelled'> = {
  BOOKING_CREATED: 'booked',
  BOOKING_RESCHEDULED: 'moved',
  BOOKING_CANCELLED: 'cancelled',
};

/** Who books a meeting is a lead; what becomes of the meeting is told with them. */
export function readEvent(payload: unknown): Happening[] {
  const kind = kinds[triggerOf(payload)];
  if (!kind) return [{ is: 'ignored', because: 'We do not use this kind of event.' }];
  const { payload: meeting, createdAt } = parsedEvent(payload);
  const { uid, rescheduleUid, organizer, metadata } = meeting;
  const reason = kind === 'cancelled' ? meeting.cancellationReason : undefined;
  return [
    {
      is: 'lead-arrived',
      lead: { source: 'calcom', ...leadOf(meeting) },
      booking: {
        ...{ kind, uid, toldAt: createdAt.toISOString(), title: meeting.title || 'Meeting' },
        startsAt: meeting.startTime.toISOString(),
        endsAt: meeting.endTime.toISOString(),
        ...(rescheduleUid && { before: rescheduleUid }),
        ...given({ location: metadata?.videoCallUrl ?? meeting.location }),
        ...given({ organizer: organizer?.email, reason }),
      },
    },
  ];
}

/** Cal.com gives its deliveries no id: what happened to which meeting, and for when, is one event. */
export function idOfEvent(payload: unknown): string {
  const trigger = triggerOf(payload);
  if (!kinds[trigger])
    return `${trigger}:${createHash('sha256').update(JSON.stringify(payload)).digest('hex')}`;
  const { uid, startTime } = parsedEvent(payload).payload;
  return `${trigger}:${uid}:${startTime.toISOString()}`;
}

/** The first attendee booked; what they wrote in the form counts before what their calendar says. */
function leadOf({ attendees, responses }: Event['payload']) {
  const person = attendees[0]!;
  const [first, ...rest] = (person.name ?? '').split(/\s+/).filter(Boolean);
  return given({
    email: person.email,
    firstName: person.firstName ?? first,
    lastName: person.lastName ?? (rest.join(' ') || undefined),
    phone:
      person.phoneNumber ?? answer(responses, 'attendeePhoneNumber', 'phone', 'smsReminderNumber'),
    company: answer(responses, 'company', 'companyName', 'company_name'),
    website: answer(responses, 'website'),
  });
}

function answer(responses: Event['payload']['responses'], ...names: string[]): string | undefined {
  for (const name of names) {
    const value = responses?.[name]?.value;
    if (typeof value === 'string' && value.trim()) return value.trim();
  }
  return undefined;
}

/** Only what was said. */
function given<T extends Record<string, string | null | undefined>>(
  values: T,
): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value)) as never;
}

function triggerOf(payload: unknown): string {
  const event = z.looseObject({ triggerEvent: z.string().min(1).max(100) }).safeParse(payload);
  if (!event.success) throw malformed();
  return event.data.triggerEvent;
}

function parsedEvent(payload: unknown): Event {
  const { success, data } = Event.safeParse(payload);
  if (!success) throw malformed();
  return data;
}

function malformed(): Refusal {
  return new Refusal('malformed', 'This is not an event of Cal.com.');
}
