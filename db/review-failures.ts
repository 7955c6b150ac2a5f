import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { ReviewFailure } from '#domain/review.ts';
import { changed } from './changes.ts';
import { startLater } from './outbox.ts';
import type { Scope } from './scope.ts';

/** What was given up and waits for somebody, the latest first; of one review or of all. */
export async function listFailures(
  { db }: Scope,
  { reviewId, settled = false }: { reviewId?: string | undefined; settled?: boolean } = {},
): Promise<ReviewFailure[]> {
  const rows = await db
    .selectFrom('reviewFailures as f')
    .innerJoin('reviews as v', 'v.id', 'f.reviewId')
    .innerJoin('reviewRuns as r', 'r.id', 'f.runId')
    .leftJoin('reviewDeliveries as d', 'd.id', 'f.deliveryId')
    .select(['f.id', 'f.reviewId', 'v.name as reviewName', 'f.runId', 'r.slot', 'd.channel'])
    .select(['f.problem', 'f.at', 'f.state', 'f.tries', 'd.recipient as to'])
    .select(sql<boolean>`coalesce(d.state = 'unknown', false)`.as('isDoubtful'))
    .$if(reviewId !== undefined, (all) => all.where('f.reviewId', '=', reviewId!))
    .$if(!settled, (all) => all.where('f.state', 'in', ['open', 'retrying']))
    .orderBy('f.id', 'desc')
    .limit(200)
    .execute();
  return rows as ReviewFailure[];
}

/** Lets what was given up be tried again: a run from its beginning, a delivery under a key of its own. */
export async function retryFailure(scope: Scope, id: string): Promise<void> {
  const { db, workspaceId } = scope;
  const { reviewId, runId, deliveryId, tries } = await decide(scope, id, 'retrying');
  if (deliveryId)
    await db
      .updateTable('reviewDeliveries')
      // What may have gone out goes out again only because somebody said so.
      .set({ state: 'waiting', because: null, endedAt: null, round: sql<number>`round + 1` })
      .where('id', '=', deliveryId)
      .execute();
  else
    await db
      .updateTable('reviewRuns')
      .set({ status: 'waiting', problem: null, finishedAt: null, runId: null })
      .where('id', '=', runId)
      .execute();
  await startLater(scope, {
    workflow: deliveryId ? 'redeliverReview' : 'review',
    workflowId: `review:${workspaceId}:${reviewId}:again:${id}:${tries}`,
    input: [{ workspaceId, reviewId, runId, ...(deliveryId && { deliveryId }) }],
  });
}

/** Lets it be: nobody is asked again. */
export async function dismissFailure(scope: Scope, id: string): Promise<void> {
  await decide(scope, id, 'dismissed');
}

async function decide(scope: Scope, id: string, state: 'retrying' | 'dismissed') {
  const { db, actor } = scope;
  const found = await db
    .selectFrom('reviewFailures')
    .select(['reviewId', 'runId', 'deliveryId', 'tries', 'state'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!found) throw new Refusal('not-found', 'There is no such failure.');
  if (found.state !== 'open') throw new Refusal('conflict', 'Somebody has decided on it already.');
  const tries = found.tries + (state === 'retrying' ? 1 : 0);
  await db
    .updateTable('reviewFailures')
    .set({ state, tries, decidedBy: actor, decidedAt: sql<string>`now()` })
    .where('id', '=', id)
    .execute();
  changed(scope, 'reviews');
  return { ...found, tries };
}
