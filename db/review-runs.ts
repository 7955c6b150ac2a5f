import { sql } from 'kysely';
import type { z } from 'zod';
import type { ReviewRun, RunCounts } from '#domain/review.ts';
import { Refusal } from '#domain/refusal.ts';
import { strikeAt } from '#domain/review-clock.ts';
import { changed } from './changes.ts';
import { startLater } from './outbox.ts';
import { getReview } from './reviews.ts';
import type { Scope } from './scope.ts';

/** What a review did, the latest first, with what became of each recipient. */
export async function listRuns(
  scope: Scope,
  reviewId: string,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<{ runs: ReviewRun[]; counts: z.infer<typeof RunCounts>; next: string | null }> {
  const { timeZone } = await getReview(scope, reviewId);
  const { db } = scope;
  const rows = await db
    .selectFrom('reviewRuns as r')
    .select([
      ...([
        'id',
        'slot',
        'askedBy',
        'startedAt',
        'finishedAt',
        'status',
        'health',
        'change',
      ] as const),
      ...(['counts', 'analysisId', 'caughtUp', 'missedBecause', 'problem'] as const),
    ])
    .select(
      sql<ReviewRun['deliveries']>`coalesce((
        select json_agg(json_build_object('id', d.id, 'to', coalesce(m.name, d.recipient), 'channel', d.channel,
          'purpose', d.purpose, 'state', d.state, 'because', d.because, 'at', d.ended_at) order by d.id)
        from review_deliveries d left join members m on m.user_id = d.user_id where d.run_id = r.id), '[]')`.as(
        'deliveries',
      ),
    )
    .where('reviewId', '=', reviewId)
    .$if(after !== undefined, (all) => all.where('slot', '<', after!))
    .orderBy('slot', 'desc')
    .limit(limit + 1)
    .execute();
  const counts = await db
    .selectFrom('reviewRuns')
    .select([
      sql<number>`count(*)::int`.as('runs'),
      sql<number>`count(*) filter (where status = 'done' and not caught_up)::int`.as('onTime'),
      sql<number>`count(*) filter (where caught_up)::int`.as('caughtUp'),
      sql<number>`count(*) filter (where status = 'failed')::int`.as('failed'),
      sql<number>`count(*) filter (where status = 'missed')::int`.as('missed'),
    ])
    .where('reviewId', '=', reviewId)
    .executeTakeFirstOrThrow();
  const runs = rows.slice(0, limit).map(({ deliveries, ...row }) => ({
    ...row,
    local: strikeAt(row.slot, timeZone).local,
    deliveries: deliveries.map((one) => ({
      ...one,
      at: one.at && new Date(one.at).toISOString(),
    })),
  })) as ReviewRun[];
  return { runs, counts, next: rows.length > limit ? runs.at(-1)!.slot : null };
}

/** Asks for a run besides the slots, and promises that it begins. */
export async function askForRun(scope: Scope, reviewId: string, now: string): Promise<string> {
  const { db, workspaceId, actor } = scope;
  const { overlap } = await getReview(scope, reviewId, true);
  const busy = await db
    .selectFrom('reviewRuns')
    .select('id')
    .where('reviewId', '=', reviewId)
    .where('status', 'in', ['waiting', 'running'])
    .where('slot', '>', sql<string>`${now}::timestamptz - interval '1 hour'`)
    .executeTakeFirst();
  if (busy && overlap !== 'ALLOW_ALL') throw new Refusal('conflict', 'It is running already.');
  const { id } = await db
    .insertInto('reviewRuns')
    .values({ workspaceId, reviewId, slot: now, askedBy: actor, status: 'waiting' })
    .returning('id')
    .executeTakeFirstOrThrow();
  await startLater(scope, {
    workflow: 'review',
    workflowId: `review:${workspaceId}:${reviewId}:asked:${id}`,
    input: [{ workspaceId, reviewId, runId: id }],
  });
  changed(scope, 'reviews');
  return id;
}
