import { sql } from 'kysely';
import type { ComparedFinding, Comparison } from '#domain/result.ts';
import { Refusal } from '#domain/refusal.ts';
import { type Looked, lookedAt, rulesById, wordsOf } from './result-rules.ts';
import type { Scope } from './scope.ts';
import { byHash } from './statistics.ts';

/** How many of each are named. */
const MOST = 500;

/** What an analysis finds that another did not, and the other way round; without another the one before. */
export async function compareResults(
  scope: Scope,
  id: string,
  withId: string | undefined,
): Promise<Comparison> {
  const looked = await lookedAt(scope, id);
  const otherId = withId ?? looked.previousId;
  if (!otherId) throw new Refusal('conflict', 'There is no earlier analysis to compare it with.');
  const other = await lookedAt(scope, otherId);
  const [fresh, fixed] = [
    await onlyIn(scope, looked, other.id),
    await onlyIn(scope, other, looked.id),
  ];
  const still = (await countOf(scope, id)) - fresh.count;
  return {
    before: { id: other.id, at: other.finishedAt ?? other.createdAt, health: other.health },
    ...{ new: fresh.findings, fixed: fixed.findings, still },
    counts: { new: fresh.count, fixed: fixed.count, still },
  };
}

interface Row extends Omit<ComparedFinding, 'name'> {
  count: number;
}

/** What is found in one on a deal where the other does not find it, the worst first. */
async function onlyIn(
  { db }: Scope,
  looked: Looked,
  otherId: string,
): Promise<{ findings: ComparedFinding[]; count: number }> {
  const only = sql<Row>`
    with theirs as materialized (select d.subject, f.rule_id from findings f
        join analysis_deals d on d.analysis_id = f.analysis_id and d.line = f.line
        where f.analysis_id = ${otherId}),
    mine as materialized (select d.subject, d.line, d.deal_id, d.name as deal, d.owner, d.amount_cents, d.worst_rank,
        f.rule_id, f.severity, f.category, f.message
      from findings f join analysis_deals d on d.analysis_id = f.analysis_id and d.line = f.line
      where f.analysis_id = ${looked.id})
    select m.*, count(*) over () as count from mine m
    where not exists (select from theirs t where t.subject = m.subject and t.rule_id = m.rule_id)
    order by case m.severity when 'CRITICAL' then 0 when 'WARNING' then 1 else 2 end, m.amount_cents desc nulls last,
      m.line, m.rule_id
    limit ${MOST}`;
  const { rows } = await byHash(db, () => only.execute(db));
  const rules = rulesById(looked);
  const findings = rows.map(({ count: _, ...row }) => ({
    ...row,
    name: wordsOf(rules, row).name,
  }));
  return { findings, count: rows[0]?.count ?? 0 };
}

async function countOf({ db }: Scope, id: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from findings where analysis_id = ${id}`.execute(db);
  return rows[0]!.count;
}
