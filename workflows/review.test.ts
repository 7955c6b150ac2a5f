import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { analysisActivities } from '#activities/analyses.ts';
import type { Deps } from '#activities/deps.ts';
import { reviewActivities } from '#activities/reviews.ts';
import { listFailures } from '#db/review-failures.ts';
import { askForRun, listRuns } from '#db/review-runs.ts';
import { createReview, enableReview } from '#db/reviews.ts';
import { ReviewInput } from '#domain/review.ts';
import { createOutbound } from '#integrations/http.ts';
import { test as base } from '#tests/db.ts';
import { members, reviewKey } from '#tests/review-story.ts';
import { aDeal } from '#tests/deals.ts';
import { client, working } from '#tests/temporal.ts';
import { keepReview, keepReviews } from '#worker/reviews.ts';

const outbound = createOutbound();

/** A weekly review of the workspace's own deals, with its schedule and a worker to run it. */
const test = base.extend('weekly', async ({ db, who, inside, serve }, { onCleanup }) => {
  const keeping = { db, temporal: client, taskQueue: randomUUID(), prefix: `t-${randomUUID()}` };
  onCleanup(async () => {
    await db.deleteFrom('reviews').execute();
    await keepReviews(keeping);
  });
  await inside(members);
  await aDeal(serve, { name: 'Bauer Cold Storage', amountCents: 4_800_000 });
  const input = ReviewInput.parse({
    ...{ name: 'Monday review', cron: '0 6 * * 1', timeZone: 'America/Chicago' },
    ...{ source: { kind: 'pipeline' }, delivery: { emails: ['ann@example.com'] } },
  });
  const reviewId = await inside((scope) => createReview(scope, input, reviewKey));
  const one = { workspaceId: who.workspaceId, reviewId };
  // As if it had been planned long ago, so that a Monday of the past is one of its slots.
  const scheduledSince = '2026-01-01T00:00:00Z';
  await db.updateTable('reviews').set({ scheduledSince }).where('id', '=', reviewId).execute();
  await keepReview(keeping, one);
  const handle = client.schedule.getHandle(`${keeping.prefix}:${one.workspaceId}:${reviewId}`);
  const deps: Deps = {
    ...{ db, outbound, encryptionKey: reviewKey, publicBaseUrl: 'https://crm.example' },
    ...{ sandbox: true, blobs: undefined as never, now: () => new Date().toISOString() },
  };
  const judged = { ...analysisActivities(deps), assess: () => Promise.resolve(undefined as never) };
  const activities = { ...reviewActivities(deps), ...judged };
  return { ...{ one, handle, activities, keeping, reviewId }, queue: keeping.taskQueue };
});

const slot = new Date('2026-03-16T11:00:00Z');
const at = { start: slot, end: slot, overlap: 'ALLOW_ALL' as const };

test('a slot that comes twice is looked at and told once, and one that comes late says so', async ({
  db,
  who,
  inside,
  weekly,
}) => {
  await working(
    weekly.activities,
    async () => {
      for (const times of [1, 2]) {
        await weekly.handle.backfill(at);
        await expect.poll(() => completed(weekly.keeping.prefix), { timeout: 20_000 }).toBe(times);
      }
    },
    weekly.queue,
  );
  const { runs, counts } = await inside((scope) => listRuns(scope, weekly.reviewId, { limit: 5 }));
  const [run] = runs.filter(({ status }) => status !== 'missed');
  expect(run).toMatchObject({
    ...{ slot: slot.toISOString(), local: 'Mon 16 Mar 06:00 CDT', status: 'done' },
    ...{ caughtUp: true, counts: { deals: 1 }, change: null },
    deliveries: [{ to: 'ann@example.com', state: 'sent' }],
  });
  expect(run!.missedBecause).toContain('Meant for Mon 16 Mar 06:00 CDT, caught up');
  expect(run!.health).toBeTypeOf('number');
  expect(counts).toMatchObject({ caughtUp: 1, failed: 0 });
  const mails = await db
    .selectFrom('sandboxMessages')
    .select(['recipient', 'body', 'times'])
    .where('workspaceId', '=', who.workspaceId)
    .execute();
  expect(mails).toMatchObject([{ recipient: 'ann@example.com', times: 1 }]);
  expect(mails[0]!.body).toContain('Bauer Cold Storage');
  expect(mails[0]!.body).toContain('caught up');
  // The result is an analysis like that of an upload.
  const analysis = await db
    .selectFrom('analyses')
    .select(['status', 'source', 'reviewId', 'series'])
    .where('id', '=', run!.analysisId!)
    .executeTakeFirst();
  expect(analysis).toEqual({
    ...{ status: 'done', source: 'pipeline', reviewId: weekly.reviewId },
    series: `review:${weekly.reviewId}`,
  });
}, 60_000);

test('a paused review does not run, even when its slot was under way', async ({
  inside,
  weekly,
}) => {
  await inside((scope) => enableReview(scope, weekly.reviewId, false));
  await working(
    weekly.activities,
    async () => {
      await weekly.handle.backfill(at);
      await expect.poll(() => completed(weekly.keeping.prefix), { timeout: 20_000 }).toBe(1);
    },
    weekly.queue,
  );
  const { runs } = await inside((scope) => listRuns(scope, weekly.reviewId, { limit: 5 }));
  expect(runs).toEqual([]);
}, 60_000);

test('a run that was asked for and cannot be finished is given up, its owners are told, and it can be tried again', async ({
  inside,
  weekly,
}) => {
  const runId = await inside((scope) =>
    askForRun(scope, weekly.reviewId, new Date().toISOString()),
  );
  const { Refusal } = await import('#domain/refusal.ts');
  const failing = {
    ...weekly.activities,
    analysisTurn: () => Promise.reject(new Refusal('unavailable', 'There is no room.')),
  };
  await working(
    failing,
    async (taskQueue) => {
      await client.workflow.execute('review', {
        ...{ taskQueue, workflowId: randomUUID(), args: [{ ...weekly.one, runId }] },
      });
    },
    weekly.queue,
  );
  const { runs } = await inside((scope) => listRuns(scope, weekly.reviewId, { limit: 1 }));
  expect(runs[0]).toMatchObject({ id: runId, status: 'failed', askedBy: 'rep' });
  expect(runs[0]!.problem).toBe('There is no room.');
  expect(runs[0]!.deliveries).toMatchObject([
    { purpose: 'alert', to: 'Dana Whitlock', state: 'sent' },
    { purpose: 'alert', to: 'Dana Whitlock', state: 'sent' },
  ]);
  expect(await inside((scope) => listFailures(scope))).toMatchObject([
    { runId, to: null, problem: 'There is no room.', state: 'open' },
  ]);
}, 60_000);

async function completed(prefix: string): Promise<number> {
  const query = `WorkflowId STARTS_WITH '${prefix}:' AND ExecutionStatus = 'Completed'`;
  return (await client.workflow.count(query)).count;
}
