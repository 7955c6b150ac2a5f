import { blockTouch, type Claimed } from '#db/claims.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import { acceptTouch, doubtTouch, failDoubt, releaseTouch } from '#db/settling.ts';
import { lockWalk } from '#db/walks.ts';
import type { StepOfWalk, TouchAnswer } from '#domain/touch.ts';
import { carry } from './channels.ts';
import { decide } from './deciding.ts';
import type { Deps } from './deps.ts';
import { settleDoubt } from './doubts.ts';

/** How long a provider that refuses the connection is left alone: as long as the touch is late by now, within these. */
const BUSY = { least: 60_000, most: 30 * 60_000 };

/** So much later than it was due, a touch counts from when it went; otherwise from when it was due. */
const LATE = 10 * 60_000;

export function touchActivities(deps: Deps) {
  return {
    /** One business step: may it go, when, what does it say, claim it, hand it over and write down the answer. */
    touch: (at: StepOfWalk): Promise<TouchAnswer> => touch(deps, at),
  };
}

async function touch(deps: Deps, at: StepOfWalk): Promise<TouchAnswer> {
  const who = { workspaceId: at.workspaceId, actor: 'engine' };
  const decided = await inWorkspace(deps.db, who, (scope) => decide(deps, scope, at));
  if ('claimed' in decided) return deliver(deps, at, decided);
  const { answer, doubt } = decided;
  if (!doubt) return answer;
  const { touchId, channel } = doubt;
  const found = await settleDoubt(deps, at.workspaceId, doubt);
  if (answer.is === 'skipped') {
    if (found.is === 'sent') return { is: 'sent', touchId, at: unlessLate(at.since, deps.now()) };
    if (found.is === 'not-sent') return touch(deps, at);
    if (found.is === 'failed')
      return inWorkspace(deps.db, who, (scope) => refused(scope, at, { ...found, channel }));
  } else if (found.is === 'failed' && answer.is === 'left') {
    await inWorkspace(deps.db, who, (scope) => failDoubt(scope, { touchId }, found.because));
  }
  return answer;
}

function afterBusy(due: string, now: string): string {
  const late = Date.parse(now) - Date.parse(due);
  const patience = Math.min(Math.max(late, BUSY.least), BUSY.most);
  return new Date(Date.parse(now) + patience).toISOString();
}

function unlessLate(due: string, now: string): string {
  return Date.parse(now) - Date.parse(due) > LATE ? now : new Date(due).toISOString();
}

/** Hands it over, and writes down what became of it. */
async function deliver(
  deps: Deps,
  at: StepOfWalk,
  { claimed, due }: { claimed: Claimed; due: string },
): Promise<TouchAnswer> {
  const { workspaceId, enrolmentId } = at;
  const { touchId } = claimed;
  const receipt = await carry(deps, { ...claimed, workspaceId, enrolmentId });
  // Under the same key it is asked again, at the pace of the retries; the claim stays.
  if (receipt.is === 'busy' && receipt.maybe)
    throw new Error('The provider did not say whether it took it.');
  return inWorkspace(
    deps.db,
    { workspaceId, actor: 'engine' },
    async (scope): Promise<TouchAnswer> => {
      switch (receipt.is) {
        case 'accepted':
          await acceptTouch(scope, { touchId }, receipt);
          return { is: 'sent', touchId, at: unlessLate(due, deps.now()) };
        case 'busy': {
          const until = receipt.retryAt ?? afterBusy(due, deps.now());
          await releaseTouch(scope, { touchId }, { because: receipt.because, until });
          return { is: 'held', until, because: receipt.because };
        }
        case 'refused':
          return refused(scope, at, { ...receipt, channel: claimed.channel });
        case 'unknown':
          await doubtTouch(scope, { touchId }, receipt.because);
          return { is: 'skipped', because: receipt.because };
      }
    },
  );
}

/** It did not reach the person, and a person has to say what shall become of it. */
async function refused(
  scope: Scope,
  at: StepOfWalk,
  { because, code = null, channel }: { because: string; code?: string | null; channel: string },
): Promise<TouchAnswer> {
  const walk = await lockWalk(scope, at);
  if (!walk) return { is: 'left', ending: { status: 'stopped', reason: 'deleted' } };
  const choice = { rule: 'provider', because, inputs: { code } };
  const how = { choice, channel, reason: 'provider-refused', failed: true };
  await blockTouch(scope, walk, at, how);
  return { is: 'blocked', because };
}
