import { sql } from 'kysely';
import type {
  AnalysisColumn,
  AnalysisOptions,
  AnalysisSource,
  AnalysisSummary,
  ColumnMapping,
} from '#domain/analysis.ts';
import type { Rule } from '#domain/rule.ts';
import type { Crowd } from '#domain/rule-crowd.ts';
import { updateAnalysis, workflowOf } from './analyses.ts';
import { signalLater } from './outbox.ts';
import type { Scope } from './scope.ts';

/** Where judging goes on: behind this line, at this byte of the file or after this deal. */
export interface AnalysisCursor {
  /** The last line that was judged; 0 before the first. */
  line: number;
  byte?: number;
  /** The line of the file that begins at this byte. */
  at?: number;
  after?: string | null;
  /** Whether there is nothing behind it. */
  isEnd?: boolean;
  /** Health as it comes together. */
  sum?: unknown;
}

/** All that a worker needs in order to go on. */
export interface AnalysisWork {
  source: AnalysisSource;
  subject: { pipelineId?: string; viewId?: string; dealId?: string };
  blob: string | null;
  format: 'csv' | 'xlsx' | null;
  delimiter: string | null;
  startsAt: { byte: number; line: number };
  columns: AnalysisColumn[];
  mapping: ColumnMapping;
  options: AnalysisOptions;
  ruleIds: string[] | null;
  rules: Rule[];
  crowd: Crowd | null;
  cursor: AnalysisCursor;
  createdBy: string;
  reviewId: string | null;
  startedAt: string;
  /** Of the workspace. */
  zone: string;
  currency: string;
}

/** As many of one workspace run at a time; the others wait, unless they look at one deal. */
const TOGETHER = 3;
/** One that has not moved for this long does not hold up the next one. */
const STILL = sql`interval '2 minutes'`;

/** Begins an analysis, or finds it begun. False when it was stopped. */
export async function beginWork(scope: Scope, id: string, now: string): Promise<boolean> {
  const row = await scope.db
    .selectFrom('analyses')
    .select(['status', 'startsAt'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row?.status === 'running') return true;
  if (row?.status !== 'queued') return false;
  const { byte = 0, line = 1 } = row.startsAt as { byte?: number; line?: number };
  const cursor: AnalysisCursor = { line: 0, byte, at: line };
  const started = { startedAt: now, movedAt: sql<string>`now()` };
  await updateAnalysis(scope, id, {
    status: 'running',
    cursor: JSON.stringify(cursor),
    ...started,
  });
  return true;
}

/** What there is to do, or whether to wait for others of the workspace, or that it was stopped. */
export async function workOf(
  scope: Scope,
  id: string,
): Promise<({ is: 'go' } & AnalysisWork) | { is: 'waits' } | { is: 'over' }> {
  const row = await scope.db
    .selectFrom('analyses')
    .innerJoin('workspaces', 'workspaces.id', 'analyses.workspaceId')
    .select(['status', 'source', 'subject', 'blob', 'format', 'delimiter', 'startsAt', 'columns'])
    .select(['mapping', 'options', 'ruleIds', 'rules', 'crowd', 'cursor', 'createdBy', 'reviewId'])
    .select(['startedAt', 'timeZone as zone', 'currency'])
    .select(
      sql<boolean>`source <> 'deal' and ${TOGETHER} <= (
        select count(*) from analyses other
        where other.status = 'running' and other.source <> 'deal' and other.moved_at > now() - ${STILL}
          and (other.started_at, other.id) < (analyses.started_at, analyses.id))`.as('isBehind'),
    )
    .where('analyses.id', '=', id)
    .executeTakeFirst();
  if (row?.status !== 'running') return { is: 'over' };
  if (row.isBehind) {
    // Who waits keeps their place in the line.
    await updateAnalysis(scope, id, { movedAt: sql<string>`now()` });
    return { is: 'waits' };
  }
  return { is: 'go', ...(row as unknown as AnalysisWork) };
}

/** One of the workspace has ended: tells the first of those that wait for it. */
export async function letNextOn(scope: Scope, endedId: string): Promise<void> {
  const next = await scope.db
    .selectFrom('analyses')
    .select('id')
    .where('status', '=', 'running')
    .where('source', '<>', 'deal')
    .where(sql<boolean>`(select source from analyses where id = ${endedId}) <> 'deal'`)
    .orderBy('startedAt')
    .orderBy('id')
    .offset(TOGETHER - 1)
    .limit(1)
    .executeTakeFirst();
  if (!next) return;
  const messageId = `ended:${endedId}`;
  await signalLater(scope, {
    ...workflowOf(scope, next.id),
    ...{ name: 'mayGoOn', messageId, input: [] },
  });
}

/** Keeps by which rules it is judged and what holds over all its deals, before the first of them is. */
export async function noteCrowd(
  scope: Scope,
  id: string,
  given: { rules: Rule[]; crowd: Crowd; rowsTotal: number; leftOut: AnalysisSummary['leftOut'] },
): Promise<boolean> {
  const { rules, crowd, rowsTotal, leftOut } = given;
  if (!(await isRunning(scope, id))) return false;
  // Another worker may have known it first, and judge by it already.
  if (await isWeighed(scope, id)) return true;
  await updateAnalysis(scope, id, {
    ...{ rules: JSON.stringify(rules), crowd: JSON.stringify(crowd), rowsTotal },
    summary: JSON.stringify({ leftOut }),
    step: 'evaluate',
    movedAt: sql<string>`now()`,
  });
  return true;
}

async function isWeighed({ db }: Scope, id: string): Promise<boolean> {
  const { crowd } = await db
    .selectFrom('analyses')
    .select('crowd')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return crowd !== null;
}

/** Says what it is at, unless it was stopped. */
export async function noteStep(
  scope: Scope,
  id: string,
  step: 'assess' | 'report',
): Promise<boolean> {
  if (!(await isRunning(scope, id))) return false;
  await updateAnalysis(scope, id, { step, movedAt: sql<string>`now()` });
  return true;
}

/** Whether it was not stopped; nobody stops it before the caller has committed. */
async function isRunning({ db }: Scope, id: string): Promise<boolean> {
  const row = await db
    .selectFrom('analyses')
    .select('status')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row?.status === 'running';
}
