import type { ClockRun } from '#domain/clock.ts';
import { asCount } from './format.ts';

/** `2.5 s`, `48 ms`, `3 min 20 s`; nothing while it runs. */
export function asLength(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(1))} s`;
  const seconds = Math.round(ms / 1000);
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)} min${rest ? ` ${rest} s` : ''}`;
}

const nouns: Record<string, [string, string?]> = {
  'score-refresh': ['lead'],
  'stall-scan': ['deal'],
  forecast: ['deal'],
  archive: ['deal'],
  digest: ['mail'],
  duplicates: ['record'],
};

/** What a run came to, in a few words. */
export function saidOf(name: string, { outcome, count, problem }: ClockRun): string {
  if (outcome === 'running') return 'Running';
  if (outcome === 'failed') return problem ?? 'Failed';
  return count ? asCount(count, ...(nouns[name] ?? ['thing'])) : 'Nothing to do';
}
