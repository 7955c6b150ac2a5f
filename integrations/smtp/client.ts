import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js';
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
  const connection = new SMTPConnection({
    ...{ host: found.address, port, secure, requireTLS: requireTls },
    tls: { servername: host },
    connectionTimeout: TEN_SECONDS / 2,
    greetingTimeout: TEN_SECONDS / 2,
    socketTimeout: TEN_SECONDS * 0.8,
  });
  // What breaks after the server has said yes is of no consequence.
  connection.on('error', () => undefined);
  const handedOver = watched(raw);
  try {
    await step(connection, (done) => connection.connect(done));
    const credentials = { user: username ?? '', pass: password ?? '' };
    if (username) await step(connection, (done) => connection.login({ credentials }, done));
    const envelope = { from: message.from, to: message.to };
    await step(connection, (done) => connection.send(envelope, handedOver.stream, done));
    connection.quit();
    return { is: 'accepted', providerId: messageId };
  } catch (error) {
    connection.close();
    return receiptOf(error as SmtpError, handedOver.begun());
  }
}

/** The mail as a stream that knows whether a byte of it was ever taken. */
function watched(raw: Buffer): { stream: Readable; begun: () => boolean } {
  let begun = false;
  const stream = new Readable({
    read() {
      begun = true;
      this.push(raw);
      this.push(null);
    },
  });
  return { stream, begun: () => begun };
}

/** One exchange with the server. A line that breaks tells the connection, not the exchange. */
function step(
  connection: SMTPConnection,
  ask: (done: (error?: Error | null) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.once('error', reject);
    ask((error) => {
      connection.off('error', reject);
      if (error) reject(error);
      else resolve();
    });
  });
}

interface SmtpError extends Error {
  code?: string;
  responseCode?: number;
  response?: string;
}

/** Until the mail itself is on its way nothing has been sent; after that only the server's own no is a no. */
function receiptOf({ code, responseCode, response }: SmtpError, begun: boolean): Receipt {
  const because = unpersonal(response ?? '').slice(0, 300);
  if (code === 'EAUTH') {
    return { is: 'refused', because: 'The mail server refuses the sign-in.', code };
  }
  if (responseCode !== undefined && responseCode >= 500) {
    return { is: 'refused', because, code: String(responseCode) };
  }
  if (responseCode !== undefined && responseCode >= 400) return { is: 'busy', because };
  if (!begun) return { is: 'busy', because: 'The mail server cannot be reached.' };
  return { is: 'unknown', because: 'The line broke while the mail was being handed over.' };
}
