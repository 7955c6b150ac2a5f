import { sql } from 'kysely';
import type { Results } from '#domain/result.ts';
import { type Looked, lookedAt, rulesById, wordsOf } from './result-rules.ts';
import type { Scope } from './scope.ts';
import { byHash } from './statistics.ts';

/** How many of a series a trend shows. */
const MOST = 24;

/** A whole analysis without its deals; how health is made is said by who knows the rules. */
export async function resultsOf(scope: Scope, id: string): Promise<Omit<Results, 'formula'>> {
  const looked = await lookedAt(scope, id);
  const { name, source, status, startedAt, finishedAt, rows, rejected, reviewId } = looked;
  const trend = await trendTo(scope, looked);
  const analysis = { id, name, source, status, startedAt, finishedAt, rows, rejected, reviewId };
  return {
    analysis: analysis as Results['analysis'],
    health: looked.health,
    summary: looked.summary as Results['summary'],
    previous: await previousOf(scope, looked),
    trend,
    rules: await rulesThatFired(scope, looked),
    automatable: await automatableOf(scope, looked),
  };
}

type Before = Results['previous'];

export async function previousOf(
  { db }: Scope,
  { previousId }: Pick<Looked, 'previousId'>,
): Promise<Before> {
  if (!previousId) return null;
  const { rows } = await sql<NonNullable<Before>>`
    select id, health, coalesce(finished_at, created_at) as at from analyses where id = ${previousId}`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** The same series up to this one, the oldest first. */
async function trendTo({ db }: Scope, { id, series }: Looked): Promise<Results['trend']> {
  const { rows } = await sql<Results['trend'][number]>`
    select * from (
      select id, coalesce(finished_at, created_at) as at, health, json_build_object(
        'critical', coalesce((summary->'severity'->>'CRITICAL')::int, 0),
        'warning', coalesce((summary->'severity'->>'WARNING')::int, 0),
        'info', coalesce((summary->'severity'->>'INFO')::int, 0)) as counts
      from analyses where series = ${series} and status = 'done' and id <= ${id}
      order by id desc limit ${MOST}) t
    order by id`.execute(db);
  return rows;
}

interface Fired {
  ruleId: string;
  category: string;
  severity: string;
  count: number;
}

async function rulesThatFired({ db }: Scope, looked: Looked): Promise<Results['rules']> {
  const { rows } = await sql<Fired>`
    select rule_id, min(category) as category, min(severity) as severity, count(*) as count
    from findings where analysis_id = ${looked.id} group by rule_id
    order by case min(severity) when 'CRITICAL' then 0 when 'WARNING' then 1 else 2 end, count(*) desc, rule_id`.execute(
    db,
  );
  const rules = rulesById(looked);
  return rows.map((row) => {
    const words = wordsOf(rules, row);
    return {
      ...{ id: row.ruleId, name: words.name, count: row.count },
      category: row.category as Results['rules'][number]['category'],
      severity: row.severity as Results['rules'][number]['severity'],
      ...{ remediation: words.remediation_action, remediationOwner: words.remediation_owner },
      automatable: words.automatable,
    };
  });
}

/** What could be fixed at once. */
async function automatableOf({ db }: Scope, { id, rules }: Looked): Promise<number> {
  const ids = rules.filter((rule) => rule.automatable && rule.fix).map((rule) => rule.id);
  if (ids.length === 0) return 0;
  const fixable = sql<{ count: number }>`
    select count(*) from findings f join analysis_deals d on d.analysis_id = f.analysis_id and d.line = f.line
    where f.analysis_id = ${id} and f.rule_id = any(${ids}) and f.fixed_at is null and d.deal_id is not null`;
  const { rows } = await byHash(db, () => fixable.execute(db));
  return rows[0]!.count;
}
