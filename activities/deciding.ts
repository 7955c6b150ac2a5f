import { blockTouch, claimTouch, type Claimed, holdTouch, skipTouch } from '#db/claims.ts';
import { factsOf } from '#db/facts.ts';
import { stopAtGoal, whyReached } from '#db/goals.ts';
import type { Scope } from '#db/scope.ts';
import { reserveSlot, senderFor } from '#db/senders.ts';
import { type Doubt, doubtTouch } from '#db/settling.ts';
import { lockWalk, type Walk } from '#db/walks.ts';
import type { EndReason } from '#domain/enrolment.ts';
import type { StepOfWalk, TouchAnswer } from '#domain/touch.ts';
import { kindOf } from '#sequences/steps/index.ts';
import { keepsKeys } from './channels.ts';
import { calendarOf, guardOf } from './checks.ts';
import type { Deps } from './deps.ts';
import { claimOf, doubtOf } from './doubts.ts';
import { carryOutStep } from './effects.ts';
import { writeLetter } from './letters.ts';
import { personOf } from './person.ts';

/** What a walk is answered, and what the provider may be asked first; or what is to be handed over. */
export type Decided =
  { answer: TouchAnswer; doubt?: Doubt | undefined } | { claimed: Claimed; due: string };

/** The first transaction: under the contact's lock it is decided whether and when, and what is claimed is claimed. */
export async function decide(deps: Deps, scope: Scope, at: StepOfWalk): Promise<Decided> {
  const walk = await lockWalk(scope, at);
  if (!walk) return { answer: { is: 'left', ending: { status: 'stopped', reason: 'deleted' } } };
  const stands = standing(walk);
  if (stands) return { answer: stands, doubt: await doubted(scope, walk) };
  const before = await claimedBefore(scope, walk, at, deps.now());
  if (before) return before;
  const reached = goalOf(walk, deps.now());
  if (reached) {
    await stopAtGoal(scope, at.enrolmentId, reached);
    return { answer: { is: 'left', ending: { status: 'stopped', reason: 'goal' } } };
  }
  const { channel } = kindOf(walk.step.kind);
  if (!channel) return { answer: await carryOutStep(scope, walk, at) };
  return send(deps, scope, walk, { at, channel });
}

function goalOf(walk: Walk, now: string): string | undefined {
  const { definition, enrolment, person } = walk;
  if (!definition.goal) return undefined;
  const zone = person.contact.timeZone ?? person.workspace.timeZone;
  const { enrolledAt } = enrolment;
  return whyReached(definition.goal, factsOf(personOf(walk)), { enrolledAt, zone, now });
}

/** Somebody who left or is paused is not written to, whatever had been claimed. */
function standing({ enrolment }: Walk): TouchAnswer | undefined {
  const { status, reason } = enrolment;
  if (status === 'active' || status === 'blocked') return undefined;
  if (status === 'paused') return { is: 'paused', because: reason ?? 'manual' };
  if (status === 'completed') return { is: 'left', ending: { status } };
  return { is: 'left', ending: { status, reason: (reason ?? 'manual') as EndReason } };
}

/** What was claimed when the walk was left or paused is in doubt, until the provider says what it knows of it. */
async function doubted(scope: Scope, walk: Walk): Promise<Doubt | undefined> {
  const { touch, enrolment } = walk;
  if (touch?.state === 'claimed')
    await doubtTouch(
      scope,
      { touchId: touch.id },
      `It was being sent when the walk was ${enrolment.status}; nobody can tell whether it went out.`,
    );
  const isDoubtful = touch?.state === 'claimed' || touch?.state === 'unknown';
  return isDoubtful ? doubtOf(scope, walk) : undefined;
}

