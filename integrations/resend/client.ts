import { z } from 'zod';
import type { Connection, Outgoing, Receipt } from '#integrations/channel.ts';
import { publicOnly } from '#integrations/http.ts';
import type { Happening } from '#integrations/integration.ts';
import { faultIn, messageIdOf } from '#integrations/mail/compose.ts';
import { addressIn, type MailParts } from '#integrations/mail/parts.ts';
import { mailOf } from '#integrations/mail/read.ts';
import { parsed, receiptOf } from '#integrations/receipt.ts';

export const Settings = z.object({ url: z.url().default('https://api.resend.com') });

export const Secrets = z.object({
  /** What Resend signs its webhooks with: `whsec_` and base64, shown beside the webhook there. */
  secret: z.string().min(1),
  apiKey: z.string().optional(),
});

const Sent = z.object({ id: z.string().min(1) });

const Received = z.object({
  id: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string().nullish(),
  text: z.string().nullish(),
  html: z.string().nullish(),
  message_id: z.string().nullish(),
  headers: z.record(z.string(), z.unknown()).nullish(),
  created_at: z.string(),
});

/** Resend answers the same key with the same answer for 24 hours, so asking again never sends again. */
export async function sendMail(
  message: Outgoing,
  key: string,
  connection: Connection,
): Promise<Receipt> {
  const fault = faultIn(message);
  if (fault) return { is: 'refused', because: fault };
  const { to, from, fromName, replyTo, subject = '', text, html, headers } = message;
  const messageId = message.messageId ?? messageIdOf(key, from);
  const answer = await call(connection, '/emails', {
    method: 'POST',
    key,
    body: JSON.stringify({
      from: fromName ? `${quoted(fromName)} <${from}>` : from,
      ...{ to: [to], subject, text, html, reply_to: replyTo },
      headers: { 'Message-ID': messageId, ...headers },
    }),
  });
  if (answer === undefined) return { is: 'refused', because: 'Resend has no API key yet.' };
  if (answer.is === 'answered' && answer.status === 409) {
    const busy = /concurrent/i.test(answer.body);
    if (busy) return { is: 'busy', because: 'Resend is still at work on this mail.', maybe: true };
  }
  return receiptOf(answer, Date.now(), (body) => {
    const { success, data } = Sent.safeParse(parsed(body));
    if (success) return { is: 'accepted', providerId: data.id };
    return { is: 'busy', because: 'Resend took it and gave it no id.', maybe: true };
  });
}

/** Fetches a mail that came in. Throws an ordinary error when it cannot be had now: ask again later. */
export async function fetchMail(
  providerId: string,
  connection: Connection,
): Promise<Extract<Happening, { is: 'mail-received' }>> {
  const path = `/emails/receiving/${encodeURIComponent(providerId)}`;
  const answer = await call(connection, path, { maxBytes: 10 * 1024 * 1024 });
  if (answer?.is !== 'answered' || answer.status !== 200) {
    const status = answer?.is === 'answered' ? answer.status : 'nothing';
    throw new Error(`Resend answered ${status} when asked for a mail.`);
  }
  const mail = Received.parse(parsed(answer.body));
  return { is: 'mail-received', providerId, mail: mailOf(partsOf(mail)) };
}

function call(
  { settings, secrets, outbound = publicOnly() }: Connection,
  path: string,
  { key, ...how }: { method?: 'POST'; body?: string; key?: string; maxBytes?: number },
) {
  const { url } = Settings.parse(settings);
  const { apiKey } = Secrets.partial().parse(secrets);
  if (!apiKey) return Promise.resolve(undefined);
  const headers: Record<string, string> = {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    'user-agent': 'throughline',
  };
  if (key) headers['idempotency-key'] = key.slice(0, 256);
  return outbound.ask(url.replace(/\/$/, '') + path, { ...how, headers });
}

function partsOf(mail: z.infer<typeof Received>): MailParts {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(mail.headers ?? {})) {
    headers[name.toLowerCase()] = Array.isArray(value) ? value.join('\n') : String(value);
  }
  headers['message-id'] ??= mail.message_id ?? '';
  headers['date'] ??= mail.created_at;
  const name = /^\s*"?([^"<]*?)"?\s*</.exec(headers['from'] ?? mail.from)?.[1];
  return {
    ...{ headers, reports: [], originals: [] },
    from: addressIn(mail.from) ?? '',
    ...(name && { fromName: name }),
    to: mail.to.flatMap((address) => addressIn(address) ?? []),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    ...(mail.html && { html: mail.html }),
  };
}

function quoted(name: string): string {
  return /^[\w .'-]+$/.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;
}
