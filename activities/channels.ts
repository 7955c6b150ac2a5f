import type { Claimed } from '#db/claims.ts';
import { openConnections } from '#db/connections.ts';
import { keepInSandbox } from '#db/sandbox.ts';
import { inWorkspace } from '#db/scope.ts';
import type { Receipt } from '#integrations/channel.ts';
import { integrations } from '#integrations/index.ts';
import type { Deps } from './deps.ts';
import { replyAddress } from './letters.ts';

interface Carried extends Claimed {
  enrolmentId: string | null;
  workspaceId: string;
}

/** Hands a claimed message to whoever carries it. Done again under the same key, it goes out once. */
export async function carry(deps: Deps, message: Carried): Promise<Receipt> {
  const { db, encryptionKey, sandbox, outbound, house = {} } = deps;
  const { workspaceId, provider, connectionId } = message;
  const who = { workspaceId, actor: 'engine' };
  if (provider === 'sandbox') {
    if (!sandbox)
      return {
        is: 'refused',
        because: 'The sandbox is off here: connect a provider for this sender.',
      };
    return inWorkspace(db, who, (scope) => keepInSandbox(scope, message));
  }
  const channel = integrations.find(({ name }) => name === provider)?.channel;
  if (!channel || channel.kind !== message.channel)
    return { is: 'refused', because: `There is no way to send through ${provider}.` };
  const [open] = await inWorkspace(db, who, (scope) =>
    openConnections(scope, {
      key: encryptionKey,
      source: provider,
      ...(connectionId && { id: connectionId }),
    }),
  );
  const way = open ?? (connectionId ? undefined : house[provider]);
  if (!way)
    return { is: 'refused', because: `The connection to ${provider} is gone or switched off.` };
  return channel.send(outgoing(message), message.key, { ...way, outbound });
}

/** Whether a provider keeps our key, so that asking again is safe. */
export function keepsKeys(provider: string): boolean {
  return provider !== 'smtp';
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
