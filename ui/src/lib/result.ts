import type { AnalysisSummary, Counts } from '#domain/analysis.ts';
import type { Finding, ReviewedDeal } from '#domain/result.ts';
import type { Category, Severity, Violation } from '#domain/rule.ts';

export type { Counts } from '#domain/analysis.ts';
export type { Comparison, Finding, FindingComment, Results, ReviewedDeal } from '#domain/result.ts';

/** While it runs, parts of it are not counted yet. */
export type Summary = Partial<AnalysisSummary>;
type OwnerSum = AnalysisSummary['owner'][string];

export interface DealPage {
  deals: ReviewedDeal[];
  total: number;
  next: string | null;
}

type Tone = 'danger' | 'warn' | 'info';

export const severityLooks: Record<
  Severity,
  { label: string; many: string; tone: Tone; dot: string; count: keyof Counts }
> = {
  CRITICAL: {
    ...{ label: 'Critical', many: 'critical', tone: 'danger' },
    ...{ dot: 'bg-danger', count: 'critical' },
  },
  WARNING: {
    ...{ label: 'Warning', many: 'warnings', tone: 'warn' },
    ...{ dot: 'bg-warn', count: 'warning' },
  },
  INFO: { label: 'Note', many: 'notes', tone: 'info', dot: 'bg-info', count: 'info' },
};

export const categoryNames: Record<Category, string> = {
  DATA_QUALITY: 'Data quality',
  SALES_HYGIENE: 'Sales hygiene',
  FORECASTING: 'Forecasting',
  PROGRESSION: 'Progression',
  ENGAGEMENT: 'Engagement',
  COMPLIANCE: 'Compliance',
  CUSTOM: 'Own rules',
};

export const remedyOwners: Record<Violation['remediationOwner'], string> = {
  deal_owner: 'Deal owner',
  manager: 'Manager',
  operations: 'Operations',
  finance: 'Finance',
};

/** `6 critical`, `1 warning`, `19 notes`. */
export function sayCount(severity: Severity, count: number): string {
  const { label, many } = severityLooks[severity];
  return `${count.toLocaleString('en')} ${count === 1 ? label.toLowerCase() : many}`;
}

/** The colour of a health figure: from 70 on as it is, below 70 a warning, below 50 bad. */
export function healthInk(health: number | null | undefined): string {
  if (health === null || health === undefined) return 'text-ink-3';
  if (health < 50) return 'text-danger-ink';
  return health < 70 ? 'text-warn-ink' : 'text-ink';
}

export interface Bar extends Counts {
  category: Category;
  name: string;
  total: number;
}

/** How many of each severity a category has, most first; what has none is left out. */
export function barsOf(summary: Pick<Summary, 'category'>): Bar[] {
  return (Object.entries(summary.category ?? {}) as [Category, Partial<Counts>][])
    .map(([category, { critical = 0, warning = 0, info = 0 }]) => ({
      ...{ category, name: categoryNames[category] ?? category, critical, warning, info },
      total: critical + warning + info,
    }))
    .filter(({ total }) => total > 0)
    .sort((a, b) => b.total - a.total);
}

export interface OwnerLine extends OwnerSum {
  /** What deals are narrowed by. */
  id: string;
  name: string;
}

/** Whose deals have most to do, worst health first. */
export function ownersOf({ owner }: Pick<Summary, 'owner'>): OwnerLine[] {
  return Object.entries(owner ?? {})
    .map(([name, sum]) => ({
      ...{ ...sum, id: sum.ownerId ?? (name || 'none') },
      name: name || 'Nobody',
    }))
    .sort((a, b) => (a.health ?? 101) - (b.health ?? 101) || b.critical - a.critical);
}

/** A deal and, where it is open, what was found on it, each with its height in pixels. */
export type Row =
  | { is: 'deal'; deal: ReviewedDeal; height: number }
  | { is: 'finding'; deal: ReviewedDeal; finding: Finding; height: number };

export function rowsOf(
  deals: ReviewedDeal[],
  open: { has(line: number): boolean },
  heights: { deal: number; finding: number },
): Row[] {
  return deals.flatMap((deal) => [
    { is: 'deal' as const, deal, height: heights.deal },
    ...(open.has(deal.line)
      ? deal.findings.map((finding) => ({
          ...{ is: 'finding' as const, deal, finding, height: heights.finding },
        }))
      : []),
  ]);
}

/** Where each row begins, and where the last one ends. */
export function edgesOf(rows: { height: number }[]): number[] {
  const edges = [0];
  for (const { height } of rows) edges.push(edges.at(-1)! + height);
  return edges;
}

/** The path of a line through values, in a box of 100 by 100 with the highest at the top. */
export function lineOf(values: number[]): string {
  if (values.length === 0) return '';
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low || 1;
  const step = values.length > 1 ? 100 / (values.length - 1) : 0;
  return values
    .map((value, index) => {
      const y = values.length > 1 && high > low ? 100 - ((value - low) / span) * 100 : 50;
      return `${index === 0 ? 'M' : 'L'}${(index * step).toFixed(1)} ${y.toFixed(1)}`;
    })
    .join(' ');
}

/** The same deals in the same order, each as it is now. */
export function renewed(deals: ReviewedDeal[], latest: ReviewedDeal[]): ReviewedDeal[] {
  const now = new Map(latest.map((deal) => [deal.line, deal]));
  return deals.map((deal) => now.get(deal.line) ?? deal);
}

/** One page of deals after another; what moved between two pages is there once. */
export function joined(deals: ReviewedDeal[], next: ReviewedDeal[]): ReviewedDeal[] {
  const known = new Set(deals.map(({ line }) => line));
  return [...deals, ...next.filter(({ line }) => !known.has(line))];
}

/** The lines that an address says are open. */
export function linesIn(text: string | null): Set<number> {
  return new Set((text ?? '').split(',').filter(Boolean).map(Number));
}

/** The same with one line opened or closed, as the address says it; nothing when none is open. */
export function toggled(open: Set<number>, line: number): string | undefined {
  const lines = open.has(line) ? [...open].filter((one) => one !== line) : [...open, line];
  return lines.join(',') || undefined;
}
