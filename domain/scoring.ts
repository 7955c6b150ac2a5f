import type { ScoreFactor } from './lead.ts';

const DAY = 24 * 60 * 60 * 1000;

/** Points a score loses for each day of silence, and the days it may be silent first. */
export const DECAY = { perDay: 3, afterDays: 3 };

/**
 * What a score is worth now, 0 to 100: its base, less three points for every whole day beyond three without
 * activity (C-20). Null while there is no score.
 */
export function effectiveScore(base: number, lastActivityAt: string, now: string): number;
export function effectiveScore(
  base: number | null,
  lastActivityAt: string,
  now: string,
): number | null;
export function effectiveScore(
  base: number | null,
  lastActivityAt: string,
  now: string,
): number | null {
  if (base === null) return null;
  const quiet = Math.floor((Date.parse(now) - Date.parse(lastActivityAt)) / DAY);
  return Math.max(0, Math.round(base) - DECAY.perDay * Math.max(0, quiet - DECAY.afterDays));
}

/** The sum of what its factors give, 0 to 100. */
export function baseOf(factors: Pick<ScoreFactor, 'points'>[]): number {
  const sum = factors.map(({ points }) => points).reduce((all, points) => all + points, 0);
  return Math.round(Math.min(100, Math.max(0, sum)));
}
