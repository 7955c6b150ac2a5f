import { keepBooking } from '#db/bookings.ts';
import { startLater } from '#db/outbox.ts';
import { receiveMessage } from '#db/replies.ts';
import type { Scope } from '#db/scope.ts';
import { reportTouch } from '#db/settling.ts';
import { leave, suppress } from '#db/suppressions.ts';
import type { BookingNews } from '#domain/booking.ts';
import type { Outcome } from '#domain/delivery.ts';
import type { Receipt } from '#domain/message.ts';
import type { Happening } from '#integrations/integration.ts';
import { inboundOf } from '#integrations/mail/inbound.ts';
import type { Hear } from './happenings.ts';

/** What a system told us, beside leads: messages, mails to fetch, and what became of what we sent. */
export const hear: Hear = async (scope, happening, delivery, lead) => {
  const { source: provider, connectionId } = delivery;
  switch (happening.is) {
    case 'lead-arrived': {
      const { reply, booking } = happening;
      if (lead && booking) return meet(scope, { leadId: lead.leadId, source: provider }, booking);
      if (!reply || !lead) return [];
      const at = reply.at ?? delivery.receivedAt;
      const providerId = `${reply.threadId ?? lead.leadId}:${at}`;
      const message = { channel: 'email' as const, kind: 'reply' as const, provider, providerId };
      const from = happening.lead.email ?? null;
      const { text, subject = '' } = reply;
      return told(
        await receiveMessage(scope, { ...message, from, to: null, subject, text, at }, lead),
      );
    }
    case 'message-received': {
      const { from, to, text, at, providerId } = happening;
      const message = { channel: 'sms' as const, kind: 'reply' as const, provider, providerId };
      return told(await receiveMessage(scope, { ...message, from, to, text, at }));
    }
    case 'mail-received': {
      const { mail, providerId } = happening;
      const at = new Date().toISOString();
      return told(await receiveMessage(scope, inboundOf(mail, { provider, providerId, at })));
    }
    case 'mail-waiting': {
      const { providerId } = happening;
      const { workspaceId } = scope;
      await startLater(scope, {
        ...{ workflow: 'fetchMail', workflowId: `mail:${connectionId}:${providerId}` },
        input: [{ workspaceId, connectionId, providerId }],
      });
      return [{ is: 'mail-waiting', what: 'Its body is being fetched.' }];
    }
    case 'touch-reported':
      return report(scope, happening, provider);
  }
};

async function meet(
  scope: Scope,
  of: { leadId: string; source: string },
  news: BookingNews,
): Promise<Outcome[]> {
  const { isNews } = await keepBooking(scope, of, news);
  const what = isNews ? `The meeting is ${news.kind}.` : 'A later word on this meeting is known.';
  return [{ is: 'booking', what, leadId: of.leadId }];
}

function told({ matched, did, duplicate }: Receipt): Outcome[] {
  const what = duplicate ? 'It was known already.' : `A message came: ${did.join(', ')}.`;
  return [{ is: 'message', what, ...(matched?.leadId && { leadId: matched.leadId }) }];
}

async function report(
  scope: Scope,
  { providerId, state, because, permanent, at }: Extract<Happening, { is: 'touch-reported' }>,
  provider: string,
): Promise<Outcome[]> {
  const said = because === undefined ? {} : { because };
  const touch = await reportTouch(scope, { provider, providerId, state, at, ...said });
  if (!touch) return [{ is: 'ignored', what: 'It is about no message of ours.' }];
  const { contactId, leadId, recipient } = touch;
  const outcome = { is: 'touch', what: `The message is ${state}.`, leadId };
  const gone = state === 'complained' ? 'complained' : state === 'bounced' ? 'bounced' : undefined;
  if (!gone || (gone === 'bounced' && !permanent)) return [outcome];
  const source = gone === 'bounced' ? 'bounce' : 'complaint';
  if (recipient) {
    const who = { channel: 'email' as const, address: recipient, contactId };
    await suppress(scope, { ...who, reason: gone, source });
  }
  const eventId = `${source}:${provider}:${providerId}`;
  await leave(scope, contactId, { reason: gone, because: because ?? gone, eventId });
  return [outcome];
}
