import { resolve } from '$app/paths';
import type { AnalysisStatus } from '#domain/analysis.ts';

/** Where an analysis is looked at: while it is made, or what it found. */
export function hrefOf({ id, status }: { id: string; status: AnalysisStatus }): string {
  if (status === 'done' || status === 'cancelled') return resolve('/reviews/[id]', { id });
  return resolve('/analyze/[id]', { id });
}
