import { z } from 'zod';
import { Advice } from './advice.ts';
import { RiskFactor, riskBands } from './deal.ts';

const Judged = z.object({
  score: z.number(),
  band: z.enum(riskBands),
  health: z.int(),
  factors: z.array(RiskFactor),
  at: z.iso.datetime(),
});

/** One move of a risk, with why it moved. */
export const RiskLine = Judged.omit({ factors: true }).extend({ because: z.string() });
export type RiskLine = z.infer<typeof RiskLine>;

/** What a factor adds more, or less, than it did. */
export const RiskMove = z.object({
  name: RiskFactor.shape.name,
  from: z.number(),
  to: z.number(),
  by: z.number(),
  because: z.string(),
});
export type RiskMove = z.infer<typeof RiskMove>;

export const DealRisk = z.object({
  dealId: z.uuid(),
  /** The day that was asked for; nothing for now. */
  on: z.iso.date().nullable(),
  /** Nothing while it was not judged, or after it was won or lost. */
  risk: Judged.nullable(),
  now: Judged.nullable(),
  /** What moved it from then to now, what moved it most first. */
  moves: z.array(RiskMove),
  /** What to do next, what helps most first. */
  advice: z.array(Advice),
  /** The newest first. */
  history: z.array(RiskLine),
});
export type DealRisk = z.infer<typeof DealRisk>;

/** What each factor adds more, or less, than it did; what moved most first, what did not move not at all. */
export function movesBetween(before: RiskFactor[], after: RiskFactor[]): RiskMove[] {
  const moves = after.map(({ name, contribution: to, because }) => {
    const from = before.find((one) => one.name === name)?.contribution ?? 0;
    return { name, from, to, by: Math.round((to - from) * 10_000) / 10_000, because };
  });
  return moves
    .filter(({ by }) => by !== 0)
    .toSorted((one, other) => Math.abs(other.by) - Math.abs(one.by));
}
