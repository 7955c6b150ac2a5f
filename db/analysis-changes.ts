import { sql } from 'kysely';
import type { Analysis, AnalysisOptions, ColumnMapping } from '#domain/analysis.ts';
import { Refusal } from '#domain/refusal.ts';
import { getAnalysis, updateAnalysis, workflowOf } from './analyses.ts';
import { rememberColumns } from './analysis-columns.ts';
import { changed } from './changes.ts';
import { startLater } from './outbox.ts';
import { letNextOn } from './analysis-turns.ts';
import type { Scope } from './scope.ts';

interface Start {
  mapping: ColumnMapping;
  options: AnalysisOptions;
  ruleIds?: string[] | null | undefined;
  /** The name of the source whose columns these are. */
  rememberAs?: string | undefined;
  isChild?: boolean;
}

/** Lets a file be judged with its columns read as the user left them. */
export async function startAnalysis(scope: Scope, id: string, given: Start): Promise<Analysis> {
  const { mapping, options, ruleIds = null, rememberAs, isChild = false } = given;
  const { status, columns, series } = await getAnalysis(scope, id, true);
  if (status !== 'mapping') throw new Refusal('conflict', `This analysis is ${status} already.`);
  const names = columns.map(({ name }) => name);
  if (rememberAs) await rememberColumns(scope, rememberAs, names, { mapping, options });
  if (!isChild) await startLater(scope, workflowOf(scope, id));
  await updateAnalysis(scope, id, {
    mapping: JSON.stringify(mapping),
    options: JSON.stringify(options),
    ruleIds,
    series: rememberAs ? `file:${rememberAs}` : series,
    status: 'queued',
  });
  return getAnalysis(scope, id);
}

/** Starts the newest file that waits for a review, as a part of its run; nothing when there is none. */
export async function startWaiting(
  scope: Scope,
  reviewId: string,
  { slot, ruleIds }: { slot: string; ruleIds: string[] | null },
): Promise<string | undefined> {
  const [newest] = await waitingFor(scope, reviewId);
  if (!newest) return undefined;
  const { mapping, options } = await getAnalysis(scope, newest.id);
  await startAnalysis(scope, newest.id, { mapping, options, ruleIds, isChild: true });
  await updateAnalysis(scope, newest.id, { slot });
  return newest.id;
}

/** Removes the files that wait for a review, and answers their blobs. */
export async function removeWaiting(scope: Scope, reviewId: string): Promise<string[]> {
  const waiting = await waitingFor(scope, reviewId);
  for (const { id } of waiting) await removeAnalysis(scope, id);
  return waiting.flatMap(({ blob }) => (blob ? [blob] : []));
}

function waitingFor({ db }: Scope, reviewId: string) {
  return db
    .selectFrom('analyses')
    .select(['id', 'blob'])
    .where('reviewId', '=', reviewId)
    .where('source', '=', 'file')
    .where('status', '=', 'mapping')
    .orderBy('id', 'desc')
    .execute();
}

/** Stops an analysis where it is; what it found stays. */
export async function cancelAnalysis(scope: Scope, id: string): Promise<Analysis> {
  const { status } = await getAnalysis(scope, id, true);
  if (!['mapping', 'queued', 'running'].includes(status)) {
    throw new Refusal('conflict', `This analysis is ${status} already.`);
  }
  await updateAnalysis(scope, id, { status: 'cancelled', finishedAt: sql<string>`now()` });
  await letNextOn(scope, id);
  return getAnalysis(scope, id);
}

/** Removes an analysis with all that it found, and answers the key of its file, which is for the caller to erase. */
export async function removeAnalysis(scope: Scope, id: string): Promise<string | undefined> {
  // All at once: row by row, as a foreign key would do it, takes minutes for a large file.
  for (const table of ['findings', 'analysisRejects', 'analysisDeals'] as const) {
    await scope.db.deleteFrom(table).where('analysisId', '=', id).execute();
  }
  const row = await scope.db
    .deleteFrom('analyses')
    .where('id', '=', id)
    .returning('blob')
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such analysis.');
  changed(scope, 'analyses');
  return row.blob ?? undefined;
}

/** Files that nobody needs any more: 30 days after they came. The caller erases them, then says so. */
export async function filesToErase(
  { db }: Scope,
  now: string,
): Promise<{ id: string; blob: string }[]> {
  const { rows } = await sql<{ id: string; blob: string }>`
    select id, blob from analyses
    where blob is not null and created_at < ${now}::timestamptz - interval '30 days'
    order by created_at limit 1000`.execute(db);
  return rows;
}

/** One that was still waiting for its columns cannot be read any more. */
export async function noteErased(scope: Scope, id: string): Promise<void> {
  changed(scope, 'analyses');
  await sql`
    update analyses set blob = null, erased_at = now(),
      status = case when status in ('mapping', 'queued', 'running') then 'cancelled' else status end,
      problem = case when status in ('mapping', 'queued', 'running') then 'The file was erased after 30 days.' else problem end
    where id = ${id}`.execute(scope.db);
}
