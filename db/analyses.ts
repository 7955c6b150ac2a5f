import { type Insertable, sql, type UpdateObject } from 'kysely';
import type {
  Analysis,
  AnalysisColumn,
  AnalysisLine,
  AnalysisOptions,
  AnalysisProgress,
  AnalysisSource,
  ColumnMapping,
} from '#domain/analysis.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { startLater } from './outbox.ts';
import type { DB } from './schema.ts';
import type { Scope } from './scope.ts';

const lineColumns = [
  ...(['id', 'name', 'source', 'status', 'health', 'rows', 'rowsTotal', 'rejected'] as const),
  ...(['problem', 'createdAt', 'startedAt', 'finishedAt', 'reviewId', 'previousId'] as const),
] as const;
const columns = [
  ...lineColumns,
  ...(['step', 'subject', 'series', 'fileName', 'bytes', 'format', 'encoding'] as const),
  ...(['delimiter', 'headerLine', 'columns', 'mapping', 'options', 'ruleIds'] as const),
  ...(['noted', 'summary', 'createdBy', 'slot', 'erasedAt'] as const),
] as const;
const counts = sql<AnalysisLine['counts']>`json_build_object(
  'critical', coalesce((summary -> 'severity' ->> 'CRITICAL')::int, 0),
  'warning', coalesce((summary -> 'severity' ->> 'WARNING')::int, 0),
  'info', coalesce((summary -> 'severity' ->> 'INFO')::int, 0))`.as('counts');

/** What a file is and what it was found to hold, before anybody has said how to read it. */
export interface NewFile {
  name: string;
  fileName: string;
  blob: string;
  bytes: number;
  format: 'csv' | 'xlsx';
  encoding: string;
  delimiter: string;
  headerLine: number | null;
  startsAt: { byte: number; line: number };
  columns: AnalysisColumn[];
  mapping: ColumnMapping;
  options: AnalysisOptions;
  series: string;
  subject?: Record<string, unknown>;
  /** The review whose next run looks at it. */
  reviewId?: string;
}

/** A file that waits for its columns to be confirmed. */
export async function createFileAnalysis(scope: Scope, given: NewFile): Promise<string> {
  const { startsAt, columns, mapping, options, subject = {}, ...rest } = given;
  return insert(scope, {
    ...rest,
    source: 'file',
    startsAt: JSON.stringify(startsAt),
    columns: JSON.stringify(columns),
    mapping: JSON.stringify(mapping),
    options: JSON.stringify(options),
    subject: JSON.stringify(subject),
  });
}

export interface NewAnalysis {
  name: string;
  source: Exclude<AnalysisSource, 'file'>;
  subject: { pipelineId?: string; viewId?: string; dealId?: string };
  /** Nothing for all that are on. */
  ruleIds?: string[] | null | undefined;
  reviewId?: string;
  slot?: string;
  series: string;
  /** Who runs it as a part of their own workflow says so; else it is started once this is committed. */
  isChild?: boolean;
}

/** Begins a look at the workspace's own deals. */
export async function beginAnalysis(scope: Scope, given: NewAnalysis): Promise<string> {
  const { subject, ruleIds = null, isChild = false, ...rest } = given;
  const row = { ...rest, ruleIds, subject: JSON.stringify(subject), status: 'queued' };
  const id = await insert(scope, row);
  if (!isChild) await startLater(scope, workflowOf(scope, id));
  return id;
}

/** By this name Temporal knows an analysis. */
export function workflowOf({ workspaceId }: Scope, analysisId: string) {
  const workflowId = `analysis:${workspaceId}:${analysisId}`;
  return { workflow: 'analysis', workflowId, input: [{ workspaceId, analysisId }] };
}

export async function getAnalysis({ db }: Scope, id: string, lock = false): Promise<Analysis> {
  const row = await db
    .selectFrom('analyses')
    .select([...columns, counts])
    .where('id', '=', id)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such analysis.');
  return row as Analysis;
}

export async function progressOf(scope: Scope, id: string): Promise<AnalysisProgress> {
  const row = await scope.db
    .selectFrom('analyses')
    .select(['id', 'status', 'step', 'rows', 'rowsTotal', 'problem', 'health', 'rejected'])
    .select(['noted', 'summary'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such analysis.');
  return { ...row, percent: percentOf(row) } as AnalysisProgress;
}

interface Wish {
  limit: number;
  after?: string | undefined;
  series?: string | undefined;
  source?: AnalysisSource | undefined;
}

/** The newest first. */
export async function listAnalyses(
  { db }: Scope,
  { limit, after, series, source }: Wish,
): Promise<{ analyses: AnalysisLine[]; next: string | null }> {
  let query = db
    .selectFrom('analyses')
    .select([...lineColumns, counts])
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (after) query = query.where('id', '<', after);
  if (series) query = query.where('series', '=', series);
  if (source) query = query.where('source', '=', source);
  const rows = (await query.execute()) as AnalysisLine[];
  const analyses = rows.slice(0, limit);
  return { analyses, next: rows.length > limit ? analyses.at(-1)!.id : null };
}

/** Changes an analysis that the caller has locked, and tells the page. */
export async function updateAnalysis(
  scope: Scope,
  id: string,
  values: UpdateObject<DB, 'analyses'>,
): Promise<void> {
  changed(scope, 'analyses');
  await scope.db.updateTable('analyses').set(values).where('id', '=', id).execute();
}

async function insert(
  scope: Scope,
  row: Omit<Insertable<DB['analyses']>, 'workspaceId' | 'createdBy'>,
): Promise<string> {
  const { db, workspaceId, actor } = scope;
  changed(scope, 'analyses');
  const { id } = await db
    .insertInto('analyses')
    .values({ workspaceId, createdBy: actor, ...row })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Rows are most of the work; the first look at all of them, the assessment and the report are the rest. */
function percentOf({ status, step, rows, rowsTotal }: Record<string, unknown>): number {
  if (status === 'done') return 100;
  if (step === 'assess') return 92;
  if (step === 'report') return 97;
  if (step !== 'evaluate' || !rowsTotal) return 0;
  return 5 + Math.floor((85 * Math.min(Number(rows), Number(rowsTotal))) / Number(rowsTotal));
}

/** Where the file of an analysis lies and how it is written. Refuses one that was erased. */
export async function placeOf({ db }: Scope, id: string) {
  const row = await db
    .selectFrom('analyses')
    .select(['blob', 'format', 'delimiter', 'startsAt'])
    .where('id', '=', id)
    .executeTakeFirst();
  const { blob, format, delimiter, startsAt } = row ?? {};
  if (!blob || !delimiter) throw new Refusal('conflict', 'There is no file of it any more.');
  return {
    ...{ blob, delimiter, format: format as 'csv' | 'xlsx' },
    startsAt: startsAt as unknown as NewFile['startsAt'],
  };
}
