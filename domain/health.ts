import { z } from 'zod';

const Points = z.number().min(0).max(100);

/** What makes a deal healthy, in points of a hundred. */
export const HealthSettings = z.strictObject({
  base: Points,
  /** Given whole for activity today, taken whole after `quietDays` without any, and evenly between. */
  activity: z.strictObject({ points: Points, quietDays: z.number().positive() }),
  /** Given when it moved on within so many days, taken when it moved back. */
  movement: z.strictObject({ points: Points, days: z.number().positive() }),
  /** Given when its probability rose within the same days, taken when it fell. */
  probability: z.strictObject({ points: Points }),
  /** Taken while it is large and in an early stage. */
  largeEarly: z.strictObject({ points: Points }),
});
export type HealthSettings = z.infer<typeof HealthSettings>;

export interface HealthInput {
  idleDays: number;
  /** Which way it went between stages of late: 1 on, -1 back, 0 neither. */
  moved: -1 | 0 | 1;
  /** What its probability gained of late, in percent points. */
  gained: number;
  isLargeEarly: boolean;
}

/** How well a deal is, 0 to 100, the higher the better (SCOR-11, 15). */
export function healthOf(input: HealthInput, settings: HealthSettings): number {
  const { base, activity, movement, probability, largeEarly } = settings;
  const quiet = Math.min(1, Math.max(0, input.idleDays) / activity.quietDays);
  const health =
    base +
    activity.points * (1 - 2 * quiet) +
    movement.points * input.moved +
    probability.points * Math.sign(input.gained) -
    (input.isLargeEarly ? largeEarly.points : 0);
  return Math.round(Math.min(100, Math.max(0, health)));
}
