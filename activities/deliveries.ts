import { activityInfo } from '@temporalio/activity';
import type { Kysely } from 'kysely';
import { settleDeliveries } from '#db/deliveries.ts';
import type { DB } from '#db/schema.ts';
import { inWorkspace } from '#db/scope.ts';
import { Refusal } from '#domain/refusal.ts';
import { type Hear, handleTogether } from './happenings.ts';

export interface DeliveryDeps {
  db: Kysely<DB>;
  hear: Hear;
  /** The how-manieth time this is tried. */
  attempt?: () => number;
}

/** After so many tries it is the delivery that is wrong, not the moment. */
const LAST_ATTEMPT = 5;

export function deliveryActivities({
  db,
  hear,
  attempt = () => activityInfo().attempt,
}: DeliveryDeps) {
  return {
    /** Handles what was delivered, together; when that fails, each alone, so that a bad one stops nobody. */
    async handleDeliveries({
      workspaceId,
      ids,
    }: {
      workspaceId: string;
      ids: string[];
    }): Promise<void> {
      const who = { workspaceId, actor: 'webhook' };
      const problem = await outcome(
        inWorkspace(db, who, (scope) => handleTogether(scope, ids, hear)),
      );
      if (problem === undefined) return;
      if (isAway(problem)) throw problem;
      const failed: unknown[] = [];
      for (const id of ids) {
        const error = await outcome(
          inWorkspace(db, who, (scope) => handleTogether(scope, [id], hear)),
        );
        if (error === undefined) continue;
        const isLast = error instanceof Refusal || attempt() >= LAST_ATTEMPT;
        if (isAway(error) || !isLast) failed.push(error);
        else await inWorkspace(db, who, (scope) => settleDeliveries(scope, [buried(id, error)]));
      }
      if (failed.length > 0) throw failed[0];
    },
  };
}

function buried(id: string, error: unknown) {
  const reason =
    error instanceof Refusal ? error.message : 'It could not be handled, and we do not know why.';
  return { id, state: 'dead' as const, reason };
}

/** What went wrong, if anything did. */
function outcome(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error ?? new Error('unknown'),
  );
}

/** Postgres is not there, or not for us: no delivery can help it. */
function isAway(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return /^(08|53|57P|E[A-Z]+$)/.test(code) || /timeout|terminated/i.test(message);
}
