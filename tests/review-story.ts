import { createReview } from '#db/reviews.ts';
import type { Scope } from '#db/scope.ts';
import { ReviewInput } from '#domain/review.ts';
import { anAnalysis } from './analysis-story.ts';

/** What the addresses of webhooks are sealed with. */
export const reviewKey = Buffer.alloc(32, 7);

/** Dana owns the workspace, Ines sells. */
export async function members({ db, workspaceId }: Scope): Promise<void> {
  await db
    .insertInto('members')
    .values([
      {
        workspaceId,
        userId: 'dana',
        name: 'Dana Whitlock',
        email: 'dana@northgate.example',
        role: 'owner',
      },
      {
        workspaceId,
        userId: 'ines',
        name: 'Ines Ferro',
        email: 'ines@northgate.example',
        role: 'rep',
      },
    ])
    .execute();
}

interface Given {
  delivery: object;
  templateId?: string;
  /** The health of the analysis before. */
  before?: number;
}

/** A review whose analysis of Monday, 16 March is done. */
export async function aRun(scope: Scope, { delivery, templateId, before }: Given) {
  const { db, workspaceId } = scope;
  const input = ReviewInput.parse({
    ...{ name: 'Monday review', cron: '0 6 * * 1', timeZone: 'America/Chicago', delivery },
    ...{ source: { kind: 'pipeline' }, templateId },
  });
  const reviewId = await createReview(scope, input, reviewKey);
  const series = `review:${reviewId}`;
  const previousId =
    before === undefined ? undefined : await anAnalysis(scope, { series, health: before });
  const analysisId = await anAnalysis(scope, {
    ...{ series, reviewId, health: 71, ...(previousId && { previousId }) },
    deals: [
      { name: 'Bauer <b>Cold Storage', health: 40, fires: ['close_date_past', 'no_next_step'] },
      {
        ...{ name: 'Roadrunner', owner: 'Ines Ferro', ownerId: 'ines', health: 60 },
        fires: ['close_date_past'],
      },
      { name: 'Clean', owner: 'Dana Whitlock', ownerId: 'dana', health: 100 },
    ],
  });
  const slot = '2026-03-16T11:00:00.000Z';
  const { id: runId } = await db
    .insertInto('reviewRuns')
    .values({ workspaceId, reviewId, slot, analysisId, runId: 'w', startedAt: slot })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { workspaceId, reviewId, runId, analysisId };
}
