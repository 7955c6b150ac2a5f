import { z } from 'zod';
import { Refusal } from '#domain/refusal.ts';
import type { Happening } from '#integrations/integration.ts';
import { unpersonal } from '#integrations/receipt.ts';

const Event = z.object({
  type: z.string(),
  created_at: z.string(),
  data: z.looseObject({
    email_id: z.string().optional(),
    bounce: z.object({ type: z.string(), subType: z.string(), message: z.string() }).optional(),
    failed: z.object({ reason: z.string() }).optional(),
    suppressed: z.object({ message: z.string(), reason: z.string() }).optional(),
  }),
});
type Event = z.infer<typeof Event>;

/** The 17 events of Resend's OpenAPI: what happened to a mail of ours, a mail that came, or nothing for us. */
export function readEvent(payload: unknown): Happening[] {
  const { success, data: event } = Event.safeParse(payload);
  if (!success) throw malformed();
  return [happeningOf(event)];
}

function happeningOf(event: Event): Happening {
  const { bounce, failed, suppressed } = event.data;
  switch (event.type) {
    case 'email.sent':
      return report(event, 'sent');
    case 'email.delivered':
      return report(event, 'delivered');
    case 'email.complained':
      return report(event, 'complained');
    case 'email.bounced':
      return {
        ...report(event, 'bounced', bounce && `${bounce.subType}: ${bounce.message}`),
        permanent: bounce?.type === 'Permanent' && bounce.subType !== 'MailboxFull',
      };
    case 'email.suppressed':
      return suppressed?.reason === 'previous_complaint'
        ? report(event, 'complained', suppressed.message)
        : { ...report(event, 'bounced', suppressed?.message), permanent: true };
    case 'email.failed':
      return report(event, 'failed', failed?.reason);
    case 'email.received':
      if (!event.data.email_id) throw malformed();
      return { is: 'mail-waiting', providerId: event.data.email_id };
    case 'email.delivery_delayed':
      return { is: 'ignored', because: 'Resend is still trying to deliver it.' };
    case 'email.opened':
    case 'email.clicked':
      return { is: 'ignored', because: 'We count opens and clicks by our own links.' };
    default:
      return { is: 'ignored', because: 'We do not use this kind of event.' };
  }
}

function report(
  { data, created_at }: Event,
  state: 'sent' | 'delivered' | 'bounced' | 'complained' | 'failed',
  because?: string,
): Extract<Happening, { is: 'touch-reported' }> {
  const time = Date.parse(created_at);
  if (!data.email_id || Number.isNaN(time)) throw malformed();
  const said = because && { because: unpersonal(because).slice(0, 300) };
  const at = new Date(time).toISOString();
  return { is: 'touch-reported', providerId: data.email_id, state, at, ...said };
}

function malformed(): Refusal {
  return new Refusal('malformed', 'This is not an event of Resend.');
}
