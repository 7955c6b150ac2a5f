import type { ScoreFactor } from '#domain/lead.ts';
import type { ScoreChange } from '#domain/lead-score.ts';
import type { Scoring } from './scoring.ts';

/** A score as it stands: its base, its factors, and what silence took from it. */
interface Standing {
  base: number;
  factors: Pick<ScoreFactor, 'group' | 'name' | 'points'>[];
  decay: number;
}

/**
 * What would make a score the target, what gives most first: an activity that takes back what silence took, then
 * what each factor could still give inside the weight of its group. Ends where the target is reached; a target that
 * cannot be reached gets everything there is.
 */
export function waysTo(
  table: Scoring,
  { base, factors, decay }: Standing,
  target: number,
): ScoreChange[] {
  const groups = Object.keys(table) as ScoreFactor['group'][];
  const offers = groups.flatMap((group) =>
    table[group].factors.flatMap(({ name, how, levels }) => {
      const now = factors.find((one) => one.group === group && one.name === name)?.points ?? 0;
      const most = Math.max(...levels.map(({ points }) => points));
      return how && most > now ? [{ group, what: how, gain: most - now }] : [];
    }),
  );
  const given = new Map(groups.map((group) => [group, pointsOf(factors, group)]));
  const changes: ScoreChange[] = [];
  let lost = decay;
  let score = Math.max(0, base - lost);
  let sum = base;

  function take(change: Omit<ScoreChange, 'points' | 'makes'>): void {
    const makes = Math.min(100, Math.max(0, Math.round(sum) - lost));
    if (makes > score) changes.push({ ...change, points: makes - score, makes });
    score = makes;
  }

  if (score < target && lost > 0) {
    lost = 0;
    take({ group: 'activity', what: 'Get in touch: silence takes points away' });
  }
  for (const { group, what, gain } of offers.toSorted((a, b) => b.gain - a.gain)) {
    if (score >= target) break;
    const room = table[group].weight - given.get(group)!;
    const points = Math.min(room, gain);
    given.set(group, given.get(group)! + points);
    sum += points;
    take({ group, what });
  }
  return changes;
}

function pointsOf(factors: Standing['factors'], group: ScoreFactor['group']): number {
  return factors.reduce((all, one) => (one.group === group ? all + one.points : all), 0);
}
