import { type Client, ScheduleNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import { changed } from '#db/changes.ts';
import { lastRuns } from '#db/schedule-runs.ts';
import { ClockShown } from '#domain/clock.ts';
import { pageOf } from '#domain/page.ts';
import { Refusal } from '#domain/refusal.ts';
import { type Clock, scheduleIdOf, schedules } from '#workflows/schedules.ts';
import type { Deps } from './deps.ts';
import { route } from './route.ts';

const OneClock = z.object({ name: z.string().max(100) });

export const scheduleRoutes = [
  route('get', '/schedules', {
    summary: 'List the clocks of the house, what they did last and when they strike next',
    needs: 'schedules:read',
    reply: pageOf(ClockShown),
    run: async (_given, _scope, deps) => ({ items: await showAll(deps, schedules), next: null }),
  }),

  route('post', '/schedules/:name/run', {
    summary: 'Let a clock strike now',
    needs: 'schedules:write',
    params: OneClock,
    reply: ClockShown,
    status: () => 202,
    run: async ({ params }, _scope, deps) => {
      const clock = clockOf(params.name);
      await strikeNow(deps.temporal, clock.name);
      return show(deps, clock);
    },
  }),

  route('post', '/schedules/:name/pause', {
    summary: 'Keep a clock from striking',
    needs: 'schedules:write',
    params: OneClock,
    reply: ClockShown,
    run: async ({ params }, scope, deps) => {
      const clock = clockOf(params.name);
      await heard(deps.temporal, () => handleOf(deps, clock).pause(`by ${scope.actor}`));
      changed(scope, 'schedules');
      return show(deps, clock);
    },
  }),

  route('post', '/schedules/:name/resume', {
    summary: 'Let a clock strike again',
    needs: 'schedules:write',
    params: OneClock,
    reply: ClockShown,
    run: async ({ params }, scope, deps) => {
      const clock = clockOf(params.name);
      await heard(deps.temporal, () => handleOf(deps, clock).unpause(`by ${scope.actor}`));
      changed(scope, 'schedules');
      return show(deps, clock);
    },
  }),
];

/** Strikes a clock besides its slots; while it still runs, its own policy says what becomes of it. */
export async function strikeNow(temporal: Client, name: string): Promise<void> {
  const clock = clockOf(name);
  await heard(temporal, () => handleOf({ temporal }, clock).trigger());
}

function clockOf(name: string): Clock {
  const clock = schedules.find((one) => one.name === name);
  if (!clock) throw new Refusal('not-found', 'There is no such clock.');
  return clock;
}

async function show(deps: Deps, clock: Clock): Promise<ClockShown> {
  const [shown] = await showAll(deps, [clock]);
  return shown!;
}

async function showAll(deps: Deps, clocks: Clock[]): Promise<ClockShown[]> {
  const last = await lastRuns(deps.db);
  return Promise.all(
    clocks.map(async (clock) => {
      const { name, what, every } = clock;
      const { info, state } = await heard(deps.temporal, () => handleOf(deps, clock).describe());
      const next = state.paused ? [] : info.nextActionTimes.slice(0, 3);
      return {
        ...{ name, what, every, last: last.get(name) ?? null, paused: state.paused },
        next: next.map((at) => at.toISOString()),
      };
    }),
  );
}

function handleOf({ temporal }: Pick<Deps, 'temporal'>, { name }: Clock) {
  return temporal.schedule.getHandle(scheduleIdOf(name));
}

/** How long Temporal may take to answer, in milliseconds. */
const PATIENCE = 4000;

async function heard<T>(temporal: Client, say: () => Promise<T>): Promise<T> {
  return temporal.withDeadline(Date.now() + PATIENCE, say).catch((error: unknown) => {
    throw error instanceof ScheduleNotFoundError
      ? new Refusal('unavailable', 'No worker has set this clock yet. Start one.')
      : new Refusal('unavailable', 'Temporal does not answer at the moment.');
  });
}
