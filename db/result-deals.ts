import { sql } from 'kysely';
import type { AnalysisSummary } from '#domain/analysis.ts';
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
  const known = countedBefore(looked, asked.filter);
  if (known) return { ...known, ...(await reviewedPage(scope, looked, asked, now)) };
  const rows = await byHash(scope.db, () => rowsOf(scope, { looked, asked, now, isCounted: true }));
  const { total, findings } = rows[0]!;
  return { total, findings, ...(await pageOf(scope, looked, { rows, asked, now })) };
}

/** What an analysis counted when it ended, where nothing narrows it further: its deals and findings stay as they are. */
function countedBefore(
  { status, summary }: Looked,
  { clean, ...narrowing }: ResultFilter,
): Counted | undefined {
  if (status !== 'done' || Object.values(narrowing).some((one) => one !== undefined)) return;
  const { deals, clean: without, severity } = summary as AnalysisSummary;
  const findings = severity.CRITICAL + severity.WARNING + severity.INFO;
  if (clean === undefined) return { total: deals, findings };
  return clean ? { total: without, findings: 0 } : { total: deals - without, findings };
}

/** The same without counting them. */
export async function reviewedPage(
  scope: Scope,
  looked: Looked,
  asked: Asked,
  now: string,
): Promise<Pick<DealPage, 'deals' | 'next'>> {
  const rows = await rowsOf(scope, { looked, asked, now, isCounted: false });
  return pageOf(scope, looked, { rows, asked, now });
}

/** A deal of the page, or nothing but what was counted where the page has none. */
interface Row extends Omit<ReviewedDeal, 'findings' | 'line'>, Counted {
  line: number | null;
  key: string;
}

interface Counted {
  total: number;
  findings: number;
}

interface Question {
  looked: Looked;
  asked: Asked;
  now: string;
  isCounted: boolean;
}

/** What is wanted is found once, for the page and for how many there are. */
async function rowsOf(
  { db }: Scope,
  { looked, asked: { filter, sort, after, limit }, now, isCounted }: Question,
): Promise<Row[]> {
  const wanted = { looked, filter, now };
  const order = orderOf(sort, after);
  const found = narrowsFindings(filter)
    ? sql`found as materialized (select f.line from (${findingsWanted(wanted)}) f),`
    : sql``;
  const findings = narrowsFindings(filter)
    ? sql`(select count(*) from found f where f.line in (select line from listed))`
    : sql`(select coalesce(sum(findings), 0) from listed)`;
  const counted = isCounted
    ? sql`select (select count(*) from listed) as total, ${findings} as findings`
    : sql`select 0 as total, 0 as findings`;
  const { rows } = await sql<Row>`
    with ${found}
    listed as ${sql.raw(isCounted ? 'materialized' : 'not materialized')} (
      select d.line, d.worst_rank, d.amount_rank, d.name_rank, d.critical + d.warning + d.info as findings
      from analysis_deals d where ${dealsWanted(wanted, sql`found`)}),
    page as (
      select d.line from listed d where ${order.after} order by ${order.by} limit ${limit + 1}),
    shown as (
      select * from analysis_deals where analysis_id = ${looked.id} and line = any(array(select line from page)))
    select counted.total, counted.findings, d.line, d.deal_id, d.name, d.stage,
      coalesce(d.facts->>'stageName', d.stage) as stage_name, d.owner, d.owner_id, d.company, d.amount_cents,
      d.health, d.critical, d.warning, d.info, ${order.key} as key
    from (${counted}) counted left join shown d on true
    order by ${order.by}`.execute(db);
  return rows;
}

async function pageOf(
  scope: Scope,
  looked: Looked,
  { rows, asked: { filter, limit }, now }: { rows: Row[]; asked: Asked; now: string },
): Promise<Pick<DealPage, 'deals' | 'next'>> {
  const there = rows.filter((row): row is Row & { line: number } => row.line !== null);
  const page = there.slice(0, limit);
  const lines = page.map(({ line }) => line);
  const found = await findingsOn(scope, looked, { looked, filter, now, lines });
  const deals = page.map(({ key: _, total: __, ...deal }) => ({
    ...deal,
    findings: found.get(deal.line) ?? [],
  }));
  return { deals, next: there.length > limit ? cursorOf(page.at(-1)!.key) : null };
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
