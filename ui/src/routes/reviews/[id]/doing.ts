import { invalidate } from '$app/navigation';
import { del, post } from '#lib/api.ts';
import { whyNot } from '#lib/problem.ts';
import type { Finding, ReviewedDeal } from '#lib/result.ts';
import { tell, warn } from '#lib/toast.ts';

/** What somebody wants to do about one finding. */
export interface Doing {
  is: 'task' | 'fix' | 'snooze' | 'wake' | 'comments' | 'words' | 'rule';
  deal: ReviewedDeal;
  finding: Finding;
}

export function pathOf(analysisId: string, { deal, finding }: Omit<Doing, 'is'>): string {
  return `/analyze/${analysisId}/findings/${deal.line}/${finding.ruleId}`;
}

export async function makeTask(analysisId: string, doing: Doing): Promise<void> {
  const { problem } = await post(`${pathOf(analysisId, doing)}/task`);
  if (problem) return warn(whyNot(problem));
  tell(`Task made: ${doing.finding.remediation}`);
  await invalidate('api:analyses');
}

export async function wake(analysisId: string, doing: Doing): Promise<void> {
  const { problem } = await del(`${pathOf(analysisId, doing)}/snooze`);
  if (problem) return warn(whyNot(problem));
  tell(`${doing.finding.name} is shown again`);
  await invalidate('api:analyses');
}

/** Puts back what one bulk of fixes changed. */
export async function unfix(analysisId: string, undoId: string): Promise<void> {
  const { problem } = await post(`/analyze/${analysisId}/fixes/${undoId}/undo`);
  if (problem) warn(whyNot(problem));
  else tell('Fixes taken back');
  await invalidate('api:analyses');
}
