import type { Analysis, AnalysisSource } from '#domain/analysis.ts';
import { keep, post } from './api.ts';
import { whyNot } from './problem.ts';
import { warn } from './toast.ts';

export interface Subject {
  source: Exclude<AnalysisSource, 'file'>;
  pipelineId?: string;
  viewId?: string;
  dealId?: string;
  name?: string;
}

/** Looks at deals as they are now; tells the new analysis, or says why there is none. */
export async function scan(subject: Subject): Promise<string | undefined> {
  const { done, problem } = await post<{ id: string }>('/scan', subject);
  if (problem) warn(whyNot(problem), () => void scan(subject));
  return done?.id;
}

/** Looks at the same deals once more. */
export async function runAgain(id: string, source: AnalysisSource): Promise<string | undefined> {
  if (source === 'file') return undefined;
  const { value, problem } = await keep<Analysis>(fetch, `/analyze/${id}`);
  if (!value) {
    warn(problem ? whyNot(problem) : 'It could not be run.');
    return undefined;
  }
  const { pipelineId, viewId, dealId } = value.subject as Partial<Subject>;
  return scan({ source, pipelineId, viewId, dealId, name: value.name });
}
