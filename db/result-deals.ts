import { sql } from 'kysely';
import type { DealSort, Finding, ResultFilter, ReviewedDeal } from '#domain/result.ts';
import {
  cursorOf,
  dealsWanted,
  findingsWanted,
  narrowsFindings,
  orderOf,
  type Wanted,
} from './result-filter.ts';
import { type Looked, lookedAt, rulesById, wordsOf } from './result-rules.ts';
import type { Scope } from './scope.ts';
import { byHash } from './statistics.ts';

export interface DealPage {
  deals: ReviewedDeal[];
  total: number;
  /** Of all its deals: how many findings are wanted. */
  findings: number;
  next: string | null;
}

interface Asked {
  filter: ResultFilter;
  sort: DealSort;
  after?: string | undefined;
  limit: number;
}

/** A page of the deals of an analysis with what was found on each, and how many there are. */
export async function listReviewed(
  scope: Scope,
  id: string,
  asked: Asked,
  now: string,
): Promise<DealPage> {
  const looked = await lookedAt(scope, id);
  const wanted = { looked, filter: asked.filter, now };
  const counts = await countWanted(scope, wanted);
  return { ...counts, ...(await reviewedPage(scope, looked, asked, now)) };
}

/** How many deals, and how many findings on them; each deal knows how many it has in all. */
async function countWanted({ db }: Scope, wanted: Wanted) {
  const counted = narrowsFindings(wanted.filter)
    ? sql<Counted>`
        with found as materialized (${findingsWanted(wanted)}),
          d as materialized (select d.line from analysis_deals d where ${dealsWanted(wanted, sql`found`)})
        select (select count(*) from d) as total,
          (select count(*) from found f where f.line in (select line from d)) as findings`
    : sql<Counted>`
        select count(*) as total, coalesce(sum(d.critical + d.warning + d.info), 0) as findings
        from analysis_deals d where ${dealsWanted(wanted)}`;
  const { rows } = await byHash(db, () => counted.execute(db));
  return rows[0]!;
}

interface Counted {
  total: number;
  findings: number;
}

interface DealRow extends Omit<ReviewedDeal, 'findings'> {
  key: string;
}

/** The same without counting them. */
export async function reviewedPage(
  scope: Scope,
  looked: Looked,
  { filter, sort, after, limit }: Asked,
  now: string,
): Promise<{ deals: ReviewedDeal[]; next: string | null }> {
  const wanted = { looked, filter, now };
  const order = orderOf(sort, after);
  const asked = sql<DealRow>`
    select d.line, d.deal_id, d.name, d.stage, coalesce(d.facts->>'stageName', d.stage) as stage_name, d.owner,
      d.owner_id, d.company, d.amount_cents, d.health, d.critical, d.warning, d.info, ${order.key} as key
    from analysis_deals d where ${dealsWanted(wanted)} and ${order.after}
    order by ${order.by} limit ${limit + 1}`;
  const { rows } = await byHash(scope.db, () => asked.execute(scope.db));
  const page = rows.slice(0, limit);
  const lines = page.map(({ line }) => line);
  const found = await findingsOn(scope, looked, { ...wanted, lines });
  const deals = page.map(({ key: _, ...deal }) => ({
    ...deal,
    findings: found.get(deal.line) ?? [],
  }));
  return { deals, next: rows.length > limit ? cursorOf(page.at(-1)!.key) : null };
}

interface FindingRow extends Omit<
  Finding,
  'name' | 'remediation' | 'remediationOwner' | 'automatable'
> {
  line: number;
}

/** What was found on each of these lines, the worst first. */
async function findingsOn(
  { db }: Scope,
  looked: Looked,
  wanted: Wanted & { lines: number[] },
): Promise<Map<number, Finding[]>> {
  if (wanted.lines.length === 0) return new Map();
  const { rows } = await sql<FindingRow>`
    select f.line, f.rule_id, f.severity, f.category, f.message, f.change, f.fixed_at, f.undo_id, f.task_id,
      s.snoozed_until, nullif(s.reason, '') as snoozed_because,
      (select count(*) from finding_comments c where c.subject = d.subject and c.rule_id = f.rule_id) as comments
    from (${findingsWanted(wanted)}) f
      join analysis_deals d on d.analysis_id = ${looked.id} and d.line = f.line
      left join finding_snoozes s on s.subject = d.subject and s.rule_id = f.rule_id
        and s.snoozed_until > ${wanted.now}::timestamptz
    order by f.line, case f.severity when 'CRITICAL' then 0 when 'WARNING' then 1 else 2 end, f.rule_id`.execute(
    db,
  );
  const rules = rulesById(looked);
  const found = new Map<number, Finding[]>();
  for (const { line, ...row } of rows) {
    const words = wordsOf(rules, row);
    const finding = {
      ...{ ...row, name: words.name, automatable: words.automatable },
      ...{ remediation: words.remediation_action, remediationOwner: words.remediation_owner },
    };
    found.set(line, [...(found.get(line) ?? []), finding]);
  }
  return found;
}
