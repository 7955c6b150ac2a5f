import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { Refusal } from '#domain/refusal.ts';
import type { Outgoing } from '#integrations/channel.ts';

/** The headers by which a mail program offers to unsubscribe with one press (RFC 2369, RFC 8058). */
export function unsubscribeHeaders(url: string): Record<string, string> {
  return {
    'List-Unsubscribe': `<${url}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}

/** The headers by which a mail joins the conversation it answers. `references` are oldest first. */
export function answerHeaders(
  inReplyTo: string,
  references: string[] = [],
): Record<string, string> {
  const all = [...references.filter((id) => id !== inReplyTo), inReplyTo].slice(-20);
  return { 'In-Reply-To': inReplyTo, References: all.join(' ') };
}

/** The Message-ID that a key always gets, so that a mail can be found again. */
export function messageIdOf(key: string, from: string): string {
  const domain = from.slice(from.lastIndexOf('@') + 1).replace(/[^\w.-]/g, '') || 'localhost';
  return `<${key.replace(/[^\w.-]/g, '-')}@${domain}>`;
}

/** What is wrong with a message before it is handed to anyone: a line break would begin another header. */
export function faultIn(message: Outgoing): string | undefined {
  const { from, fromName = '', to, replyTo = '', subject = '', headers, messageId = '' } = message;
  const lines = [
    from,
    fromName,
    to,
    replyTo,
    subject,
    messageId,
    ...Object.entries(headers).flat(),
  ];
  if (lines.some((line) => /[\r\n\0]/.test(line))) return 'A header holds a line break.';
  if (Object.keys(headers).some((name) => !/^[A-Za-z0-9-]+$/.test(name))) {
    return 'A header has a name that cannot be.';
  }
  return [from, to].every(isAddress) ? undefined : 'An address is not one that mail can reach.';
}

/** Composes the raw mail (RFC 5322) of a message. Throws a Refusal when `faultIn` finds something. */
export async function composeMail(message: Outgoing & { messageId: string }): Promise<Buffer> {
  const fault = faultIn(message);
  if (fault) throw new Refusal('invalid', fault);
  const { to, from, fromName, replyTo, subject, text, html, headers, messageId } = message;
  const composer = new MailComposer({
    ...{ to, subject, text, html, replyTo, messageId, headers },
    from: fromName ? { name: fromName, address: from } : from,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

/** One address and nothing else: no list, no name, no comment. */
function isAddress(text: string): boolean {
  return /^[^\s<>()[\],;:\\"@]+@[^\s<>()[\],;:\\"@]+$/.test(text);
}
