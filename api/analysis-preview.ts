import { z } from 'zod';
import { getAnalysis, placeOf } from '#db/analyses.ts';
import { wordsOf } from '#db/analysis-words.ts';
import type { Scope } from '#db/scope.ts';
import { AnalysisCheck, AnalysisOptions, ColumnMapping, PreviewRow } from '#domain/analysis.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Blobs } from '#integrations/blobs/blobs.ts';
import { survey } from '#integrations/files/survey.ts';
import { checksOf } from '#rules/deal-checks.ts';
import { previewOf, readingFor } from '#rules/deal-preview.ts';
import { faultsInMapping } from '#rules/deal-row.ts';
import { route } from './route.ts';

const Wish = z.object({
  mapping: ColumnMapping.optional(),
  options: AnalysisOptions.optional(),
  /** The line of the file from which on rows are shown. */
  line: z.int().min(1).max(2_000_000_000).optional(),
});
const Preview = z.object({
  rows: z.array(PreviewRow),
  checks: z.array(AnalysisCheck),
  /** How many rows were looked at for the checks, and whether these are all. */
  looked: z.int(),
  isWhole: z.boolean(),
  /** Whether the file can be judged with these columns. */
  ready: z.boolean(),
});

export const analysisPreviewRoutes = [
  route('post', '/analyze/:id/preview', {
    summary: 'Show how rows would be read with these columns, and what to check',
    needs: 'analyses:write',
    params: z.object({ id: z.uuid() }),
    body: Wish,
    reply: Preview,
    run: ({ params, body }, scope, { blobs }) => preview(scope, blobs, params.id, body),
  }),
];

async function preview(scope: Scope, blobs: Blobs, id: string, wish: z.output<typeof Wish>) {
  const found = await getAnalysis(scope, id);
  const { mapping = found.mapping, options = found.options, line } = wish;
  const { columns } = found;
  const names = columns.map(({ name }) => name);
  const faults = faultsInMapping(mapping, names).filter(({ field }) => field !== 'mapping');
  if (faults.length > 0) {
    throw new Refusal('invalid', 'The columns cannot be read like this.', faults);
  }
  const { startsAt, ...place } = await placeOf(scope, id);
  const words = await wordsOf(scope);
  const reading = readingFor({ columns, mapping, options }, words);
  const looked = await survey(blobs, { ...place, columns }, startsAt, line);
  const checks = checksOf(looked, columns, reading, words);
  const rows = previewOf(looked.shown, reading);
  const ready = !checks.some(({ mustSettle }) => mustSettle);
  return { rows, checks, looked: looked.rows, isWhole: looked.isWhole, ready };
}
