import {
  type Client,
  type ScheduleDescription,
  type ScheduleHandle,
  type ScheduleOptions,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
} from '@temporalio/client';
import type { Kysely } from 'kysely';
import type { ReviewKeeping, ReviewRef } from '#activities/reviews.ts';
import {
  alonePlanning,
  everyReview,
  type ReviewPlan,
  slotsWithoutRun,
} from '#db/review-schedules.ts';
import type { DB } from '#db/schema.ts';
import { reviewScheduleId } from '#domain/review.ts';
import { type LocalTimes, specOf } from '#domain/review-spec.ts';

export interface ReviewsKept {
  db: Kysely<DB>;
  temporal: Client;
  taskQueue: string;
  /** Whose schedules these are; others in the namespace stay as they are. */
  prefix?: string;
}

/** How many schedules are looked at at once. */
const AT_ONCE = 8;

/** What a workflow asks for when a review was changed: it takes effect without a restart. */
export function reviewKeeping(kept: ReviewsKept): ReviewKeeping {
  return { keepReviewSchedule: (one) => keepReview(kept, one) };
}

/** Makes Temporal's schedules those of the reviews. Done twice, or by two workers at once, it is done once. */
export async function keepReviews(kept: ReviewsKept): Promise<void> {
  const { db, temporal, prefix = 'review' } = kept;
  // Listed before the rows are read: what is in the list and in no row is really gone.
  const listed: string[] = [];
  for await (const { scheduleId } of temporal.schedule.list())
    if (scheduleId.startsWith(`${prefix}:`)) listed.push(scheduleId);
  const reviews = await everyReview(db);
  const wanted = new Set(reviews.map((one) => idOf(one, prefix)));
  const gone = listed.filter((id) => !wanted.has(id)).map((id) => refOf(id, prefix));
  const waiting = [...reviews, ...gone];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let one = waiting.shift(); one; one = waiting.shift()) await keepReview(kept, one);
    }),
  );
}

/** Makes one schedule that of its review's row as it is now; without a row there is none. */
export async function keepReview(kept: ReviewsKept, one: ReviewRef): Promise<void> {
  const { db, temporal, prefix } = kept;
  const handle = temporal.schedule.getHandle(idOf(one, prefix));
  await alonePlanning(db, one, async (plan, alone) => {
    if (!plan) return unlessGone(handle.delete());
    const isThere = await temporal.schedule.create(optionsOf(kept, one, plan)).then(
      () => false,
      (error: unknown) => {
        if (error instanceof ScheduleAlreadyRunning) return true;
        throw error;
      },
    );
    // By the connection that is held already: a crowd that each wants a second one would wait for itself.
    if (isThere) await bringUp({ ...kept, db: alone }, { one, plan, handle });
  });
}

interface Planned {
  one: ReviewRef;
  plan: ReviewPlan;
  handle: ScheduleHandle;
}

async function bringUp(kept: ReviewsKept, { one, plan, handle }: Planned): Promise<void> {
  const there = await handle.describe();
  if (there.state.paused && plan.enabled) await handle.unpause('as its review says');
  if (!there.state.paused && !plan.enabled) await handle.pause('as its review says');
  // An update makes Temporal forget the slots that were missed before it, so only a change is one.
  if (definitionIn(there) === definitionOf(plan, kept.taskQueue)) return;
  const options = optionsOf(kept, one, plan);
  await handle.update(({ state }) => ({ ...options, state }));
  if (!plan.enabled) return;
  const now = new Date().toISOString();
  const missed = await slotsWithoutRun(kept.db, one, plan, now);
  if (missed.length === 0) return;
  // In one word to Temporal: of several in a row it may lose one. Who else runs such a slot finds it taken.
  await handle.backfill(
    missed.map((slot) => ({
      ...{ start: new Date(slot), end: new Date(Date.parse(slot) + 1000) },
      overlap: plan.overlap,
    })),
  );
}

function optionsOf({ taskQueue, prefix }: ReviewsKept, one: ReviewRef, plan: ReviewPlan) {
  const scheduleId = idOf(one, prefix);
  const { calendars, skip, instants } = specOf(plan, plan.scheduledSince);
  return {
    scheduleId,
    spec: {
      calendars: calendars.map(calendarOf),
      skip: skip.map(calendarOf),
      // A second past, so that what is skipped at that minute does not skip it too; a run goes by the minute.
      // As long as it is since 1970, so that it strikes then for the first time, and not again for half a century.
      intervals: instants.map((at) => ({ every: Date.parse(at) + 1000 })),
      timezone: plan.timeZone,
    },
    action: {
      type: 'startWorkflow',
      workflowType: 'review',
      taskQueue,
      workflowId: scheduleId,
      args: [one],
      memo: { definition: definitionOf(plan, taskQueue) },
    },
    policies: {
      overlap: plan.overlap,
      catchupWindow: `${plan.catchUp} minutes`,
      pauseOnFailure: false,
    },
    state: { paused: !plan.enabled },
  } satisfies ScheduleOptions;
}

/** Temporal says JANUARY and MONDAY where we count. */
function calendarOf({ month, dayOfWeek, ...rest }: LocalTimes) {
  return {
    ...rest,
    ...(month && { month: month.map((one) => months[one - 1]!) }),
    ...(dayOfWeek && { dayOfWeek: dayOfWeek.map((one) => weekdays[one]!) }),
  };
}

const months = [
  ...(['JANUARY', 'FEBRUARY', 'MARCH', 'APRIL', 'MAY', 'JUNE'] as const),
  ...(['JULY', 'AUGUST', 'SEPTEMBER', 'OCTOBER', 'NOVEMBER', 'DECEMBER'] as const),
];
const weekdays = [
  ...(['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const),
];

/** What makes a schedule another one. Its changing clocks are counted from the year in which it was planned. */
function definitionOf(plan: ReviewPlan, taskQueue: string): string {
  const { cron, timeZone, overlap, catchUp, scheduledSince } = plan;
  const since = scheduledSince.slice(0, 4);
  return JSON.stringify({ cron, timeZone, overlap, catchUp, since, taskQueue });
}

function definitionIn({ action }: ScheduleDescription): unknown {
  return action.memo?.['definition'];
}

function idOf({ workspaceId, reviewId }: ReviewRef, prefix = 'review'): string {
  return reviewScheduleId(workspaceId, reviewId, prefix);
}

function refOf(scheduleId: string, prefix: string): ReviewRef {
  const [workspaceId, reviewId] = scheduleId.slice(prefix.length + 1).split(':');
  return { workspaceId: workspaceId!, reviewId: reviewId! };
}

async function unlessGone(deleting: Promise<void>): Promise<void> {
  await deleting.catch((error: unknown) => {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  });
}
