import { type Kysely, sql } from 'kysely';
import { strikesAfter } from '#domain/review-clock.ts';
import type { ReviewRow } from './reviews.ts';
import type { DB } from './schema.ts';

/** What Temporal's schedule of a review is made from. */
export type ReviewPlan = Pick<
  ReviewRow,
  'cron' | 'timeZone' | 'overlap' | 'catchUp' | 'enabled' | 'scheduledSince'
>;

/** Every review there is. Acts as the owner, for all workspaces. */
export function everyReview(db: Kysely<DB>): Promise<{ workspaceId: string; reviewId: string }[]> {
  return db
    .selectFrom('reviews')
    .select(['workspaceId', 'id as reviewId'])
    .orderBy('workspaceId')
    .orderBy('id')
    .execute();
}

/**
 * Does something with the plan of a review while nobody else does the same: two workers, or two changes at once, take
 * turns, and the later one sees the latest row. Nothing is passed when the review is gone. Acts as the owner.
 */
export function alonePlanning(
  db: Kysely<DB>,
  { workspaceId, reviewId }: { workspaceId: string; reviewId: string },
  work: (plan: ReviewPlan | undefined, db: Kysely<DB>) => Promise<void>,
): Promise<void> {
  return db.transaction().execute(async (db) => {
    await sql`select pg_advisory_xact_lock(hashtext('review'), hashtext(${reviewId}))`.execute(db);
    const row = await db
      .selectFrom('reviews')
      .select(['cron', 'timeZone', 'overlap', 'catchUp', 'enabled', 'scheduledSince'])
      .where('workspaceId', '=', workspaceId)
      .where('id', '=', reviewId)
      .executeTakeFirst();
    await work(row as ReviewPlan | undefined, db);
  });
}

/** The slots that a review should have run in and nobody did, as far back as it catches up. Acts as the owner. */
export async function slotsWithoutRun(
  db: Kysely<DB>,
  { workspaceId, reviewId }: { workspaceId: string; reviewId: string },
  plan: ReviewPlan,
  now: string,
): Promise<string[]> {
  const oldest = new Date(Date.parse(now) - plan.catchUp * 60_000).toISOString();
  const since = plan.scheduledSince > oldest ? plan.scheduledSince : oldest;
  const slots = strikesAfter(plan, since, { most: 1000, until: now });
  if (slots.length === 0) return [];
  const ran = await db
    .selectFrom('reviewRuns')
    .select('slot')
    .where('workspaceId', '=', workspaceId)
    .where('reviewId', '=', reviewId)
    .where('slot', 'in', slots)
    .execute();
  const known = new Set(ran.map(({ slot }) => slot));
  return slots.filter((slot) => !known.has(slot));
}
