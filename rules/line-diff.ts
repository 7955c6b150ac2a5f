export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** What became of the lines of one text in another, in order; of two equal ways the earlier lines stay. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const [from, to] = [linesOf(before), linesOf(after)];
  const common = commonOf(from, to);
  const lines: DiffLine[] = [];
  let [a, b] = [0, 0];
  while (a < from.length || b < to.length) {
    if (a < from.length && b < to.length && from[a] === to[b]) {
      lines.push({ kind: 'same', text: from[a]! });
      a += 1;
      b += 1;
    } else if (a < from.length && (b >= to.length || common[a + 1]![b]! >= common[a]![b + 1]!)) {
      lines.push({ kind: 'removed', text: from[a]! });
      a += 1;
    } else {
      lines.push({ kind: 'added', text: to[b]! });
      b += 1;
    }
  }
  return lines;
}

/** By the place in both texts, how many lines that follow are the same in order. */
function commonOf(from: string[], to: string[]): Uint16Array[] {
  const rows = Array.from({ length: from.length + 1 }, () => new Uint16Array(to.length + 1));
  for (let a = from.length - 1; a >= 0; a -= 1)
    for (let b = to.length - 1; b >= 0; b -= 1)
      rows[a]![b] =
        from[a] === to[b] ? rows[a + 1]![b + 1]! + 1 : Math.max(rows[a + 1]![b]!, rows[a]![b + 1]!);
  return rows;
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
