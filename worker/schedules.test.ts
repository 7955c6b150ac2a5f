import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { clockActivities } from '#activities/clocks.ts';
import type { Deps } from '#activities/deps.ts';
import type { Job } from '#activities/jobs.ts';
import { lastRuns } from '#db/schedule-runs.ts';
import { Refusal } from '#domain/refusal.ts';
import { test as base } from '#tests/db.ts';
import { client, working } from '#tests/temporal.ts';
import { type Clock, scheduleIdOf, schedules } from '#workflows/schedules.ts';
import { keepSchedules } from './schedules.ts';

/** Strikes every second, so that a test need not wait for a real one. */
const quick: Clock = {
  ...{ name: 'quick', what: 'Counts', every: 'Every second', cron: '* * * * * * *' },
  ...{ workflow: 'runClock', overlap: 'SKIP', catchup: '4 hours' },
};

/** Schedules under a name of this test's own, which go with it. */
const test = base.extend('prefix', ({}, { onCleanup }) => {
  const prefix = `test-${randomUUID()}`;
  onCleanup(() =>
    keepSchedules({ ...{ temporal: client, taskQueue: 'nobody' }, clocks: [], prefix }),
  );
  return prefix;
});

test('clocks that are kept twice and by two workers at once are the same schedules', async ({
  prefix,
}) => {
  const keeping = { temporal: client, taskQueue: 'nobody', prefix };
  await Promise.all([keepSchedules(keeping), keepSchedules(keeping)]);
  const before = await described(prefix);
  await keepSchedules(keeping);
  expect(await described(prefix)).toEqual(before);
  expect(before.map(({ id }) => id)).toEqual(
    schedules.map(({ name }) => scheduleIdOf(name, prefix)),
  );
  expect(before.every(({ updatedAt }) => updatedAt === undefined)).toBe(true);
});

test('a clock whose cron changed is changed, one that is paused stays paused, and one that is gone is removed', async ({
  prefix,
}) => {
  const keeping = { temporal: client, taskQueue: 'nobody', prefix };
  const [first, second] = schedules;
  await keepSchedules({ ...keeping, clocks: [first!, second!] });
  const handle = client.schedule.getHandle(scheduleIdOf(first!.name, prefix));
  await handle.pause();
  await expect.poll(() => listed(prefix)).toHaveLength(2);
  await keepSchedules({ ...keeping, clocks: [{ ...first!, cron: '17 4 * * *' }] });
  const { spec, state } = await handle.describe();
  expect(spec.calendars).toMatchObject([{ hour: [{ start: 4 }], minute: [{ start: 17 }] }]);
  expect(state.paused).toBe(true);
  await expect.poll(() => listed(prefix)).toEqual([handle.scheduleId]);
});

test('a slot that comes twice does nothing the second time', async ({ db, prefix }) => {
  const slot = new Date('2026-03-02T06:00:00Z');
  const done: string[] = [];
  await working(counting(db, done), async (taskQueue) => {
    const clocks = [{ ...quick, cron: '0 6 * * *' }];
    await keepSchedules({ ...{ temporal: client, taskQueue, prefix }, clocks });
    const handle = client.schedule.getHandle(scheduleIdOf('quick', prefix));
    for (const times of [1, 2]) {
      await handle.backfill({ start: slot, end: slot, overlap: 'ALLOW_ALL' });
      await expect.poll(() => ended(prefix)).toBe(times);
    }
  });
  expect(done).toEqual(['quick']);
  const runs = await db.selectFrom('scheduleRuns').select(['slot', 'outcome', 'count']).execute();
  expect(runs).toEqual([{ slot: slot.toISOString(), outcome: 'done', count: 1 }]);
});

test('a slot that was refused says why, and may be struck again', async ({ db, prefix }) => {
  await db.deleteFrom('scheduleRuns').execute();
  const slot = new Date('2026-03-02T06:00:00Z');
  let tries = 0;
  const jobs = {
    quick(): Promise<number> {
      tries += 1;
      if (tries === 1) throw new Refusal('unavailable', 'There is no room.');
      return Promise.resolve(7);
    },
  };
  await working(doing(db, jobs), async (taskQueue) => {
    const clocks = [{ ...quick, cron: '0 6 * * *' }];
    await keepSchedules({ ...{ temporal: client, taskQueue, prefix }, clocks });
    const handle = client.schedule.getHandle(scheduleIdOf('quick', prefix));
    for (const [outcome, problem, count] of [
      ['failed', 'There is no room.', null],
      ['done', null, 7],
    ] as const) {
      await handle.backfill({ start: slot, end: slot, overlap: 'ALLOW_ALL' });
      await expect
        .poll(async () => (await lastRuns(db)).get('quick'))
        .toMatchObject({ outcome, problem, count });
      // One that has not ended yet would be the run of the slot.
      const how = outcome === 'done' ? 'Completed' : 'Failed';
      await expect.poll(() => ended(prefix, how)).toBe(1);
    }
  });
});

test('slots that were missed while the worker was down are caught up once', async ({
  db,
  prefix,
}) => {
  await db.deleteFrom('scheduleRuns').execute();
  const taskQueue = randomUUID();
  const keeping = { temporal: client, taskQueue, prefix };
  await keepSchedules({ ...keeping, clocks: [quick] });
  const handle = client.schedule.getHandle(scheduleIdOf('quick', prefix));
  await expect
    .poll(async () => (await handle.describe()).info.numActionsSkippedOverlap)
    .toBeGreaterThanOrEqual(3);
  await handle.pause();
  const done: string[] = [];
  await working(
    counting(db, done),
    async () => expect.poll(() => ended(prefix)).toBe(1),
    taskQueue,
  );
  expect(done).toEqual(['quick']);
});

function counting(db: Deps['db'], done: string[]) {
  return doing(db, { quick: () => Promise.resolve(done.push('quick')) });
}

function doing(db: Deps['db'], jobs: Record<string, Job>) {
  return clockActivities({ db, jobs, beat: () => undefined } as never);
}

async function described(prefix: string) {
  return Promise.all(
    schedules.map(async ({ name }) => {
      const handle = client.schedule.getHandle(scheduleIdOf(name, prefix));
      const { scheduleId: id, spec, policies, action, info } = await handle.describe();
      return {
        id,
        spec,
        policies,
        action,
        createdAt: info.createdAt,
        updatedAt: info.lastUpdatedAt,
      };
    }),
  );
}

async function listed(prefix: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { scheduleId } of client.schedule.list())
    if (scheduleId.startsWith(`${prefix}:`)) ids.push(scheduleId);
  return ids;
}

async function ended(prefix: string, how = 'Completed'): Promise<number> {
  const query = `WorkflowId STARTS_WITH '${prefix}:' AND ExecutionStatus = '${how}'`;
  return (await client.workflow.count(query)).count;
}
