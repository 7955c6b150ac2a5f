import { type Kysely, sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import { strikesAfter } from '#domain/review-clock.ts';
import { beginAnalysis } from './analyses.ts';
import { startWaiting } from './analysis-changes.ts';
import { changed } from './changes.ts';
import { findReview, type ReviewRow } from './reviews.ts';
import type { DB } from './schema.ts';
import type { Scope } from './scope.ts';

/** One execution as its workflow knows it. */
export interface ReviewTurn {
  workspaceId: string;
  reviewId: string;
  /** The moment it was meant for. */
  slot: string;
  /** Of the workflow: a try of the same one goes on, another finds the slot taken. */
  workflowRun: string;
  /** Of a run that somebody asked for. */
  runId?: string | undefined;
  /** Why it comes late, if it does. */
  late?: string | undefined;
}

/** Later than this after its slot a run was caught up, in milliseconds. */
export const LATE = 2 * 60 * 1000;

/** Takes a slot, once, and begins to look. Nothing when it is taken, paused, or of a plan before. */
export async function beginReview(
  scope: Scope,
  turn: ReviewTurn,
  now: string,
): Promise<{ runId: string; analysisId: string | null } | undefined> {
  const review = await findReview(scope, turn.reviewId, true);
  if (!review) return undefined;
  const run = turn.runId ? await takeAsked(scope, turn, now) : await takeSlot(scope, turn, review);
  if (!run) return undefined;
  if (run.analysisId) return { runId: run.id, analysisId: run.analysisId };
  const analysisId = await look(scope, review, { ...turn, runId: run.id });
  changed(scope, 'reviews');
  return { runId: run.id, analysisId };
}

/** When the service was last seen at work before a slot. Acts as the owner: the clocks belong to no workspace. */
export async function lastSeenBefore(db: Kysely<DB>, slot: string): Promise<string | null> {
  const { at } = await db
    .selectFrom('scheduleRuns')
    .select(({ fn }) => fn.max('startedAt').as('at'))
    .where('startedAt', '<=', slot)
    .executeTakeFirstOrThrow();
  return at;
}

interface Taken {
  id: string;
  analysisId: string | null;
}

async function takeAsked(
  { db }: Scope,
  { runId, workflowRun }: ReviewTurn,
  now: string,
): Promise<Taken | undefined> {
  const { rows } = await sql<Taken>`
    update review_runs set status = 'running', run_id = ${workflowRun}, started_at = ${now},
      analysis_id = case when run_id = ${workflowRun} then analysis_id end
    where id = ${runId} and (status = 'waiting' or status = 'running' and run_id = ${workflowRun})
    returning id, analysis_id`.execute(db);
  return rows[0];
}

async function takeSlot(
  scope: Scope,
  { slot, workflowRun, late }: ReviewTurn,
  review: ReviewRow,
): Promise<Taken | undefined> {
  const { db, workspaceId } = scope;
  if (!review.enabled || slot < review.scheduledSince) return undefined;
  await noteMissed(scope, review, slot);
  const { rows } = await sql<Taken>`
    insert into review_runs as r (workspace_id, review_id, slot, run_id, started_at, caught_up, missed_because)
    values (${workspaceId}, ${review.id}, ${slot}, ${workflowRun}, now(), ${late !== undefined}, ${late ?? null})
    on conflict (workspace_id, review_id, slot) do update set status = 'running', run_id = excluded.run_id,
      started_at = excluded.started_at, caught_up = excluded.caught_up, missed_because = excluded.missed_because
    where r.status = 'missed' or r.status = 'running' and r.run_id = excluded.run_id
    returning id, analysis_id`.execute(db);
  return rows[0];
}

/** Writes down the slots since the last one that nobody ran, and why: a history without holes. */
async function noteMissed(scope: Scope, review: ReviewRow, slot: string): Promise<void> {
  const { db, workspaceId } = scope;
  const last = await db
    .selectFrom('reviewRuns')
    .select(['slot', 'startedAt', 'finishedAt'])
    .where('reviewId', '=', review.id)
    .where('askedBy', 'is', null)
    .where('slot', '<', slot)
    .orderBy('slot', 'desc')
    .limit(1)
    .executeTakeFirst();
  const since = last && last.slot > review.scheduledSince ? last.slot : review.scheduledSince;
  const until = new Date(Date.parse(slot) - 1).toISOString();
  const missed = strikesAfter(review, since, { most: 100, until });
  if (missed.length === 0) return;
  const values = missed.map((at) => {
    const isOver = !last?.finishedAt || last.finishedAt > at;
    const missedBecause =
      last?.startedAt && last.startedAt <= at && isOver
        ? 'The run before it was still going on.'
        : 'The service was away, and another slot was run in its place.';
    return { workspaceId, reviewId: review.id, slot: at, status: 'missed', missedBecause };
  });
  await db
    .insertInto('reviewRuns')
    .values(values)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Begins the analysis of what the review is about; nothing where there is nothing new to look at. */
async function look(
  scope: Scope,
  review: ReviewRow,
  { runId, slot }: ReviewTurn,
): Promise<string | null> {
  const { source, ruleIds, id: reviewId, name } = review;
  if (source.kind === 'file') {
    const analysisId = await startWaiting(scope, reviewId, { slot, ruleIds });
    if (analysisId) {
      await scope.db
        .updateTable('reviews')
        .set({ file: null })
        .where('id', '=', reviewId)
        .execute();
      await scope.db
        .updateTable('reviewRuns')
        .set({ analysisId })
        .where('id', '=', runId!)
        .execute();
      return analysisId;
    }
    const missedBecause = 'No file was dropped since the last run.';
    await scope.db
      .updateTable('reviewRuns')
      .set({ status: 'missed', missedBecause, finishedAt: sql<string>`now()` })
      .where('id', '=', runId!)
      .execute();
    return null;
  }
  const { kind, ...subject } = source;
  const analysisId = await beginAnalysis(scope, {
    ...{ name, source: kind, subject: withoutGaps(subject), ruleIds, reviewId, slot },
    ...{ series: `review:${reviewId}`, isChild: true },
  });
  await scope.db.updateTable('reviewRuns').set({ analysisId }).where('id', '=', runId!).execute();
  return analysisId;
}

function withoutGaps(subject: { pipelineId?: string | undefined; viewId?: string | undefined }) {
  const { pipelineId, viewId } = subject;
  return { ...(pipelineId && { pipelineId }), ...(viewId && { viewId }) };
}

/** The run that a workflow is at, which must still be there. */
export async function getRun({ db }: Scope, runId: string) {
  const run = await db
    .selectFrom('reviewRuns')
    .select(['id', 'reviewId', 'slot', 'analysisId', 'missedBecause', 'startedAt', 'status'])
    .select(['health', 'change'])
    .where('id', '=', runId)
    .executeTakeFirst();
  if (!run) throw new Refusal('not-found', 'The review was removed.');
  return run;
}

export async function endReview(
  scope: Scope,
  runId: string,
  end: { status: 'done' } | { status: 'failed'; problem: string },
): Promise<void> {
  await scope.db
    .updateTable('reviewRuns')
    .set({ ...end, finishedAt: sql<string>`now()` })
    .where('id', '=', runId)
    .where('status', '=', 'running')
    .execute();
  changed(scope, 'reviews');
}
