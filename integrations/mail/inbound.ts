import type { Inbound } from '#domain/message.ts';
import type { InboundMail } from './read.ts';

/** A mail as a message of a conversation. It is known again by its Message-ID, else by what its carrier calls it. */
export function inboundOf(
  mail: InboundMail,
  { provider, providerId, at }: { provider: string; providerId: string; at: string },
): Inbound {
  const { kind, from, to, subject, text, fullText, html, messageId, inReplyTo, references } = mail;
  const report = mail.bounced ?? mail.complained;
  return {
    ...{ channel: 'email', kind, provider, providerId: messageId || providerId, at },
    ...{ from: from || null, to: to.join(', ') || null, subject, text, fullText, references },
    ...(mail.fromName && { fromName: mail.fromName }),
    ...(html && { html }),
    ...(messageId && { messageId }),
    ...(inReplyTo && { inReplyTo }),
    ...(mail.returnsOn && { returnsOn: mail.returnsOn }),
    ...(mail.originalMessageId && { about: mail.originalMessageId }),
    ...(report && {
      bounced: {
        ...(report.address && { address: report.address }),
        permanent: mail.bounced?.permanent ?? true,
        because: mail.bounced?.because ?? 'complained',
      },
    }),
  };
}
