import { sql } from 'kysely';
import type { AnalysisStatus, AnalysisSummary, Counts } from '#domain/analysis.ts';
import { getAnalysis, updateAnalysis } from './analyses.ts';
import { letNextOn } from './analysis-turns.ts';
import type { Scope } from './scope.ts';
import { byHash } from './statistics.ts';

/** What was found with one owner or in one stage, and what its health is made of. */
export interface Share extends Counts {
  key: string | null;
  ownerId: string | null;
  deals: number;
  /** Of those with an amount: how many, their amounts, and amount × health. */
  valued: number;
  cents: number;
  weighed: number;
  bareHealth: number;
}

/** The deals of an analysis by owner or by stage, the 500 with most deals. */
export async function sharesOf({ db }: Scope, id: string, by: 'owner' | 'stage'): Promise<Share[]> {
  const key = sql.ref(by);
  const { rows } = await sql<Share>`
    select ${key} as key, ${by === 'owner' ? sql`max(owner_id)` : sql`null`} as owner_id,
      count(*)::int as deals, sum(critical)::int as critical, sum(warning)::int as warning, sum(info)::int as info,
      count(*) filter (where amount_cents > 0)::int as valued,
      coalesce(sum(amount_cents) filter (where amount_cents > 0), 0)::float8 as cents,
      coalesce(sum(amount_cents::float8 * health) filter (where amount_cents > 0), 0)::float8 as weighed,
      coalesce(sum(health) filter (where amount_cents is null or amount_cents <= 0), 0)::float8 as bare_health
    from analysis_deals where analysis_id = ${id} group by ${key} order by count(*) desc limit 500`.execute(
    db,
  );
  return rows;
}

/** Tells what is new and what is still there against the one before of the same series, and counts what is fixed. */
export async function compareWithPrevious(
  scope: Scope,
  id: string,
): Promise<{ previousId: string | null; change: AnalysisSummary['change'] }> {
  const { db } = scope;
  const { series } = await getAnalysis(scope, id, true);
  const previous = await db
    .selectFrom('analyses')
    .select('id')
    .where('series', '=', series)
    .where('status', '=', 'done')
    .where('id', '<', id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!previous) return { previousId: null, change: null };
  const change = sql<NonNullable<AnalysisSummary['change']>>`
    with before as (
      select distinct d.subject, f.rule_id from findings f
      join analysis_deals d using (workspace_id, analysis_id, line) where f.analysis_id = ${previous.id}),
    after as (
      select f.line, f.rule_id, d.subject from findings f
      join analysis_deals d using (workspace_id, analysis_id, line) where f.analysis_id = ${id}),
    told as (
      update findings f set change = case when before.subject is null then 'new' else 'still' end
      from after left join before on before.subject = after.subject and before.rule_id = after.rule_id
      where f.analysis_id = ${id} and f.line = after.line and f.rule_id = after.rule_id
      returning f.change)
    select (select count(*) from told where change = 'new')::int as new,
      (select count(*) from told where change = 'still')::int as still,
      (select count(*) from before where not exists (
        select from after where after.subject = before.subject and after.rule_id = before.rule_id))::int as fixed`;
  const { rows } = await byHash(db, () => change.execute(db));
  return { previousId: previous.id, change: rows[0]! };
}

/** Ends an analysis with all its figures. */
export async function endAnalysis(
  scope: Scope,
  id: string,
  end: {
    previousId: string | null;
    found: Pick<AnalysisSummary, 'stage' | 'owner' | 'change'>;
    now: string;
  },
): Promise<void> {
  const { summary } = await getAnalysis(scope, id);
  const whole: AnalysisSummary = {
    ...{ deals: 0, clean: 0, severity: { CRITICAL: 0, WARNING: 0, INFO: 0 } },
    ...{ category: {}, rule: {}, leftOut: [] },
    ...summary,
    ...end.found,
  };
  await updateAnalysis(scope, id, {
    ...{ status: 'done', step: 'report', previousId: end.previousId },
    // Every chunk of deals left the health so far; without any the pipeline is well.
    health: sql<number>`coalesce(health, 100)`,
    ...{ summary: JSON.stringify(whole), finishedAt: end.now },
  });
  await letNextOn(scope, id);
}

/** Ends an analysis that cannot go on; what it found stays. */
export async function failAnalysis(scope: Scope, id: string, problem: string): Promise<void> {
  const row = await scope.db
    .selectFrom('analyses')
    .select('status')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!row || !['queued', 'running'].includes(row.status)) return;
  await updateAnalysis(scope, id, { status: 'failed', problem, finishedAt: sql<string>`now()` });
  await letNextOn(scope, id);
}

/** What became of an analysis, for who waits for it. */
export async function analysisState(
  { db }: Scope,
  id: string,
): Promise<{ status: AnalysisStatus; health: number | null; problem: string | null }> {
  const row = await db
    .selectFrom('analyses')
    .select(['status', 'health', 'problem'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) return { status: 'cancelled', health: null, problem: 'The analysis was removed.' };
  return row as { status: AnalysisStatus; health: number | null; problem: string | null };
}
