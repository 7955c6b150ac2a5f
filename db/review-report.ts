import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { ReportContext, ReportDeal } from '#domain/report.ts';
import type { Scope } from './scope.ts';

/** Of which analysis, for whom, and as what. */
export interface ReportWish {
  analysisId: string;
  reader: { name: string; ownerId?: string | undefined };
  review: ReportContext['review'];
  run: ReportContext['run'];
  baseUrl: string;
}

/** How many deals a report names; the rest is counted. */
const NAMED = 40;
/** And how many findings of each. */
const SAID = 8;

/** What a report of an analysis is filled with: everything, or what is about one owner's deals. */
export async function reportOf(scope: Scope, wish: ReportWish): Promise<ReportContext> {
  const { reader, review, run, baseUrl } = wish;
  const { ownerId } = reader;
  const about = await headOf(scope, wish.analysisId);
  const { summary } = about;
  const of = ownerId ? sql`d.owner_id = ${ownerId}` : sql`true`;
  const counts = await countsOf(scope, wish.analysisId, of);
  const owner = Object.values(summary.owner ?? {}).find((one) => one.ownerId === ownerId);
  const score = (ownerId ? (owner?.health ?? counts.health) : about.health) ?? 0;
  const before = ownerId ? null : about.before;
  const deals = await dealsOf(scope, about, of, baseUrl);
  return {
    ...{ review, run, deals },
    workspace: { name: about.workspace },
    reader: { name: reader.name, isOwner: ownerId !== undefined },
    health: { score, before: before === null ? '' : String(before), ...changeOf(score, before) },
    counts,
    change: ownerId
      ? { new: counts.new, still: counts.still, fixed: 0 }
      : { new: 0, still: 0, fixed: 0, ...summary.change },
    categories: Object.entries(summary.category ?? {}).map(([name, one]) => ({
      name: sentence(name),
      ...one,
    })),
    owners: Object.entries(summary.owner ?? {}).map(([name, { ownerId: _, health, ...one }]) => ({
      ...{ name: name || 'Nobody', health: health ?? 0, ...one },
    })),
    rules: about.rules
      .map(({ id, name, severity }) => ({
        ...{ name, severity: sentence(severity), count: summary.rule?.[id] ?? 0 },
      }))
      .filter(({ count }) => count > 0)
      .toSorted((a, b) => b.count - a.count),
    more: Math.max(0, counts.deals - counts.clean - deals.length),
    url: `${baseUrl}/reviews/${wish.analysisId}`,
    settingsUrl: review.url,
  };
}

interface Counted {
  critical: number;
  warning: number;
  info: number;
}
interface Summary {
  category?: Record<string, Counted>;
  rule?: Record<string, number>;
  owner?: Record<
    string,
    Counted & { ownerId: string | null; health: number | null; deals: number }
  >;
  change?: { new: number; still: number; fixed: number } | null;
}
interface Head {
  id: string;
  workspace: string;
  currency: string;
  health: number | null;
  before: number | null;
  summary: Summary;
  rules: { id: string; name: string; severity: string; remediation_action?: string }[];
}

async function headOf({ db }: Scope, id: string): Promise<Head> {
  const row = await db
    .selectFrom('analyses as a')
    .innerJoin('workspaces as w', 'w.id', 'a.workspaceId')
    .leftJoin('analyses as p', (on) =>
      on.onRef('p.workspaceId', '=', 'a.workspaceId').onRef('p.id', '=', 'a.previousId'),
    )
    .select(['a.id', 'w.name as workspace', 'w.currency', 'a.health', 'p.health as before'])
    .select(['a.summary', 'a.rules'])
    .where('a.id', '=', id)
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such analysis.');
  const rules = Array.isArray(row.rules) ? row.rules : [];
  return { ...row, rules } as unknown as Head;
}

async function countsOf({ db }: Scope, id: string, of: ReturnType<typeof sql>) {
  const { rows } = await sql<
    Counted & Record<'deals' | 'clean' | 'new' | 'still' | 'health', number>
  >`
    select count(*)::int as deals, coalesce(sum(d.critical), 0)::int as critical,
      coalesce(sum(d.warning), 0)::int as warning, coalesce(sum(d.info), 0)::int as info,
      (count(*) filter (where d.critical + d.warning + d.info = 0))::int as clean,
      coalesce(round(avg(d.health)), 0)::int as health,
      (select count(*)::int from findings f join analysis_deals d using (workspace_id, analysis_id, line)
        where f.analysis_id = ${id} and f.change = 'new' and ${of}) as new,
      (select count(*)::int from findings f join analysis_deals d using (workspace_id, analysis_id, line)
        where f.analysis_id = ${id} and f.change = 'still' and ${of}) as still
    from analysis_deals d where d.analysis_id = ${id} and ${of}`.execute(db);
  return rows[0]!;
}

async function dealsOf(
  { db }: Scope,
  { id, currency, rules }: Head,
  of: ReturnType<typeof sql>,
  baseUrl: string,
): Promise<ReportDeal[]> {
  const { rows } = await sql<Found>`
    with worst as (
      select * from analysis_deals d
      where d.analysis_id = ${id} and d.critical + d.warning + d.info > 0 and ${of}
      order by d.health, d.critical desc, d.amount_cents desc nulls last, d.line limit ${NAMED})
    select w.line, w.deal_id, w.name, w.stage, w.owner, w.company, w.amount_cents, w.health,
      f.severity, f.rule_id, f.message, f.change
    from worst w join lateral (
      select * from findings f where f.analysis_id = ${id} and f.line = w.line
      order by array_position(array['CRITICAL', 'WARNING', 'INFO'], f.severity), f.rule_id limit ${SAID}) f on true
    order by w.health, w.critical desc, w.amount_cents desc nulls last, w.line,
      array_position(array['CRITICAL', 'WARNING', 'INFO'], f.severity), f.rule_id`.execute(db);
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return [...Map.groupBy(rows, ({ line }) => line).values()].map((found) => {
    const { dealId, name, stage, owner, company, amountCents, health } = found[0]!;
    const url = dealId ? `${baseUrl}/deals/${dealId}` : `${baseUrl}/reviews/${id}`;
    const amount = amountCents === null ? '' : moneyOf(amountCents, currency);
    return {
      ...{ name, stage: stage ?? '', owner: owner ?? '', company: company ?? '' },
      ...{ amount, health, url },
      findings: found.map(({ severity, ruleId, message, change }) => ({
        severity: sentence(severity),
        rule: byId.get(ruleId)?.name ?? sentence(ruleId),
        message,
        remediation: byId.get(ruleId)?.remediation_action ?? '',
        isNew: change === 'new',
      })),
    };
  });
}

interface Found {
  line: number;
  dealId: string | null;
  name: string;
  stage: string | null;
  owner: string | null;
  company: string | null;
  amountCents: number | null;
  health: number;
  severity: string;
  ruleId: string;
  message: string;
  change: string | null;
}

function changeOf(score: number, before: number | null) {
  if (before === null) return { change: '', isWorse: false };
  const by = score - before;
  return { change: by > 0 ? `+${by}` : String(by).replace('-', '−'), isWorse: by < 0 };
}

/** `SALES_HYGIENE` as `Sales hygiene`. */
function sentence(word: string): string {
  const said = word.replaceAll('_', ' ').toLowerCase();
  return said.charAt(0).toUpperCase() + said.slice(1);
}

function moneyOf(cents: number, currency: string): string {
  const format = new Intl.NumberFormat('en-US', {
    ...{ style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' },
  });
  const { maximumFractionDigits: digits = 2 } = format.resolvedOptions();
  return format.format(cents / 10 ** digits);
}
