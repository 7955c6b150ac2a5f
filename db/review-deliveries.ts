import { sql } from 'kysely';
import { changed } from './changes.ts';
import type { Scope } from './scope.ts';

/** What is said to one recipient, as it was when it was claimed. */
export interface Letter {
  subject: string;
  text: string;
  html?: string;
  /** Said about the letter itself, such as that another template had to be used. */
  because?: string | null;
}

export interface ClaimedDelivery {
  id: string;
  workspaceId: string;
  reviewId: string;
  runId: string;
  slot: string;
  purpose: 'report' | 'alert';
  channel: 'email' | 'slack' | 'app';
  recipient: string;
  userId: string | null;
  whole: boolean;
  round: number;
  letter: Letter;
  /** Milliseconds since it was claimed before: it may have gone out. */
  claimedFor: number | null;
}

type Unwritten = Omit<ClaimedDelivery, 'letter' | 'claimedFor'>;

/** Takes a delivery with what it says, which is written down before anybody is written to. Nothing when it has its end. */
export async function claimDelivery(
  scope: Scope,
  id: string,
  write: (delivery: Unwritten) => Promise<Letter>,
  now: string,
): Promise<ClaimedDelivery | undefined> {
  const { db } = scope;
  const row = await db
    .selectFrom('reviewDeliveries')
    .select([
      ...(['id', 'workspaceId', 'reviewId', 'runId', 'slot', 'purpose', 'channel'] as const),
      ...(['recipient', 'userId', 'whole', 'round', 'letter', 'state', 'claimedAt'] as const),
    ])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!row || !['waiting', 'claimed'].includes(row.state)) return undefined;
  const { letter: before, state, claimedAt, ...delivery } = row;
  const unwritten = delivery as Unwritten;
  const letter = (before as unknown as Letter | null) ?? (await write(unwritten));
  await db
    .updateTable('reviewDeliveries')
    .set({
      ...{ state: 'claimed', letter: JSON.stringify(letter) },
      ...{ claimedAt: now, attempts: sql<number>`attempts + 1` },
    })
    .where('id', '=', id)
    .execute();
  const claimedFor =
    state === 'claimed' && claimedAt ? Date.parse(now) - Date.parse(claimedAt) : null;
  return { ...unwritten, letter, claimedFor };
}

/** Gives a delivery back that nobody was written to with: it can be taken again. */
export async function releaseDelivery({ db }: Scope, id: string): Promise<void> {
  await db
    .updateTable('reviewDeliveries')
    .set({ state: 'waiting', claimedAt: null })
    .where('id', '=', id)
    .where('state', '=', 'claimed')
    .execute();
}

export type DeliveryEnd =
  | { state: 'sent'; providerId: string; because: string | null }
  | { state: 'refused' | 'failed' | 'unknown'; because: string };

/** Writes down what became of a delivery; of a report that did not arrive for sure somebody must hear. */
export async function endDelivery(scope: Scope, id: string, end: DeliveryEnd): Promise<void> {
  const { db, workspaceId } = scope;
  const ended = await db
    .updateTable('reviewDeliveries')
    .set({ ...end, letter: null, endedAt: sql<string>`now()` })
    .where('id', '=', id)
    .where('state', 'in', ['waiting', 'claimed'])
    .returning(['runId', 'reviewId', 'purpose'])
    .executeTakeFirst();
  changed(scope, 'reviews');
  if (ended?.purpose !== 'report') return;
  if (end.state === 'sent') await settle(scope, ended.runId, id);
  else await noteFailure(scope, { ...ended, workspaceId, deliveryId: id, problem: end.because });
}

/** What was given up, for a person to decide on; one per run or delivery at a time. */
export async function noteFailure(
  { db }: Scope,
  failure: {
    workspaceId: string;
    reviewId: string;
    runId: string;
    deliveryId: string | null;
    problem: string;
  },
): Promise<void> {
  const { workspaceId, reviewId, runId, deliveryId, problem } = failure;
  await sql`
    insert into review_failures (workspace_id, review_id, run_id, delivery_id, problem)
    values (${workspaceId}, ${reviewId}, ${runId}, ${deliveryId}, ${problem})
    on conflict (workspace_id, run_id, delivery_id) where state in ('open', 'retrying')
    do update set state = 'open', problem = excluded.problem, at = now()`.execute(db);
}

/** What was tried again has gone well. */
export async function settle(
  { db }: Scope,
  runId: string,
  deliveryId: string | null,
): Promise<void> {
  await db
    .updateTable('reviewFailures')
    .set({ state: 'solved' })
    .where('runId', '=', runId)
    .where('deliveryId', deliveryId === null ? 'is' : '=', deliveryId)
    .where('state', 'in', ['open', 'retrying'])
    .execute();
}
