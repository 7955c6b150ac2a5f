import { sql } from 'kysely';
import type { AnalysisReject, AnalysisSummary } from '#domain/analysis.ts';
import type { RuleFacts, Severity, Violation } from '#domain/rule.ts';
import { updateAnalysis } from './analyses.ts';
import type { AnalysisCursor } from './analysis-turns.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';

/** A deal with what was found on it. */
export interface JudgedDeal {
  line: number;
  dealId?: string;
  subject: string;
  name: string;
  stage: string | null;
  owner: string | null;
  ownerId: string | null;
  company: string | null;
  amountCents: number | null;
  health: number;
  facts: RuleFacts;
  custom?: Record<string, string>;
  violations: readonly Violation[];
}

/** Some of the deals of an analysis, and where those after them begin. */
export interface JudgedChunk {
  from: AnalysisCursor;
  next: AnalysisCursor;
  deals: JudgedDeal[];
  notes: AnalysisReject[];
  /** Of the pipeline so far, these included. */
  health: number;
}

/**
 * Writes what was found together with the place where reading goes on. Answers false when that is not where the
 * analysis stands: it was stopped, or another worker took the same deals first. Then nothing is written.
 */
export async function takeDeals(scope: Scope, id: string, chunk: JudgedChunk): Promise<boolean> {
  const { from, next, deals, notes, health } = chunk;
  const row = await scope.db
    .selectFrom('analyses')
    .select(['status', 'cursor', 'summary'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row?.status !== 'running') return false;
  if ((row.cursor as unknown as AnalysisCursor).line !== from.line) return false;
  const { workspaceId } = scope;
  const key = { workspaceId, analysisId: id };
  await insertRows(
    scope,
    'analysisDeals',
    deals.map((deal) => ({ ...key, ...rowOf(deal) })),
    ['line'],
  );
  await insertRows(
    scope,
    'findings',
    deals.flatMap((deal) => findingsOf(key, deal)),
    ['line'],
  );
  await insertRows(
    scope,
    'analysisRejects',
    notes.map((note) => ({ ...key, ...note })),
    ['line'],
  );
  const kept = notes.filter(({ isKept }) => isKept).length;
  await updateAnalysis(scope, id, {
    rows: sql<number>`rows + ${deals.length + notes.length - kept}`,
    rejected: sql<number>`rejected + ${notes.length - kept}`,
    noted: sql<number>`noted + ${kept}`,
    cursor: JSON.stringify(next),
    summary: JSON.stringify(withDeals(row.summary as Partial<AnalysisSummary>, deals)),
    health,
    movedAt: sql<string>`now()`,
  });
  return true;
}

export async function listRejects(
  { db }: Scope,
  analysisId: string,
  after: number,
  limit: number,
): Promise<AnalysisReject[]> {
  return db
    .selectFrom('analysisRejects')
    .select(['line', 'field', 'reason', 'isKept'])
    .where('analysisId', '=', analysisId)
    .where('line', '>', after)
    .orderBy('line')
    .limit(limit)
    .execute();
}

const counted = { CRITICAL: 'critical', WARNING: 'warning', INFO: 'info' } as const;

function rowOf({ violations, facts, custom = {}, ...deal }: JudgedDeal) {
  const counts = { critical: 0, warning: 0, info: 0 };
  for (const { severity } of violations) counts[counted[severity]] += 1;
  return { ...deal, ...counts, facts: facts as never, custom: custom as never };
}

function findingsOf(key: { workspaceId: string; analysisId: string }, deal: JudgedDeal) {
  return deal.violations.map(({ ruleId, severity, category, message }) => ({
    ...{ ...key, line: deal.line, ruleId, severity, category, message },
  }));
}

/** What was found so far, so that it can be seen while it grows. */
function withDeals(
  before: Partial<AnalysisSummary>,
  deals: JudgedDeal[],
): Partial<AnalysisSummary> {
  const severity = { CRITICAL: 0, WARNING: 0, INFO: 0, ...before.severity };
  const category = { ...before.category };
  const rule = { ...before.rule };
  let { deals: count = 0, clean = 0 } = before;
  for (const { violations } of deals) {
    count += 1;
    if (violations.length === 0) clean += 1;
    for (const violation of violations) {
      severity[violation.severity] += 1;
      const counts = (category[violation.category] ??= { critical: 0, warning: 0, info: 0 });
      counts[counted[violation.severity as Severity]] += 1;
      rule[violation.ruleId] = (rule[violation.ruleId] ?? 0) + 1;
    }
  }
  return { ...before, deals: count, clean, severity, category, rule };
}
