import PostalMime, { type Attachment, type Email } from 'postal-mime';
import { isAutomatic } from './away.ts';
import { type Bounced, bounceOf, type Complained, complaintOf } from './bounce.ts';
import { safeHtml, textOfHtml } from './html.ts';
import { addressIn, type MailParts } from './parts.ts';
import { newTextOf } from './reply.ts';
import { returnsOn } from './returns.ts';

/** A mail that came to us, and what it is. */
export interface InboundMail {
  kind: 'reply' | 'auto-reply' | 'bounce' | 'complaint' | 'other';
  /** Lower case; '' when the mail names no sender. */
  from: string;
  fromName?: string;
  to: string[];
  subject: string;
  /** Only what the writer added: without quotes and signature. */
  text: string;
  fullText: string;
  /** Fit to be shown. */
  html?: string;
  /** With its brackets; '' when the mail has none. */
  messageId: string;
  inReplyTo?: string;
  references: string[];
  /** The day (YYYY-MM-DD) that an out-of-office names. */
  returnsOn?: string;
  bounced?: Bounced;
  complained?: Complained;
  /** Of the mail of ours that a bounce or a complaint is about. */
  originalMessageId?: string;
  /** Lower-case names. */
  headers: Record<string, string>;
}

/** Reads a raw mail (RFC 5322), however broken. */
export async function readMail(raw: Buffer | string): Promise<InboundMail> {
  const given = typeof raw === 'string' ? Buffer.from(raw) : raw;
  const bytes = given.includes(10)
    ? given
    : Buffer.from(given.toString('latin1').replaceAll('\r', '\n'), 'latin1');
  const mbox = /^From [^\n]*\n/.exec(bytes.subarray(0, 1000).toString('latin1'))?.[0].length ?? 0;
  const parser = new PostalMime({
    attachmentEncoding: 'arraybuffer',
    forceRfc822Attachments: true,
  });
  const mail = await parser.parse(bytes.subarray(mbox));
  const parts = partsOf(mail);
  return mailOf(parts.text || parts.html ? parts : { ...parts, text: unparted(bytes) });
}

/** What stands below the headers of a mail whose parts are too broken to be told apart. */
function unparted(bytes: Buffer): string {
  const text = bytes.subarray(0, 50_000).toString('utf8');
  return text.slice(/\r?\n\r?\n/.exec(text)?.index ?? text.length).trim();
}

/** What a mail is, once it is in parts. */
export function mailOf(parts: MailParts): InboundMail {
  const { headers, from, fromName, to, subject, html } = parts;
  const fullText = parts.text || (html ? textOfHtml(html) : '');
  const whole = { ...parts, text: fullText };
  const complained = complaintOf(whole);
  const vacation = headers['x-apple-action'] === 'VACATION';
  const bounced = complained || vacation ? undefined : bounceOf(whole);
  const away = !complained && !bounced && isAutomatic(whole);
  const references = (headers['references'] ?? '').match(/<[^<>\s]+>/g) ?? [];
  const inReplyTo = /<[^<>\s]+>/.exec(headers['in-reply-to'] ?? '')?.[0];
  const answers =
    inReplyTo !== undefined ||
    references.length > 0 ||
    /^\s*(re|aw|sv|antw|odp|ynt|回复|答复)\s*[:：]/i.test(subject);
  const original = /^message-id[ \t]*:[ \t]*(<[^<>\s]+>)/im.exec(parts.originals.join('\n'))?.[1];
  const back = away ? returnsOn(`${subject}\n${fullText}`, dateOf(headers)) : undefined;
  return {
    kind: complained
      ? 'complaint'
      : bounced
        ? 'bounce'
        : away
          ? 'auto-reply'
          : answers
            ? 'reply'
            : 'other',
    ...{ from, to, subject, fullText, references, headers },
    ...(fromName && { fromName }),
    text: newTextOf(fullText),
    ...(html && { html: safeHtml(html).trim() }),
    messageId: /<[^<>\s]+>/.exec(headers['message-id'] ?? '')?.[0] ?? '',
    ...(inReplyTo && { inReplyTo }),
    ...(back && { returnsOn: back }),
    ...(bounced && { bounced }),
    ...(complained && { complained }),
    ...((bounced ?? complained) && original && { originalMessageId: original }),
  };
}

function dateOf(headers: Record<string, string>): { now: string; endDate: string | undefined } {
  const written = Date.parse(headers['date']?.slice(0, 100).replace(/\s*\(.*\)\s*$/, '') ?? '');
  const now = new Date(Number.isNaN(written) ? Date.now() : written).toISOString();
  return { now, endDate: /endDate=([^,}]+)/.exec(headers['x-apple-criteria'] ?? '')?.[1] };
}

function partsOf(mail: Email): MailParts {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const { key, value } of mail.headers) {
    headers[key] = key in headers ? `${headers[key]}\n${value}` : value;
  }
  const reports: MailParts['reports'] = [];
  const originals: string[] = [];
  const extra: string[] = [];
  for (const attachment of mail.attachments) {
    const type = attachment.mimeType.toLowerCase();
    if (/^message\/(delivery-status|feedback-report)/.test(type)) {
      reports.push({ type, text: textOf(attachment) });
    } else if (/^message\/rfc822|^text\/rfc822-header/.test(type)) {
      originals.push(textOf(attachment));
    } else if (/^text\/|^message\//.test(type) || type === '') {
      extra.push(textOf(attachment));
    }
  }
  return {
    ...{ headers: { ...headers }, reports, originals },
    from: addressIn(mail.from?.address) ?? addressIn(headers['from']) ?? '',
    ...(mail.from?.name && { fromName: mail.from.name }),
    to: [...(mail.to ?? []), ...(mail.cc ?? [])].flatMap(({ address }) => addressIn(address) ?? []),
    subject: mail.subject ?? '',
    text: [mail.text ?? '', ...(mail.text ? [] : extra)].join('\n').trim(),
    ...(mail.html && { html: mail.html }),
  };
}

function textOf({ content }: Attachment): string {
  const bytes =
    typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer);
  return bytes.subarray(0, 500_000).toString('utf8');
}
