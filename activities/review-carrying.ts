import { changed } from '#db/changes.ts';
import { openConnections } from '#db/connections.ts';
import type { ClaimedDelivery } from '#db/review-deliveries.ts';
import { getReview } from '#db/reviews.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import { unseal } from '#db/secrets.ts';
import { senderFor } from '#db/senders.ts';
import type { Receipt } from '#integrations/channel.ts';
import { messageIdOf } from '#integrations/mail/compose.ts';
import { postToSlack } from '#integrations/slack/client.ts';
import { htmlOf } from '#sequences/render.ts';
import { carry, keepsKeys } from './channels.ts';
import type { Deps } from './deps.ts';

/** Hands a claimed report to whoever carries it. */
export async function carryReview(deps: Deps, claimed: ClaimedDelivery): Promise<Receipt> {
  const { workspaceId, channel } = claimed;
  const who = { workspaceId, actor: 'engine' };
  if (channel === 'app') return inWorkspace(deps.db, who, (scope) => tell(scope, claimed));
  if (channel === 'slack') {
    const url = await inWorkspace(deps.db, who, (scope) => webhookFor(scope, claimed, deps));
    if (!url) return { is: 'refused', because: 'The connection to Slack is gone or switched off.' };
    return postToSlack(url, { text: claimed.letter.text }, deps.outbound);
  }
  const envelope = await inWorkspace(deps.db, who, (scope) => envelopeFor(scope, claimed));
  return carry(deps, { ...envelope, recipient: claimed.recipient, workspaceId });
}

/** Whether who carries it can be handed the same report again without sending it twice. */
export async function keepsReview(scope: Scope, claimed: ClaimedDelivery): Promise<boolean> {
  if (claimed.channel === 'app') return true;
  if (claimed.channel === 'slack') return false;
  const { provider } = await envelopeFor(scope, claimed);
  return keepsKeys(provider, claimed.claimedFor ?? 0);
}

/** A word inside the product; its id is the delivery's, so that it is there once. */
async function tell(scope: Scope, claimed: ClaimedDelivery): Promise<Receipt> {
  const { db, workspaceId } = scope;
  const { id, userId, reviewId, purpose, letter, runId } = claimed;
  const run = await db
    .selectFrom('reviewRuns')
    .select('analysisId')
    .where('id', '=', runId)
    .executeTakeFirst();
  const result = run?.analysisId && purpose === 'report' ? `/reviews/${run.analysisId}` : null;
  await db
    .insertInto('notifications')
    .values({
      ...{ id, workspaceId, userId: userId!, kind: `review-${purpose}`, title: letter.subject },
      href: result ?? `/schedule?review=${reviewId}`,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  changed(scope, 'notifications');
  return { is: 'accepted', providerId: id };
}

async function webhookFor(
  scope: Scope,
  { reviewId }: ClaimedDelivery,
  { encryptionKey: key }: Deps,
): Promise<string | undefined> {
  const { slackUrl, delivery } = await getReview(scope, reviewId);
  if (slackUrl) return unseal(slackUrl, key);
  if (!delivery.slackConnectionId) return undefined;
  const wish = { key, source: 'slack', id: delivery.slackConnectionId };
  const [open] = await openConnections(scope, wish);
  return open?.secrets['url'] as string | undefined;
}

/** From whom it comes, and the key under which a provider takes it once. */
async function envelopeFor(scope: Scope, claimed: ClaimedDelivery) {
  const { workspaceId, id, round, letter } = claimed;
  const wish = { channel: 'email', from: 'owner', ownerId: null, walkId: workspaceId } as const;
  const sender = await senderFor(scope, wish);
  const { address = 'reviews@throughline.example', provider = 'sandbox' } = sender ?? {};
  const key = `review:${id}:${round}`;
  return {
    ...{ key, provider, connectionId: sender?.connectionId ?? null, channel: 'email' as const },
    ...{ sender: address, senderName: 'Throughline', enrolmentId: null, touchId: null },
    ...{ subject: letter.subject, body: letter.text, html: letter.html ?? htmlOf(letter.text) },
    // A machine's answer to a machine's mail would go round for ever.
    headers: { 'Message-ID': messageIdOf(key, address), 'Auto-Submitted': 'auto-generated' },
  };
}