/** A retry finds what its forerunner left: done is done, and a claim goes out again only under the same key. */
async function claimedBefore(
  scope: Scope,
  walk: Walk,
  at: StepOfWalk,
  now: string,
): Promise<Decided | undefined> {
  const { touch } = walk;
  if (!touch) return undefined;
  switch (touch.state) {
    case 'accepted':
    case 'delivered':
    case 'bounced':
      return { answer: { is: 'sent', touchId: touch.id, at: touch.acceptedAt ?? at.since } };
    case 'unknown': {
      const because = 'nobody can tell whether it went out';
      return { answer: { is: 'skipped', because }, doubt: await doubtOf(scope, walk) };
    }
    case 'skipped':
      return { answer: { is: 'skipped', because: 'it was skipped before' } };
    case 'failed':
      return { answer: { is: 'blocked', because: 'the provider refused it' } };
    case 'claimed': {
      const age = Date.parse(now) - Date.parse(touch.claimedAt ?? now);
      if (keepsKeys(touch.provider!, age))
        return { due: at.since, claimed: await claimOf(scope, walk) };
      const because =
        'It was being sent when the worker ended, and the provider does not know its key any more.';
      await doubtTouch(scope, { touchId: touch.id }, because);
      return { answer: { is: 'skipped', because }, doubt: await doubtOf(scope, walk) };
    }
    case 'planned':
    case 'held':
      return undefined;
  }
}

async function send(
  deps: Deps,
  scope: Scope,
  walk: Walk,
  { at, channel }: { at: StepOfWalk; channel: 'email' | 'sms' },
): Promise<Decided> {
  const now = deps.now();
  const guard = guardOf(walk, channel);
  if (guard.refused) {
    const { reason, because } = guard.refused;
    const choice = { rule: reason, because, inputs: { checks: guard.checks } };
    await skipTouch(scope, walk, at, { choice, channel, reason });
    return { answer: { is: 'skipped', because } };
  }
  const sender = await senderOf(scope, walk, channel);
  if (!sender) {
    const because = `There is no ${channel === 'email' ? 'mailbox' : 'number'} to send from.`;
    const choice = { rule: 'sender', because, inputs: { checks: guard.checks } };
    await blockTouch(scope, walk, at, { choice, channel, reason: 'no-sender' });
    return { answer: { is: 'blocked', because } };
  }
  const due = Date.parse(at.since) > Date.parse(now) ? at.since : now;
  const slot = await reserveSlot(scope, sender, due);
  const calendar = calendarOf(walk, slot);
  const checks = [...guard.checks, ...calendar.checks];
  const inputs = { checks, since: at.since, asked: slot, sender: sender.id };
  if (!calendar.next) {
    const because = 'The schedule leaves no moment within a year.';
    await blockTouch(scope, walk, at, {
      choice: { rule: 'window', because, inputs },
      channel,
      reason: 'no-window',
    });
    return { answer: { is: 'blocked', because } };
  }
  if (!calendar.isOpen || Date.parse(slot) > Date.parse(now)) {
    const until = calendar.next;
    const shut = checks.find(({ ok }) => !ok);
    const because = shut ? `${shut.name} closed: ${shut.detail}` : 'Waits for its moment';
    const choice = { rule: 'window', because, inputs: { ...inputs, until } };
    await holdTouch(scope, walk, at, { choice, until, channel, dueAt: at.since, reason: 'window' });
    return { answer: { is: 'held', until, because } };
  }
  const key = walk.touch?.key ?? `${at.enrolmentId}:${at.stepId}:${at.visit}:1`;
  const written = writeLetter(deps, walk, at, { sender, key });
  if ('reason' in written) {
    const { reason, because } = written;
    const choice = { rule: reason, because, inputs };
    await blockTouch(scope, walk, at, { choice, channel, reason });
    return { answer: { is: 'blocked', because } };
  }
  const choice = { rule: 'send', because: `Sent as step ${at.stepId} says`, inputs };
  const { letter } = written;
  const claimed = await claimTouch(scope, walk, at, { letter, choice, dueAt: at.since });
  return { claimed, due: walk.touch?.untilAt ?? at.since };
}

function senderOf(scope: Scope, walk: Walk, channel: 'email' | 'sms') {
  const { from } = walk.definition;
  const { ownerId } = walk.person.lead;
  return senderFor(scope, { channel, from, ownerId, walkId: walk.enrolment.id });
}
