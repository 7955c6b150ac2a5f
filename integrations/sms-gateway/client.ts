import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Connection, Outgoing, Receipt } from '#integrations/channel.ts';
import { publicOnly } from '#integrations/http.ts';
import { parsed, receiptOf, wordsOf } from '#integrations/receipt.ts';

export const Settings = z.object({
  url: z.url().default('https://api.sms-gate.app/3rdparty/v1'),
  username: z.string().optional(),
  /** Which of the phone's SIM cards sends; the phone's default without it. */
  simNumber: z.int().min(1).max(3).optional(),
});

export const Secrets = z.object({
  /** What the gateway signs its webhooks with. */
  secret: z.string().min(1),
  password: z.string().optional(),
});
const Known = z.object({ id: z.string(), state: z.string() });

/** The gateway takes our key as the message's id, and a second one with that id is answered 409. */
export async function sendText(
  { to, text }: Outgoing,
  key: string,
  connection: Connection,
): Promise<Receipt> {
  const { simNumber, username } = Settings.parse(connection.settings);
  if (!username)
    return { is: 'refused', because: 'The gateway has no user name and password yet.' };
  const id = idOf(key);
  const message = { id, textMessage: { text }, phoneNumbers: [to], withDeliveryReport: true };
  const body = JSON.stringify({ ...message, ...(simNumber && { simNumber }) });
  const answer = await call(connection, '/messages', { method: 'POST', body });
  if (answer.is === 'answered' && answer.status === 409) return { is: 'accepted', providerId: id };
  return receiptOf(answer, Date.now(), () => ({ is: 'accepted', providerId: id }));
}

/** What the gateway knows of this key; nothing when it says itself that it has no such message. */
export async function lookUpText(
  key: string,
  connection: Connection,
): Promise<Receipt | undefined> {
  const answer = await call(connection, `/messages/${encodeURIComponent(idOf(key))}`, {});
  if (answer.is === 'answered' && answer.status === 404 && wordsOf(answer.body)) return undefined;
  const known = Known.safeParse(answer.is === 'answered' ? parsed(answer.body) : undefined);
  if (answer.is !== 'answered' || answer.status !== 200 || !known.success)
    return { is: 'busy', because: 'The gateway does not say what became of it.' };
  const { data } = known;
  if (data.state === 'Failed') return { is: 'refused', because: 'The phone could not send it.' };
  return { is: 'accepted', providerId: data.id };
}

function call(
  { settings, secrets, outbound = publicOnly() }: Connection,
  path: string,
  how: { method?: 'POST'; body?: string },
) {
  const { url, username } = Settings.parse(settings);
  const { password = '' } = Secrets.partial().parse(secrets);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const headers = { authorization, 'content-type': 'application/json' };
  return outbound.ask(url.replace(/\/$/, '') + path, { ...how, headers });
}

/** The gateway's ids have at most 36 characters. */
function idOf(key: string): string {
  return key.length <= 36 ? key : createHash('sha256').update(key).digest('hex').slice(0, 36);
}
