import {
  claimDelivery,
  type ClaimedDelivery,
  type DeliveryEnd,
  endDelivery,
  noteFailure,
  releaseDelivery,
  settle,
} from '#db/review-deliveries.ts';
import { planAlerts, planReview } from '#db/review-plans.ts';
import { beginReview, endReview, LATE, lastSeenBefore, type ReviewTurn } from '#db/review-turns.ts';
import { getReview } from '#db/reviews.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import { strikeAt } from '#domain/review-clock.ts';
import type { Receipt } from '#integrations/channel.ts';
import { carryReview, keepsReview } from './review-carrying.ts';
import { letterFor } from './review-letters.ts';
import type { Deps } from './deps.ts';

export interface ReviewRef {
  workspaceId: string;
  reviewId: string;
}
export interface RunRef extends ReviewRef {
  runId: string;
}
export interface DeliveryRef {
  workspaceId: string;
  deliveryId: string;
}

/** What makes Temporal's schedule of a review that of its row; the worker lends it. */
export interface ReviewKeeping {
  keepReviewSchedule(one: ReviewRef): Promise<void>;
}

export function reviewActivities(deps: Deps) {
  function as<T>({ workspaceId }: { workspaceId: string }, work: (scope: Scope) => Promise<T>) {
    return inWorkspace(deps.db, { workspaceId, actor: 'engine' }, work);
  }

  async function send(claimed: ClaimedDelivery): Promise<DeliveryEnd | 'busy'> {
    const { claimedFor, letter } = claimed;
    // A claim that was never ended may have gone out: only who keeps our key can be asked again.
    if (claimedFor !== null && !(await as(claimed, (scope) => keepsReview(scope, claimed)))) {
      const because =
        'The worker ended while it was being sent: nobody can tell whether it arrived.';
      return { state: 'unknown', because };
    }
    const receipt = await carryReview(deps, claimed);
    if (receipt.is !== 'busy') return endOf(receipt, letter.because ?? null);
    if (!receipt.maybe) await as(claimed, (scope) => releaseDelivery(scope, claimed.id));
    return 'busy';
  }

  return {
    /** Takes a slot and begins to look; nothing when another run has it, or nobody wants it any more. */
    async beginReview(turn: Omit<ReviewTurn, 'late'>) {
      const now = deps.now();
      const isLate = !turn.runId && Date.parse(now) - Date.parse(turn.slot) > LATE;
      const late = isLate ? await whyLate(turn, now) : undefined;
      return as(turn, (scope) => beginReview(scope, { ...turn, late }, now));
    },

    /** Notes what was found, and answers whom to tell. */
    planReview: (run: RunRef) => as(run, (scope) => planReview(scope, run.runId)),

    /** Tells one recipient, at most once. Throws while the provider does not take it: then it is tried again. */
    async deliverReview(one: DeliveryRef): Promise<void> {
      const claimed = await as(one, (scope) =>
        claimDelivery(
          scope,
          one.deliveryId,
          (delivery) => letterFor(scope, delivery, deps.publicBaseUrl),
          deps.now(),
        ),
      );
      if (!claimed) return;
      const end = await send(claimed);
      if (end === 'busy') throw new Error('The provider did not take it yet.');
      await as(one, (scope) => endDelivery(scope, one.deliveryId, end));
    },

    /** Gives a delivery up after all tries. One that was claimed may have arrived. */
    giveUpDelivery: ({ problem, ...one }: DeliveryRef & { problem: string }) =>
      as(one, async (scope) => {
        const row = await scope.db
          .selectFrom('reviewDeliveries')
          .select('state')
          .where('id', '=', one.deliveryId)
          .executeTakeFirst();
        const state = row?.state === 'claimed' ? 'unknown' : 'failed';
        await endDelivery(scope, one.deliveryId, { state, because: problem });
      }),

    /** Ends a run, and answers which deliveries tell of what was given up in it. */
    endReview: (run: RunRef) =>
      as(run, async (scope) => {
        await endReview(scope, run.runId, { status: 'done' });
        await settle(scope, run.runId, null);
        return planAlerts(scope, run.runId);
      }),

    /** Gives a run up: it stands in its history and among what was given up. Answers which deliveries tell of it. */
    failReview: ({ problem, ...run }: RunRef & { problem: string }) =>
      as(run, async (scope) => {
        await endReview(scope, run.runId, { status: 'failed', problem });
        await noteFailure(scope, { ...run, deliveryId: null, problem });
        return planAlerts(scope, run.runId);
      }),

    /** Who is to hear of what was given up in this run. */
    planAlerts: (run: RunRef) => as(run, (scope) => planAlerts(scope, run.runId)),
  };

  async function whyLate({ workspaceId, reviewId, slot }: Omit<ReviewTurn, 'late'>, now: string) {
    const review = await as({ workspaceId }, (scope) => getReview(scope, reviewId));
    const seen = await lastSeenBefore(deps.db, slot);
    const [meant, came] = [slot, now].map((at) => strikeAt(at, review.timeZone).local);
    const away = seen
      ? `The service was away: last seen at work ${strikeAt(seen, review.timeZone).local}.`
      : 'The service was away.';
    return `${away} Meant for ${meant!}, caught up ${came!}, once, with the data of then.`;
  }
}

function endOf(receipt: Exclude<Receipt, { is: 'busy' }>, because: string | null): DeliveryEnd {
  if (receipt.is === 'accepted') return { state: 'sent', providerId: receipt.providerId, because };
  return { state: receipt.is, because: receipt.because };
}
