import type { Deal, Stage } from './deal.ts';

/** A deal went from one stage to another; stages by their slugs. */
export interface StageMove {
  at: string;
  from: string;
  to: string;
}

export interface PathStep {
  stage: Stage;
  is: 'behind' | 'here' | 'ahead';
  /** Whole days that it spent there; nothing where it never was. */
  days: number | null;
}

const DAY = 24 * 60 * 60 * 1000;

/** The way of a deal through the open stages to won (or to lost, when it ended so), with the days it took. */
export function pathOf(
  deal: Pick<Deal, 'stageId' | 'status' | 'createdAt' | 'stageEnteredAt'>,
  stages: Stage[],
  moves: StageMove[],
  now: Date,
): PathStep[] {
  const spent = daysPerStage(deal, moves, now);
  const end = deal.status === 'lost' ? 'lost' : 'won';
  const way = stages.filter(({ kind }) => kind === 'open' || kind === end);
  const here = way.findIndex(({ id }) => id === deal.stageId);
  return way.map((stage, index) => {
    const days = spent.get(stage.slug) ?? null;
    if (index === here) {
      const since = Math.floor((now.getTime() - Date.parse(deal.stageEnteredAt)) / DAY);
      return { stage, is: 'here', days: stage.kind === 'open' ? Math.max(0, since) : null };
    }
    return { stage, is: index < here ? 'behind' : 'ahead', days };
  });
}

/** Every stay counts; the present one is not among them. */
function daysPerStage(
  { createdAt }: Pick<Deal, 'createdAt'>,
  moves: StageMove[],
  now: Date,
): Map<string, number> {
  const spent = new Map<string, number>();
  let since = Date.parse(createdAt);
  for (const { at, from } of moves.toSorted((one, other) => one.at.localeCompare(other.at))) {
    const until = Math.min(Date.parse(at), now.getTime());
    spent.set(from, (spent.get(from) ?? 0) + Math.max(0, until - since));
    since = until;
  }
  return new Map([...spent].map(([slug, time]) => [slug, Math.floor(time / DAY)]));
}

/** The points of a line of risks over time, 0 to 100 in both directions; `0,…` is the oldest. */
export function sparkOf(
  history: { at: string; score: number }[],
  now: Date,
): { points: string; last: { x: number; y: number } } | undefined {
  const lines = history.toSorted((one, other) => one.at.localeCompare(other.at));
  if (lines.length === 0) return undefined;
  const from = Date.parse(lines[0]!.at);
  const whole = Math.max(1, now.getTime() - from);
  function place(at: number): number {
    return Math.round(((at - from) / whole) * 1000) / 10;
  }
  // A risk stays as it is until it moves, so the line goes by steps.
  const points = lines.flatMap(({ at, score }, index) => {
    const x = place(Date.parse(at));
    const before = lines[index - 1];
    const here = `${x},${height(score)}`;
    return before ? [`${x},${height(before.score)}`, here] : [here];
  });
  const y = height(lines.at(-1)!.score);
  return { points: [...points, `100,${y}`].join(' '), last: { x: 100, y } };
}

function height(score: number): number {
  return Math.round((1 - score) * 1000) / 10;
}
