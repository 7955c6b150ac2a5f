import { claimDigest, dueReaders, endDigest, type Reader, releaseDigest } from '#db/digests.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import { senderFor } from '#db/senders.ts';
import { digestOf } from '#domain/digest.ts';
import { messageIdOf } from '#integrations/mail/compose.ts';
import { htmlOf } from '#sequences/render.ts';
import { carry, keepsKeys } from './channels.ts';
import type { Deps } from './deps.ts';
import { oneByOne } from './turns.ts';

/** Writes to everyone whose morning has come, and answers to how many. */
export async function sendDigests(deps: Deps & { beat: () => void }): Promise<number> {
  const readers = await dueReaders(deps.db, deps.now());
  return oneByOne(readers, deps.beat, async (reader) => ((await sendDigest(deps, reader)) ? 1 : 0));
}

/** A reader's digest of a day: claimed, handed over under a key of that day, and its end written down. */
async function sendDigest(deps: Deps, reader: Reader): Promise<boolean> {
  const { workspaceId } = reader;
  function inside<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
    return inWorkspace(deps.db, { workspaceId, actor: 'engine' }, work);
  }
  const claimed = await inside((scope) => claimDigest(scope, reader, deps.now()));
  if (!claimed) return false;
  const letter = digestOf(claimed.summary, deps.publicBaseUrl);
  if (!letter) {
    const because = 'There was nothing to say.';
    await inside((scope) => endDigest(scope, reader, { outcome: 'nothing', because }));
    return false;
  }
  const message = { ...(await inside(envelopeFor(reader))), ...bodyOf(letter), workspaceId };
  if (claimed.again && !keepsKeys(message.provider)) {
    const because = 'The worker ended while it was being sent, and the provider keeps no keys.';
    await inside((scope) => endDigest(scope, reader, { outcome: 'unknown', because }));
    return false;
  }
  const receipt = await carry(deps, { ...message, recipient: claimed.email });
  if (receipt.is === 'busy') {
    if (!receipt.maybe) await inside((scope) => releaseDigest(scope, reader));
    throw new Error('The provider did not take it yet.');
  }
  await inside((scope) =>
    endDigest(
      scope,
      reader,
      receipt.is === 'accepted'
        ? { outcome: 'sent', messageId: receipt.providerId }
        : { outcome: receipt.is, because: receipt.because },
    ),
  );
  return receipt.is === 'accepted';
}

/** From whom it comes, and the key under which a provider takes it once. */
function envelopeFor({ workspaceId, userId, day }: Reader) {
  return async (scope: Scope) => {
    const wish = { channel: 'email', from: 'owner', ownerId: null, walkId: workspaceId } as const;
    const sender = await senderFor(scope, wish);
    const { address = 'digest@throughline.example', provider = 'sandbox' } = sender ?? {};
    const key = `digest:${workspaceId}:${userId}:${day}`;
    const messageId = messageIdOf(key, address);
    return {
      ...{ key, provider, connectionId: sender?.connectionId ?? null, channel: 'email' as const },
      ...{ sender: address, senderName: 'Throughline', enrolmentId: null, touchId: null },
      // A machine's answer to a machine's mail would go round for ever.
      headers: { 'Message-ID': messageId, 'Auto-Submitted': 'auto-generated' },
    };
  };
}

function bodyOf({ subject, text }: { subject: string; text: string }) {
  return { subject, body: text, html: htmlOf(text) };
}
