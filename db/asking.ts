import type { Kysely } from 'kysely';
import { endCall, type NewCall, reserveCall } from './model-calls.ts';
import type { DB } from './schema.ts';
import { inWorkspace } from './scope.ts';

interface Said {
  is: 'answered';
  tokensIn: number;
  tokensOut: number;
}

interface Failed {
  is: 'failed';
  because: string;
  /** Nobody can tell whether it must be paid. */
  isPaid: boolean;
}

/** A question as the budget sees it. */
export interface Costly<Answer> {
  call: Omit<NewCall, 'now'>;
  now(): string;
  ask(): Promise<Answer>;
  /** In millionths of a dollar. */
  cost(tokensIn: number, tokensOut: number): number;
}

export interface Stopped {
  is: 'stopped';
  because: string;
}

/**
 * Asks once, outside of any transaction: what it may cost is set aside before, what it did cost is kept after. Where
 * the budget has no room nobody is asked.
 */
export async function askWithin<Answer extends Said | Failed>(
  db: Kysely<DB>,
  who: { workspaceId: string; actor: string },
  { call, now, ask, cost }: Costly<Answer>,
): Promise<(Answer & { costMicros: number }) | Stopped> {
  const id = await inWorkspace(db, who, (scope) => reserveCall(scope, { ...call, now: now() }));
  if (!id) return { is: 'stopped', because: 'The budget of the month is spent.' };
  const answer = await ask();
  const ended = endOf(answer, cost);
  await inWorkspace(db, who, (scope) => endCall(scope, id, { ...ended, now: now() }));
  return { ...answer, costMicros: ended.costMicros ?? call.mostMicros };
}

function endOf(answer: Said | Failed, cost: Costly<unknown>['cost']) {
  if (answer.is === 'failed') {
    const { because, isPaid } = answer;
    return { tokensIn: 0, tokensOut: 0, costMicros: isPaid ? null : 0, because };
  }
  const { tokensIn, tokensOut } = answer;
  return { tokensIn, tokensOut, costMicros: cost(tokensIn, tokensOut), because: null };
}
