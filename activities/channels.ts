import type { Claimed } from '#db/claims.ts';
import { openConnections } from '#db/connections.ts';
import { keepInSandbox } from '#db/sandbox.ts';
import { inWorkspace } from '#db/scope.ts';
import type { Channel, Connection, Receipt } from '#integrations/channel.ts';
import { integrations } from '#integrations/index.ts';
import type { Deps } from './deps.ts';
import { replyAddress } from './letters.ts';

interface Carried extends Omit<Claimed, 'touchId'> {
  /** A message that is no touch has none. */
  touchId: string | null;
  enrolmentId: string | null;
  workspaceId: string;
}

/** Hands a claimed message to whoever carries it. Done again under the same key, it goes out once. */
export async function carry(deps: Deps, message: Carried): Promise<Receipt> {
  const { db, sandbox } = deps;
  if (message.provider === 'sandbox') {
    if (!sandbox)
      return {
        is: 'refused',
        because: 'The sandbox is off here: connect a provider for this sender.',
      };
    const who = { workspaceId: message.workspaceId, actor: 'engine' };
    return inWorkspace(db, who, (scope) => keepInSandbox(scope, message));
  }
  const way = await wayOf(deps, message);
  if ('because' in way) return { is: 'refused', because: way.because };
  return way.channel.send(outgoing(message), message.key, way.connection);
}

/** Whether a provider can be asked what became of a message. */
export function canBeAsked(provider: string): boolean {
  return integrations.some(({ name, channel }) => name === provider && channel?.lookUp);
}

/** What the provider knows of a message; nothing when it says that it was never given it. */
export async function lookUp(deps: Deps, message: Addressed): Promise<Receipt | undefined> {
  const way = await wayOf(deps, message);
  if ('because' in way) return { is: 'unknown', because: way.because };
  if (!way.channel.lookUp) return { is: 'unknown', because: 'The provider cannot be asked.' };
  return way.channel.lookUp(message.key, way.connection);
}

const HOUR = 60 * 60 * 1000;
/** How long a provider keeps our key, where it does not for good; Resend says 24 hours, and clocks differ. */
const keptFor: Record<string, number> = { smtp: 0, resend: 23 * HOUR };

/** Whether a provider keeps our key so many milliseconds after the claim, so that asking again is safe. */
export function keepsKeys(provider: string, age = 0): boolean {
  return age < (keptFor[provider] ?? Infinity);
}

type Addressed = Pick<Carried, 'workspaceId' | 'provider' | 'channel' | 'connectionId' | 'key'>;
type Way = { channel: Channel; connection: Connection } | { because: string };

async function wayOf(
  { db, encryptionKey, outbound, house = {} }: Deps,
  { workspaceId, provider, channel: kind, connectionId }: Addressed,
): Promise<Way> {
  const channel = integrations.find(({ name }) => name === provider)?.channel;
  if (!channel || channel.kind !== kind)
    return { because: `There is no way to send through ${provider}.` };
  const [open] = await inWorkspace(db, { workspaceId, actor: 'engine' }, (scope) =>
    openConnections(scope, {
      key: encryptionKey,
      source: provider,
      ...(connectionId && { id: connectionId }),
    }),
  );
  const way = open ?? (connectionId ? undefined : house[provider]);
  if (!way) return { because: `The connection to ${provider} is gone or switched off.` };
  return { channel, connection: { ...way, outbound } };
}

function outgoing(message: Carried) {
  const { recipient: to, sender: from, senderName, subject, body: text, html } = message;
  const { 'Message-ID': messageId, ...headers } = message.headers;
  const replyTo = message.channel === 'email' ? replyAddress(from, message.enrolmentId) : undefined;
  return {
    ...{ to, from, text, headers },
    ...(senderName && { fromName: senderName }),
    ...(subject !== null && { subject }),
    ...(html && { html }),
    ...(messageId && { messageId }),
    ...(replyTo && { replyTo }),
  };
}
