/** A step of a waterfall as it is drawn: from one height to another, in minor units. */
export interface Step {
  from: number;
  to: number;
}

/** Round figures from 0 up to `most` or just below it, at most `count` of them beside 0. */
export function ticksOf(most: number, count = 4): number[] {
  if (most <= 0) return [0];
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((times) => times * power).find((size) => size >= rough)!;
  const ticks = [];
  for (let at = 0; at <= most; at += step) ticks.push(Math.round(at));
  return ticks;
}

/** Places on a line from values: `scaleOf(0, 300, 228, 20)` puts 0 at 228 and 300 at 20. */
export function scaleOf(low: number, high: number, start: number, end: number) {
  const span = high - low || 1;
  return (value: number) => start + ((value - low) / span) * (end - start);
}

/** Moves what stands too close apart, as little as it takes, without changing the order. */
export function apart(places: readonly number[], gap: number, low: number, high: number): number[] {
  const order = places.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at);
  const moved = [...places];
  let before = low - gap;
  for (const { at, index } of order) before = moved[index] = Math.max(at, before + gap);
  let after = high + gap;
  for (const { index } of order.toReversed())
    after = moved[index] = Math.min(moved[index]!, after - gap);
  return moved;
}

/** Where each change of a waterfall begins and ends when it starts from a height. */
export function stepsFrom(start: number, changes: readonly number[]): Step[] {
  let at = start;
  return changes.map((change) => {
    const from = at;
    at += change;
    return { from, to: at };
  });
}

/** Where the axis of a waterfall begins: at 0, unless the changes are then too small to be seen. */
export function cutOf(steps: readonly Step[]): number {
  const heights = steps.flatMap(({ from, to }) => [from, to]);
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  if (low <= 0 || high - low > high / 2) return 0;
  const below = low - (high - low) * 0.6;
  const power = 10 ** Math.max(0, Math.floor(Math.log10(high)) - 1);
  return Math.max(0, Math.floor(below / power) * power);
}

/** `$214k`, `$1.2m`: for axes and where there is no room. */
export function asShort(cents: number, currency = 'USD'): string {
  const text = new Intl.NumberFormat('en', {
    ...{ style: 'currency', currency, notation: 'compact', maximumFractionDigits: 1 },
  } as const).format(cents / 100);
  return text.replace('-', '−').toLowerCase().replace('us$', '$');
}

/** A change with its sign: `+$22,400`, `−3`. Nothing when it is none. */
export function signed(change: number, as: (size: number) => string): string {
  if (change === 0) return as(0);
  return `${change > 0 ? '+' : '−'}${as(Math.abs(change))}`;
}
