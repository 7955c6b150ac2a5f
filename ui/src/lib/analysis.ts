import type { AnalysisSource, AnalysisStatus } from '#domain/analysis.ts';
import type { Severity } from '#domain/rule.ts';
import { asNumber } from './format.ts';

export type { Analysis, AnalysisColumn, AnalysisLine } from '#domain/analysis.ts';

type Tone = 'accent' | 'success' | 'warn' | 'danger' | 'neutral';

export const analysisStates: Record<AnalysisStatus, { label: string; tone: Tone }> = {
  mapping: { label: 'Waits for its columns', tone: 'warn' },
  queued: { label: 'Begins soon', tone: 'accent' },
  running: { label: 'Running', tone: 'accent' },
  done: { label: 'Done', tone: 'success' },
  cancelled: { label: 'Stopped', tone: 'neutral' },
  failed: { label: 'Failed', tone: 'danger' },
};

export const sourceNames: Record<AnalysisSource, string> = {
  file: 'File',
  pipeline: 'Pipeline',
  view: 'Saved view',
  deal: 'One deal',
};

export const stepNames: Record<string, string> = {
  parse: 'Reading',
  map: 'Reading',
  evaluate: 'Rules',
  assess: 'Assessment',
  report: 'Health and figures',
};

/** Whether there are results to look at, or there soon will be. */
export function isGoing({ status }: { status: AnalysisStatus }): boolean {
  return status === 'queued' || status === 'running';
}

/** The severities by which findings are counted, in the order people read them. */
export const counted: Severity[] = ['CRITICAL', 'WARNING', 'INFO'];

/** Rows a second so far, and the seconds that are left if it goes on like this. */
export function paceOf(
  {
    rows,
    rowsTotal,
    startedAt,
  }: { rows: number; rowsTotal: number | null; startedAt: string | null },
  now: Date,
): { rate: number; secondsLeft: number | undefined; share: number } {
  const seconds = startedAt ? Math.max(1, (now.getTime() - Date.parse(startedAt)) / 1000) : 1;
  const share = rowsTotal ? Math.min(1, rows / rowsTotal) : 0;
  const rate = rows / seconds;
  const secondsLeft = rowsTotal && rate > 0 ? Math.ceil((rowsTotal - rows) / rate) : undefined;
  return { rate: Math.round(rate), secondsLeft, share };
}

/** `412 deals`, `1 deal`. */
export function sayDeals(count: number): string {
  return `${asNumber(count)} ${count === 1 ? 'deal' : 'deals'}`;
}
