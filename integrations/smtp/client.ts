import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { Connection, Outgoing, Receipt } from '#integrations/channel.ts';
import { publicOnly } from '#integrations/http.ts';
import { composeMail, faultIn, messageIdOf } from '#integrations/mail/compose.ts';
import { unpersonal } from '#integrations/receipt.ts';

export const Settings = z.object({
  host: z.string().min(1).max(255),
  port: z.int().min(1).max(65_535).default(587),
  /** TLS from the first byte (port 465); elsewhere it is asked for by STARTTLS. */
  secure: z.boolean().default(false),
  /** Refuse to go on without TLS. Off only for a server in the same office. */
  requireTls: z.boolean().default(true),
  username: z.string().optional(),
});

export const Secrets = z.object({ password: z.string().optional() });

const TEN_SECONDS = 10_000;

/**
 * Hands a mail to an SMTP server under a Message-ID made from the key. SMTP knows no key: when the line
 * breaks after the mail was on its way, the receipt is `unknown` and it is not offered again.
 */
export async function sendMail(
  message: Outgoing,
  key: string,
  { settings, secrets, outbound = publicOnly() }: Connection,
): Promise<Receipt> {
  const fault = faultIn(message);
  if (fault) return { is: 'refused', because: fault };
  const { host, port, secure, requireTls, username } = Settings.parse(settings);
  const { password } = Secrets.parse(secrets ?? {});
  const found = await outbound.resolve(host).catch(() => undefined);
  if (!found) return { is: 'busy', because: 'The mail server cannot be reached.' };

  const messageId = message.messageId ?? messageIdOf(key, message.from);
  const raw = await composeMail({ ...message, messageId });
  const transport = createTransport({
    ...{ host: found.address, port, secure, requireTLS: requireTls },
    tls: { servername: host },
    ...(username && { auth: { user: username, pass: password ?? '' } }),
    connectionTimeout: TEN_SECONDS / 2,
    greetingTimeout: TEN_SECONDS / 2,
    socketTimeout: TEN_SECONDS * 0.8,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const sending = transport.sendMail({ raw, envelope: { from: message.from, to: [message.to] } });
  try {
    await sending;
    return { is: 'accepted', providerId: messageId };
  } catch (error) {
    return receiptOf(error as SmtpError);
  } finally {
    transport.close();
  }
}

interface SmtpError extends Error {
  code?: string;
  command?: string;
  responseCode?: number;
  response?: string;
}

/** Up to the recipient nothing has been sent; from DATA on, only the server's own no is a no. */
function receiptOf({ code, command, responseCode, response }: SmtpError): Receipt {
  const because = unpersonal(response ?? '').slice(0, 300);
  if (code === 'EAUTH')
    return { is: 'refused', because: 'The mail server refuses the sign-in.', code };
  if (responseCode !== undefined && responseCode >= 500) {
    return { is: 'refused', because, code: String(responseCode) };
  }
  if (responseCode !== undefined && responseCode >= 400) return { is: 'busy', because };
  const before = command !== undefined && !/^(DATA|API)/i.test(command);
  if (before) return { is: 'busy', because: 'The mail server cannot be reached.' };
  return { is: 'unknown', because: 'The line broke while the mail was being handed over.' };
}
