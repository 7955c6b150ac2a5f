/** One question, what we reached, and what people would use instead reached in the same run. */
export interface Row {
  what: string;
  ours: string;
  beside?: string;
  must: string;
  holds: boolean;
}

export function asTable(rows: Row[]): string {
  const lines = [
    ['What', 'Ours', 'Beside', 'Must reach', 'Holds'],
    ...rows.map((row) => [
      row.what,
      row.ours,
      row.beside ?? '–',
      row.must,
      row.holds ? 'yes' : 'NO',
    ]),
  ];
  const widths = lines[0]!.map((_, at) => Math.max(...lines.map((line) => line[at]!.length)));
  return lines
    .map((line) => line.map((cell, at) => cell.padEnd(widths[at]!)).join('  '))
    .join('\n');
}

export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

export function median(values: number[]): number {
  return percentile(values, 0.5);
}

export function perSecond(count: number, milliseconds: number): number {
  return (count / milliseconds) * 1000;
}

export function asRate(value: number, unit = '/s'): string {
  return `${Math.round(value).toLocaleString('en')}${unit}`;
}

export function asMs(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
