import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { changeReview, createReview, enableReview, removeReview } from '#db/reviews.ts';
import { ReviewInput } from '#domain/review.ts';
import { strikesAfter } from '#domain/review-clock.ts';
import { test as base } from '#tests/db.ts';
import { client } from '#tests/temporal.ts';
import { keepReview, keepReviews } from './reviews.ts';

const key = Buffer.alloc(32);

/** Schedules under a name of this test's own, which go with it. */
const test = base.extend('keeping', async ({ db }, { onCleanup }) => {
  const keeping = { db, temporal: client, taskQueue: 'nobody', prefix: `test-${randomUUID()}` };
  onCleanup(async () => {
    await db.deleteFrom('reviews').execute();
    await keepReviews(keeping);
  });
  return keeping;
});

function aReview(given: object = {}) {
  return ReviewInput.parse({
    ...{ name: 'Weekly', cron: '0 6 * * 1', timeZone: 'America/Chicago' },
    ...{ source: { kind: 'pipeline' }, delivery: {} },
    ...given,
  });
}

test('Temporal strikes exactly when we say, both days on which clocks change, in Chicago and in Berlin', async ({
  inside,
  who,
  keeping,
}) => {
  const crons = ['0 6 * * *', '30 1 * * *', '30 2 * * *', '*/30 * * * *', '0 */2 * * *'];
  const more = ['0 3 * * *', '15 1,2,3 * * 0', '0 17 L * *', '0 3 1 * SUN'];
  for (const timeZone of ['America/Chicago', 'Europe/Berlin'])
    for (const cron of [...crons, ...more]) {
      const review = aReview({ cron, timeZone });
      const reviewId = await inside((scope) => createReview(scope, review, key));
      const one = { workspaceId: who.workspaceId, reviewId };
      await keepReview(keeping, one);
      let struck = 0;
      for (const [from, to] of [
        ['2027-03-12T00:00:00.000Z', '2027-03-17T00:00:00.000Z'],
        ['2027-03-26T00:00:00.000Z', '2027-04-02T00:00:00.000Z'],
        ['2027-10-29T12:00:00.000Z', '2027-11-09T00:00:00.000Z'],
      ] as const) {
        const ours = strikesAfter(review, from, { most: 2000, until: to });
        const id = `${keeping.prefix}:${one.workspaceId}:${reviewId}`;
        expect(await strikesOf(id, from, to), `${cron} in ${timeZone}`).toEqual(ours);
        struck += ours.length;
      }
      expect(struck, cron).toBeGreaterThan(0);
    }
}, 60_000);

test('reviews that are kept twice and by two workers at once are the same schedules, untouched', async ({
  inside,
  who,
  keeping,
}) => {
  const ids = [];
  for (const name of ['One', 'Two', 'Three'])
    ids.push(await inside((scope) => createReview(scope, aReview({ name }), key)));
  await Promise.all([keepReviews(keeping), keepReviews(keeping)]);
  await keepReviews(keeping);
  await expect.poll(() => listed(keeping.prefix)).toHaveLength(3);
  for (const id of ids) {
    const { info } = await handleOf(keeping, who.workspaceId, id).describe();
    // An update would make Temporal forget what was missed before it.
    expect(info.lastUpdatedAt).toBeUndefined();
  }
});

test('a change, a pause and a removal are those of the schedule; what is no plan does not touch it', async ({
  inside,
  who,
  keeping,
}) => {
  const reviewId = await inside((scope) => createReview(scope, aReview(), key));
  const one = { workspaceId: who.workspaceId, reviewId };
  const handle = handleOf(keeping, who.workspaceId, reviewId);
  await keepReview(keeping, one);
  const renamed = aReview({ name: 'Renamed', delivery: { emails: ['ann@example.com'] } });
  await inside((scope) => changeReview(scope, reviewId, renamed, key));
  await keepReview(keeping, one);
  expect((await handle.describe()).info.lastUpdatedAt).toBeUndefined();
  await inside((scope) => enableReview(scope, reviewId, false));
  await keepReview(keeping, one);
  expect((await handle.describe()).state.paused).toBe(true);
  const moved = aReview({ cron: '17 4 * * *', overlap: 'BUFFER_ONE', catchUp: 90 });
  await inside((scope) => changeReview(scope, reviewId, moved, key));
  await keepReview(keeping, one);
  const { spec, state, policies } = await handle.describe();
  expect(spec.calendars).toMatchObject([{ hour: [{ start: 4 }], minute: [{ start: 17 }] }]);
  expect(state.paused).toBe(true);
  expect(policies).toMatchObject({ overlap: 'BUFFER_ONE', catchupWindow: 90 * 60 * 1000 });
  await inside((scope) => enableReview(scope, reviewId, true));
  await keepReview(keeping, one);
  expect((await handle.describe()).state.paused).toBe(false);
  await inside((scope) => removeReview(scope, reviewId));
  await keepReview(keeping, one);
  await keepReview(keeping, one);
  await expect(handle.describe()).rejects.toThrow();
});

test('a schedule whose review is gone is removed when a worker starts', async ({
  inside,
  who,
  db,
  keeping,
}) => {
  const reviewId = await inside((scope) => createReview(scope, aReview(), key));
  await keepReview(keeping, { workspaceId: who.workspaceId, reviewId });
  await expect.poll(() => listed(keeping.prefix)).toHaveLength(1);
  await db.deleteFrom('reviews').where('id', '=', reviewId).execute();
  await keepReviews(keeping);
  await expect.poll(() => listed(keeping.prefix)).toHaveLength(0);
});

test('slots that an update made Temporal forget are run all the same, and none of a plan before', async ({
  inside,
  who,
  db,
  keeping,
}) => {
  const cron = '*/15 * * * *';
  const reviewId = await inside((scope) => createReview(scope, aReview({ cron }), key));
  const one = { workspaceId: who.workspaceId, reviewId };
  await keepReview(keeping, one);
  const since = new Date(Date.now() - 50 * 60 * 1000).toISOString();
  await db
    .updateTable('reviews')
    .set({ scheduledSince: since, overlap: 'ALLOW_ALL' })
    .where('id', '=', reviewId)
    .execute();
  await keepReview(keeping, one);
  const missed = strikesAfter({ cron, timeZone: 'UTC' }, since, {
    ...{ most: 10, until: new Date().toISOString() },
  });
  expect(missed.length).toBeGreaterThanOrEqual(3);
  const handle = handleOf(keeping, who.workspaceId, reviewId);
  await expect.poll(async () => (await handle.describe()).info.numActionsTaken).toBe(missed.length);
});

interface Keeping {
  prefix: string;
}

function handleOf({ prefix }: Keeping, workspaceId: string, reviewId: string) {
  return client.schedule.getHandle(`${prefix}:${workspaceId}:${reviewId}`);
}

/** The minutes at which Temporal says that it will strike. */
async function strikesOf(scheduleId: string, from: string, to: string): Promise<string[]> {
  const { startTime = [] } = await client.workflowService.listScheduleMatchingTimes({
    ...{ namespace: 'default', scheduleId },
    startTime: { seconds: Date.parse(from) / 1000 } as never,
    endTime: { seconds: Date.parse(to) / 1000 } as never,
  });
  const minutes = startTime!.map(({ seconds }) => Math.floor(Number(seconds) / 60) * 60_000);
  return minutes.filter((at) => at > Date.parse(from)).map((at) => new Date(at).toISOString());
}

async function listed(prefix: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { scheduleId } of client.schedule.list())
    if (scheduleId.startsWith(`${prefix}:`)) ids.push(scheduleId);
  return ids;
}
