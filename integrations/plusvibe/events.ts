import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { LeadInput } from '#domain/lead.ts';
import { Refusal } from '#domain/refusal.ts';
import type { ArrivedReply, Happening } from '#integrations/integration.ts';
import { newTextOf } from '#integrations/mail/reply.ts';

const Word = z.union([z.string(), z.number()]).transform(String).nullish();

const Event = z.looseObject({
  webhook_event: z.string().min(1),
  id: Word,
  email_id: Word,
  message_id: Word,
  lead_id: Word,
  thread_id: Word,
  campaign_id: Word,
  campaign_name: Word,
  email: Word,
  lead_email: Word,
  from_email: Word,
  first_name: Word,
  last_name: Word,
  company_name: Word,
  company_website: Word,
  website: Word,
  job_title: Word,
  industry: Word,
  phone_number: Word,
  phone: Word,
  linkedin_person_url: Word,
  city: Word,
  state: Word,
  country: Word,
  sentiment: Word,
  label: Word,
  subject: Word,
  latest_subject: Word,
  last_lead_reply_subject: Word,
  text_body: Word,
  last_lead_reply: Word,
  latest_message: Word,
  body: Word,
  replied_date: Word,
  last_lead_replied_date: Word,
  timestamp: Word,
});
type Event = z.infer<typeof Event>;

/** Labels that say yes, as PlusVibe ships them; a workspace's own labels come as other LEAD_MARKED_AS_ words. */
const positiveLabels = ['INTERESTED', 'MEETING_BOOKED', 'MEETING_COMPLETED', 'CLOSED'];

/** A positive reply is a lead. Everything else that PlusVibe tells is ignored for a reason that is kept. */
export function readEvent(payload: unknown): Happening[] {
  const event = parsedEvent(payload);
  if (!isPositive(event)) return [{ is: 'ignored', because: reasonOf(event) }];
  const email = event.email ?? event.lead_email ?? event.from_email;
  if (!email) throw malformed();
  const reply = replyOf(event);
  return [{ is: 'lead-arrived', lead: leadOf(event, email), ...(reply && { reply }) }];
}

/** One answer arrives as a reply, a positive reply and a label: what was said by whom makes them one. */
export function idOfEvent(payload: unknown): string {
  const event = parsedEvent(payload);
  const said = event.message_id ?? event.email_id ?? event.id;
  const kind = isPositive(event) ? 'POSITIVE' : event.webhook_event;
  if (said) return `${kind}:${said}`;
  const who = [event.campaign_id, event.lead_id, event.email ?? event.lead_email];
  const content = JSON.stringify([kind, who, textOf(event), event.replied_date]);
  return `${kind}:${createHash('sha256').update(content).digest('hex')}`;
}

function isPositive({ webhook_event, sentiment, label }: Event): boolean {
  if (webhook_event === 'ALL_POSITIVE_REPLIES') return true;
  if (webhook_event.startsWith('LEAD_MARKED_AS_')) {
    return positiveLabels.includes(webhook_event.slice('LEAD_MARKED_AS_'.length));
  }
  if (!/^(FIRST|ALL)_EMAIL_REPLIES$/.test(webhook_event)) return false;
  const positive = sentiment?.toUpperCase() === 'POSITIVE';
  return positive || positiveLabels.includes(label?.toUpperCase().replaceAll(' ', '_') ?? '');
}

function reasonOf({ webhook_event }: Event): string {
  if (/_EMAIL_REPLIES$/.test(webhook_event)) return 'The reply is not a positive one.';
  if (/^LEAD_MARKED_AS_/.test(webhook_event)) return 'The label is not a positive one.';
  return 'We do not use this kind of event.';
}

function leadOf(event: Event, email: string): LeadInput {
  const address = { city: event.city, region: event.state, country: event.country };
  const lead = {
    email,
    firstName: event.first_name,
    lastName: event.last_name,
    company: event.company_name,
    website: event.company_website ?? event.website,
    title: event.job_title,
    industry: event.industry,
    phone: event.phone_number ?? event.phone,
    linkedin: event.linkedin_person_url,
    campaign: event.campaign_name ?? event.campaign_id,
    externalId: event.lead_id,
    fields: given({ plusvibeCampaignId: event.campaign_id }),
  };
  const where = given(address);
  const known = Object.keys(where).length > 0 ? { address: where } : {};
  return { source: 'plusvibe', ...given(lead), ...known };
}

function replyOf(event: Event): ArrivedReply | undefined {
  const text = textOf(event);
  if (!text) return undefined;
  const subject = event.last_lead_reply_subject ?? event.latest_subject ?? event.subject;
  const when = Date.parse(
    event.last_lead_replied_date ?? event.replied_date ?? event.timestamp ?? '',
  );
  const at = Number.isNaN(when) ? undefined : new Date(when).toISOString();
  return { text: newTextOf(text), ...given({ subject, at, threadId: event.thread_id }) };
}

function textOf(event: Event): string | undefined {
  const text = event.text_body ?? event.last_lead_reply ?? event.latest_message ?? event.body;
  return text?.trim() || undefined;
}

/** Only what was really said: PlusVibe fills the rest with null and "". */
function given<T extends Record<string, unknown>>(
  values: T,
): { [K in keyof T]?: Exclude<T[K], null | undefined> } {
  const said = Object.entries(values).filter(([, value]) => value !== null && value !== '');
  return Object.fromEntries(said.filter(([, value]) => value !== undefined)) as never;
}

function parsedEvent(payload: unknown): Event {
  const inner = z.object({ data: z.looseObject({ webhook_event: z.string() }) }).safeParse(payload);
  const { success, data } = Event.safeParse(inner.success ? inner.data.data : payload);
  if (!success) throw malformed();
  return data;
}

function malformed(): Refusal {
  return new Refusal('malformed', 'This is not an event of PlusVibe.');
}
