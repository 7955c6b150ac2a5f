import { goto } from '$app/navigation';
import { resolve } from '$app/paths';
import type { DealField } from './analysis-columns.ts';
import { post } from './api.ts';
import { csvOf, download } from './csv.ts';
import { whyNot } from './problem.ts';

export const accepted = '.csv,.tsv,.txt,.xlsx,text/csv';

/** Sends a file of deals and goes to its columns; tells why it was not taken. */
export async function takeFile(file: File): Promise<string | undefined> {
  const form = new FormData();
  form.append('file', file);
  const { done, problem } = await post<{ id: string }>('/analyze', form);
  if (problem) return whyNot(problem);
  await goto(resolve('/analyze/[id]', { id: done.id }));
  return undefined;
}

/** A file with the columns that a review can use, to be filled in. */
export function saveTemplate(fields: DealField[]): void {
  download('deals.csv', csvOf([fields.map(({ label }) => label)]));
}
