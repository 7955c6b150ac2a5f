import type { Claimed } from '#db/claims.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import { senderAt } from '#db/senders.ts';
import { acceptTouch, clearDoubt, type Doubt, failDoubt } from '#db/settling.ts';
import type { Walk } from '#db/walks.ts';
import { canBeAsked, lookUp } from './channels.ts';
import type { Deps } from './deps.ts';

/** So long after the claim what was on its way has arrived; before, "not known" may mean "not yet". */
const ARRIVED = 30_000;
/** So long after the claim a provider may have forgotten what it knew. */
const FORGOTTEN = 24 * 60 * 60 * 1000;

/** The claim that a walk finds, as it was made: from the sender that it names, whoever the lead belongs to by now. */
export async function claimOf(scope: Scope, { touch }: Walk): Promise<Claimed> {
  const { id: touchId, key, sender, provider, recipient, subject, body, html, headers } = touch!;
  const channel = touch!.channel as Claimed['channel'];
  const from = await senderAt(scope, channel, sender!);
  return {
    ...{ touchId, key, channel, provider: provider!, connectionId: from?.connectionId ?? null },
    ...{ sender: sender!, senderName: from?.name ?? null, recipient: recipient! },
    ...{ subject, body: body!, html, headers },
  };
}

/** What can be asked about the touch of a walk, if anything. */
export async function doubtOf(scope: Scope, walk: Walk): Promise<Doubt | undefined> {
  const { provider, sender, claimedAt } = walk.touch!;
  if (!provider || !sender || !claimedAt || !canBeAsked(provider)) return undefined;
  return { ...(await claimOf(scope, walk)), claimedAt };
}

/** Asks for what a walk that ended left in doubt, where a provider can be asked. */
export async function settleAll(deps: Deps, workspaceId: string, doubts: Doubt[]): Promise<void> {
  const who = { workspaceId, actor: 'engine' };
  for (const doubt of doubts.filter(({ provider }) => canBeAsked(provider))) {
    const found = await settleDoubt(deps, workspaceId, doubt);
    if (found.is === 'failed')
      await inWorkspace(deps.db, who, (scope) => failDoubt(scope, doubt, found.because));
  }
}

/** `failed` is not written down: what follows from it depends on where the walk is. */
export type Found = { is: 'sent' | 'not-sent' | 'unknown' } | { is: 'failed'; because: string };

/**
 * Asks the provider, and writes down what it says. `unknown` leaves it to a person. Throws when it is too early to
 * believe that nothing came: it shall be asked again.
 */
export async function settleDoubt(deps: Deps, workspaceId: string, doubt: Doubt): Promise<Found> {
  const { touchId, claimedAt } = doubt;
  const known = await lookUp(deps, { ...doubt, workspaceId });
  const age = Date.parse(deps.now()) - Date.parse(claimedAt);
  if (!known && age < ARRIVED) throw new Error('The provider does not know the message yet.');
  if (known?.is === 'refused') return { is: 'failed', because: known.because };
  if (known ? known.is !== 'accepted' : age > FORGOTTEN) return { is: 'unknown' };
  return inWorkspace(deps.db, { workspaceId, actor: 'engine' }, async (scope) => {
    if (known?.is === 'accepted') await acceptTouch(scope, { touchId }, known);
    else
      await clearDoubt(scope, { touchId }, 'The provider was asked and had never been given it.');
    return { is: known ? 'sent' : 'not-sent' };
  });
}
