import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { Condition, type Facts, holds } from '#domain/condition.ts';
import type { ScoreFactor } from '#domain/lead.ts';
import { baseOf } from '#domain/scoring.ts';

const Level = z.strictObject({
  if: Condition,
  points: z.number().nonnegative(),
  because: z.string().min(1),
});
const Group = z.strictObject({
  weight: z.number().positive(),
  factors: z.array(
    z.strictObject({
      name: z.string(),
      how: z.string().optional(),
      levels: z.array(Level).min(1),
    }),
  ),
});

/** The table of rules/scoring.yaml. */
export const Scoring = z
  .strictObject({ engagement: Group, fit: Group, behaviour: Group, external: Group })
  .refine(
    (table) => Object.values(table).reduce((all, { weight }) => all + weight, 0) === 100,
    'The weights add up to 100.',
  );
export type Scoring = z.infer<typeof Scoring>;

export function loadScoring(file = new URL('scoring.yaml', import.meta.url)): Scoring {
  return Scoring.parse(parse(readFileSync(file, 'utf8')));
}

/**
 * What a lead is worth, 0 to 100, and every factor that gives it something. Facts: `lead.*` (source, icp, icpName,
 * timeline, budget, decisionMaker, competitor, funding, technologies), `contact.*` (title, country, emailKind,
 * smsEligible), `company.*` (industry, size, placeId, website), `engagement.*` (replies, clicks, opens, visits,
 * downloads). A group that has more than its weight gives its weight: its last factors give less.
 */
export function scoreOf(
  table: Scoring,
  facts: Facts,
  now: string,
): { base: number; factors: ScoreFactor[] } {
  const factors = (Object.keys(table) as ScoreFactor['group'][]).flatMap((group) => {
    let room = table[group].weight;
    return table[group].factors.flatMap(({ name, levels }): ScoreFactor[] => {
      const level = levels.find((one) => holds(one.if, facts, now));
      const points = Math.min(room, level?.points ?? 0);
      room -= points;
      if (!level || points === 0) return [];
      return [{ group, name, points, because: filled(level.because, facts) }];
    });
  });
  return { base: baseOf(factors), factors };
}

function filled(text: string, facts: Facts): string {
  const said = text.replace(/\{([\w.]+)\}/g, (_, name: string) => String(facts[name] ?? ''));
  return said.charAt(0).toUpperCase() + said.slice(1);
}
