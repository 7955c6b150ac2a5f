/** The heights of cards in pixels; a column is drawn from them without measuring anything. */
export const PLAIN = 80;
export const MARKED = 108;
export const GAP = 8;
export const SLOT = 80;

/** Where each card begins, and where the last one ends. */
export function topsOf(heights: number[]): number[] {
  const tops = [0];
  for (const height of heights) tops.push(tops.at(-1)! + height + GAP);
  return tops;
}

/** The first and one past the last card between two edges, with some around them. */
export function windowOf(
  tops: number[],
  { top, height, around = 400 }: { top: number; height: number; around?: number },
): { first: number; last: number } {
  const count = tops.length - 1;
  const first = Math.max(0, indexAt(tops, top - around));
  return { first, last: Math.min(count, indexAt(tops, top + height + around) + 1) };
}

/** The card that stands at a height, by halves: the number of cards when it is below all of them. */
export function indexAt(tops: number[], at: number): number {
  let [low, high] = [0, tops.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tops[middle + 1]! > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Before which card something that is let go at a height comes to stand. */
export function dropIndexAt(tops: number[], at: number): number {
  const index = indexAt(tops, at);
  const top = tops[index]!;
  const bottom = tops[index + 1];
  return bottom !== undefined && at > (top + bottom) / 2 ? index + 1 : index;
}
