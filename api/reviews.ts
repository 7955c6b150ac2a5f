import { z } from 'zod';
import { dismissFailure, listFailures, retryFailure } from '#db/review-failures.ts';
import { askForRun, listRuns } from '#db/review-runs.ts';
import {
  changeReview,
  createReview,
  enableReview,
  listReviews,
  removeReview,
} from '#db/reviews.ts';
import type { Scope } from '#db/scope.ts';
import { pageOf } from '#domain/page.ts';
import { Refusal } from '#domain/refusal.ts';
import {
  CronText,
  Review,
  ReviewFailure,
  ReviewInput,
  ReviewRun,
  RunCounts,
  StrikeShown,
} from '#domain/review.ts';
import { changingClocks, strikeAt, strikesAfter } from '#domain/review-clock.ts';
import { wordsOf } from '#domain/review-cron.ts';
import { TimeZone } from '#domain/workspace.ts';
import type { Deps } from './deps.ts';
import { shownReview, weekOf } from './review-shown.ts';
import { route } from './route.ts';

const OneReview = z.object({ id: z.uuid() });
const Gone = z.object({ deleted: z.literal(true) });

export const reviewRoutes = [
  route('get', '/reviews', {
    summary: 'List the scheduled reviews with what they came to and when they run next',
    needs: 'reviews:read',
    reply: pageOf(Review),
    run: async (_given, scope, { now }) => ({
      items: (await listReviews(scope)).map((row) => shownReview(row, now())),
      next: null,
    }),
  }),

  route('post', '/reviews', {
    summary: 'Schedule a review',
    needs: 'reviews:write',
    body: ReviewInput,
    reply: Review,
    status: () => 201,
    run: async ({ body }, scope, deps) => {
      refuseUnreachable(body, deps);
      return show(scope, await createReview(scope, body, deps.encryptionKey), deps);
    },
  }),

  route('post', '/reviews/next', {
    summary: 'Say in words when a cron strikes, its next times and what changing clocks do to it',
    needs: 'reviews:write',
    body: z.object({ cron: CronText, timeZone: TimeZone }),
    reply: z.object({ words: z.string(), next: z.array(StrikeShown), dst: z.string() }),
    run: ({ body }, _scope, { now }) => {
      const strikes = strikesAfter(body, now(), { most: 5 });
      const next = strikes.map((at) => strikeAt(at, body.timeZone));
      return Promise.resolve({ words: wordsOf(body.cron), next, dst: changingClocks(body, now()) });
    },
  }),

  route('get', '/reviews/week', {
    summary: 'List what runs in the next 7 days, day by day',
    needs: 'reviews:read',
    query: z.object({ timeZone: TimeZone.optional() }),
    reply: z.object({
      timeZone: z.string(),
      days: z.array(
        z.object({
          day: z.iso.date(),
          slots: z.array(z.object({ reviewId: z.uuid(), name: z.string(), at: z.iso.datetime() })),
        }),
      ),
      /** Those that run too often to be listed. */
      leftOut: z.array(z.object({ reviewId: z.uuid(), name: z.string(), words: z.string() })),
    }),
    run: ({ query }, scope, { now }) => weekOf(scope, now(), query.timeZone),
  }),

  route('get', '/reviews/failures', {
    summary: 'List what was given up: runs and deliveries that failed for good',
    needs: 'reviews:read',
    query: z.object({ reviewId: z.uuid().optional(), settled: z.stringbool().default(false) }),
    reply: pageOf(ReviewFailure),
    run: async ({ query }, scope) => ({ items: await listFailures(scope, query), next: null }),
  }),

  ...(['retry', 'dismiss'] as const).map((verb) =>
    route('post', `/reviews/failures/:id/${verb}`, {
      summary:
        verb === 'retry'
          ? 'Try again what was given up, even where it may have arrived'
          : 'Let be what was given up',
      needs: 'reviews:write',
      params: OneReview,
      reply: pageOf(ReviewFailure),
      status: () => (verb === 'retry' ? 202 : 200),
      run: async ({ params }, scope) => {
        await (verb === 'retry' ? retryFailure : dismissFailure)(scope, params.id);
        return { items: await listFailures(scope), next: null };
      },
    }),
  ),

  route('get', '/reviews/:id', {
    summary: 'Show a scheduled review',
    needs: 'reviews:read',
    params: OneReview,
    reply: Review,
    run: ({ params }, scope, deps) => show(scope, params.id, deps),
  }),

  route('put', '/reviews/:id', {
    summary: 'Write a scheduled review anew; its next run follows it at once',
    needs: 'reviews:write',
    params: OneReview,
    body: ReviewInput,
    reply: Review,
    run: async ({ params, body }, scope, deps) => {
      refuseUnreachable(body, deps);
      await changeReview(scope, params.id, body, deps.encryptionKey);
      return show(scope, params.id, deps);
    },
  }),

  route('delete', '/reviews/:id', {
    summary: 'Remove a scheduled review with its history; its results stay',
    needs: 'reviews:write',
    params: OneReview,
    reply: Gone,
    run: async ({ params }, scope, { blobs }) => {
      const blob = await removeReview(scope, params.id);
      if (blob) await blobs.remove(blob);
      return { deleted: true as const };
    },
  }),

  route('post', '/reviews/:id/run', {
    summary: 'Run a review now, besides its slots',
    needs: 'reviews:write',
    params: OneReview,
    reply: z.object({ runId: z.uuid() }),
    status: () => 202,
    run: async ({ params }, scope, { now }) => ({
      runId: await askForRun(scope, params.id, now()),
    }),
  }),

  ...(['pause', 'resume'] as const).map((verb) =>
    route('post', `/reviews/:id/${verb}`, {
      summary: verb === 'pause' ? 'Keep a review from running' : 'Let a review run again',
      needs: 'reviews:write',
      params: OneReview,
      reply: Review,
      run: async ({ params }, scope, deps) => {
        await enableReview(scope, params.id, verb === 'resume');
        return show(scope, params.id, deps);
      },
    }),
  ),

  route('get', '/reviews/:id/runs', {
    summary: 'List what a review did, and what became of each recipient',
    needs: 'reviews:read',
    params: OneReview,
    query: z.object({
      limit: z.coerce.number().int().min(1).max(200).default(30),
      after: z.iso.datetime().optional(),
    }),
    reply: z.object({
      runs: z.array(ReviewRun),
      counts: RunCounts,
      next: z.string().nullable(),
    }),
    run: ({ params, query }, scope) => listRuns(scope, params.id, query),
  }),
];

async function show(scope: Scope, id: string, { now }: Pick<Deps, 'now'>): Promise<Review> {
  const [row] = await listReviews(scope, id);
  if (!row) throw new Refusal('not-found', 'There is no such review.');
  return shownReview(row, now());
}

/** An address that we would not call is said at once, not when the first report is due. */
function refuseUnreachable({ delivery }: ReviewInput, { outbound }: Pick<Deps, 'outbound'>): void {
  const fault = delivery.slackUrl ? outbound.faultIn(delivery.slackUrl) : undefined;
  if (!fault) return;
  const faults = [{ field: 'delivery.slackUrl', message: fault }];
  throw new Refusal('invalid', 'Slack cannot be reached there.', faults);
}
