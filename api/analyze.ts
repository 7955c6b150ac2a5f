import { z } from 'zod';
import { getAnalysis, listAnalyses, progressOf } from '#db/analyses.ts';
import { cancelAnalysis, removeAnalysis, startAnalysis } from '#db/analysis-changes.ts';
import { listRejects } from '#db/analysis-rows.ts';
import type { Scope } from '#db/scope.ts';
import {
  Analysis,
  AnalysisLine,
  AnalysisOptions,
  AnalysisProgress,
  AnalysisReject,
  AnalysisSource,
  ColumnMapping,
} from '#domain/analysis.ts';
import { Refusal } from '#domain/refusal.ts';
import { unsettled } from '#rules/deal-columns.ts';
import { dealFields } from '#rules/deal-fields.ts';
import { faultsInMapping } from '#rules/deal-row.ts';
import { route } from './route.ts';

const One = z.object({ id: z.uuid() });
const History = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.uuid().optional(),
  series: z.string().max(300).optional(),
  source: AnalysisSource.optional(),
});
const Start = z.object({
  mapping: ColumnMapping.optional(),
  options: AnalysisOptions.optional(),
  ruleIds: z.array(z.string().max(60)).max(500).nullish(),
  rememberAs: z.string().trim().min(1).max(100).optional(),
});
const RejectPage = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.coerce.number().int().min(0).default(0),
});
const Field = z.object({
  field: z.string(),
  label: z.string(),
  reads: z.string(),
  importance: z.enum(['needed', 'better', 'more']),
  why: z.string().optional(),
});

/** An analysis after its file came; the file itself comes through `analysisUploadRouter`. */
export const analyzeRoutes = [
  route('get', '/analyze', {
    summary: 'List analyses, newest first',
    needs: 'analyses:read',
    query: History,
    reply: z.object({ analyses: z.array(AnalysisLine), next: z.string().nullable() }),
    run: ({ query }, scope) => listAnalyses(scope, query),
  }),
  route('get', '/deal-fields', {
    summary: 'List what a column of a file of deals can be taken for',
    needs: 'analyses:read',
    reply: z.object({ fields: z.array(Field) }),
    run: () => Promise.resolve({ fields: dealFields }),
  }),
  route('get', '/analyze/:id', {
    summary: 'Show an analysis: its columns, its mapping and what came of it',
    needs: 'analyses:read',
    params: One,
    reply: Analysis,
    run: ({ params }, scope) => getAnalysis(scope, params.id),
  }),
  route('get', '/analyze/:id/status', {
    summary: 'Say how far an analysis is',
    needs: 'analyses:read',
    params: One,
    reply: AnalysisProgress,
    run: ({ params }, scope) => progressOf(scope, params.id),
  }),
  route('post', '/analyze/:id/start', {
    summary: 'Judge a file with its columns read like this',
    needs: 'analyses:write',
    params: One,
    body: Start,
    reply: Analysis,
    status: () => 202,
    run: ({ params, body }, scope) => begin(scope, params.id, body),
  }),
  route('post', '/analyze/:id/cancel', {
    summary: 'Stop an analysis; what it found stays',
    needs: 'analyses:write',
    params: One,
    reply: Analysis,
    run: ({ params }, scope) => cancelAnalysis(scope, params.id),
  }),
  route('delete', '/analyze/:id', {
    summary: 'Remove an analysis with all that it found, and its file',
    needs: 'analyses:write',
    params: One,
    reply: z.object({}),
    run: async ({ params }, scope, { blobs }) => {
      const blob = await removeAnalysis(scope, params.id);
      if (blob) await blobs.remove(blob);
      return {};
    },
  }),
  route('get', '/analyze/:id/rejects', {
    summary: 'List the lines that were left out, or judged without a value',
    needs: 'analyses:read',
    params: One,
    query: RejectPage,
    reply: z.object({ rejects: z.array(AnalysisReject), next: z.int().nullable() }),
    run: async ({ params, query }, scope) => {
      await getAnalysis(scope, params.id);
      const rows = await listRejects(scope, params.id, query.after, query.limit + 1);
      const rejects = rows.slice(0, query.limit);
      return { rejects, next: rows.length > query.limit ? rejects.at(-1)!.line : null };
    },
  }),
];

/** Starts an analysis; what is left out is as it was proposed. Refuses a mapping that cannot work. */
export async function begin(
  scope: Scope,
  id: string,
  { mapping, options, ruleIds, rememberAs }: z.output<typeof Start>,
): Promise<Analysis> {
  const found = await getAnalysis(scope, id, true);
  const chosen = { mapping: mapping ?? found.mapping, options: options ?? found.options };
  refuseUnreadable(found, chosen);
  return startAnalysis(scope, id, { ...chosen, ruleIds, rememberAs });
}

/** Refuses columns that cannot be read as was said, and those of which nobody said how. */
export function refuseUnreadable(
  { columns }: Analysis,
  { mapping, options }: { mapping: ColumnMapping; options: AnalysisOptions },
): void {
  const names = columns.map(({ name }) => name);
  const faults = [
    ...faultsInMapping(mapping, names),
    ...unsettled(columns, mapping, options).map(({ column, readings }) => ({
      field: `options.formats.${column}`,
      message: `Say how “${column}” is written: ${readings.join(' or ')}.`,
    })),
  ];
  if (faults.length > 0) {
    throw new Refusal('invalid', 'The columns cannot be read like this.', faults);
  }
}
