import { sql } from 'kysely';
import type { Rule } from '#domain/rule.ts';
import { insertRows } from '#db/rows.ts';
import type { Scope } from '#db/scope.ts';

export interface StoryDeal {
  subject?: string;
  dealId?: string | null;
  name: string;
  stage?: string;
  owner?: string | null;
  ownerId?: string | null;
  company?: string | null;
  amountCents?: number | null;
  health?: number;
  facts?: object;
  custom?: object;
  /** The ids of the rules that fire on it. */
  fires?: string[];
}

export interface Story {
  name?: string;
  source?: 'file' | 'pipeline' | 'view' | 'deal';
  series?: string;
  previousId?: string;
  reviewId?: string;
  health?: number;
  startedAt?: string;
  deals?: StoryDeal[];
}

/** Rules of every severity; three of them can be put right by themselves. */
export const storyRules: Rule[] = [
  ruleOf('close_date_past', 'Close date in the past', 'SALES_HYGIENE', 'CRITICAL', {
    ...{ automatable: true, fix: { kind: 'clear_field', field: 'expectedCloseOn' } },
    remediation_action: 'Set a real close date',
  }),
  ruleOf('deal_missing_owner', 'Deal has no owner', 'DATA_QUALITY', 'CRITICAL', {
    ...{ automatable: true, fix: { kind: 'assign_owner' }, remediation_owner: 'manager' },
  }),
  ruleOf('missing_lead_source', 'No lead source', 'DATA_QUALITY', 'INFO', {
    ...{ automatable: true, fix: { kind: 'set_field', field: 'source', value: 'manual' } },
    remediation_owner: 'operations',
  }),
  ruleOf('no_next_step', 'No next step', 'SALES_HYGIENE', 'WARNING', {
    ...{ automatable: true, fix: { kind: 'create_task', value: 'Agree on what is next' } },
  }),
  ruleOf('single_threaded', 'Only one contact', 'ENGAGEMENT', 'WARNING', {}),
];

/** An analysis that is over, with its deals, findings and summary as the workflow would have left them. */
export async function anAnalysis(scope: Scope, story: Story = {}): Promise<string> {
  const { db, workspaceId, actor } = scope;
  const { source = 'pipeline', series = 'pipeline', deals = aFewDeals() } = story;
  const startedAt = story.startedAt ?? new Date().toISOString();
  const { rows } = await sql<{ id: string }>`
    insert into analyses (workspace_id, name, source, status, step, series, previous_id, review_id, rules, rows,
      rows_total, health, summary, created_by, started_at, finished_at)
    values (${workspaceId}, ${story.name ?? 'Monday pipeline review'}, ${source}, 'done', 'report', ${series},
      ${story.previousId ?? null}, ${story.reviewId ?? null}, ${JSON.stringify(storyRules)}::jsonb, ${deals.length},
      ${deals.length}, ${story.health ?? 71}, '{}', ${actor}, ${startedAt}, ${startedAt})
    returning id`.execute(db);
  const { id } = rows[0]!;
  const lines = deals.map((deal, at) => lineOf(workspaceId, id, deal, at + 1));
  await insertRows(scope, 'analysisDeals', lines.map(({ row }) => row) as never, ['line']);
  const before = story.previousId ? await pairsOf(scope, story.previousId) : undefined;
  const findings = lines.flatMap(({ row, fired }) =>
    fired.map((rule) => ({
      ...{ workspaceId, analysisId: id, line: row.line, ruleId: rule.id },
      ...{ severity: rule.severity, category: rule.category, message: `${rule.name}: ${row.name}` },
      change: before ? (before.has(`${row.subject} ${rule.id}`) ? 'still' : 'new') : null,
    })),
  );
  await insertRows(scope, 'findings', findings as never, ['line']);
  const here = await pairsOf(scope, id);
  const change = before && {
    new: findings.filter((one) => one.change === 'new').length,
    still: findings.filter((one) => one.change === 'still').length,
    fixed: [...before].filter((pair) => !here.has(pair)).length,
  };
  const summary = { ...summaryOf(lines), change: change ?? null };
  await sql`update analyses set summary = ${JSON.stringify(summary)}::jsonb where id = ${id}`.execute(
    db,
  );
  return id;
}

/** Five deals of three people, one of them clean. */
export function aFewDeals(): StoryDeal[] {
  return [
    {
      ...{ name: 'Bauer Cold Storage', stage: 'negotiation', amountCents: 9_199_300 },
      ...{ owner: 'Marcus Oyelaran', ownerId: 'marcus', company: 'Bauer GmbH', health: 44 },
      fires: ['close_date_past', 'no_next_step', 'single_threaded'],
    },
    {
      ...{ name: 'Dvořák Tile & Stone', stage: 'discovery', amountCents: 760_000 },
      ...{ owner: 'Tom Brandt', ownerId: 'tom', company: 'Dvořák s.r.o.', health: 71 },
      ...{ fires: ['deal_missing_owner', 'missing_lead_source'], custom: { Región: 'São Paulo' } },
    },
    {
      ...{ name: 'Alder Creek Timber', stage: 'proposal', amountCents: 3_150_000, health: 80 },
      ...{ owner: 'Marcus Oyelaran', ownerId: 'marcus', fires: ['no_next_step'] },
    },
    {
      ...{ name: '=HYPERLINK("http://evil.example")', stage: 'proposal', amountCents: null },
      ...{ owner: null, health: 92, fires: ['missing_lead_source'] },
    },
    { name: 'Copperline Logistics', stage: 'proposal', amountCents: 6_800_000, health: 100 },
  ];
}

type Line = ReturnType<typeof lineOf>;

function lineOf(workspaceId: string, analysisId: string, deal: StoryDeal, line: number) {
  const { fires = [], subject, ...given } = deal;
  const fired = storyRules.filter(({ id }) => fires.includes(id));
  const row = {
    ...{ workspaceId, analysisId, line, dealId: null, owner: null, ownerId: null, company: null },
    ...{ stage: 'proposal', amountCents: null, health: 100, custom: {} },
    ...given,
    facts: { name: deal.name, amountCents: deal.amountCents ?? null, ...deal.facts },
    subject: subject ?? deal.dealId ?? deal.name,
    critical: fired.filter(({ severity }) => severity === 'CRITICAL').length,
    warning: fired.filter(({ severity }) => severity === 'WARNING').length,
    info: fired.filter(({ severity }) => severity === 'INFO').length,
  };
  return { row, fired };
}

async function pairsOf({ db }: Scope, analysisId: string): Promise<Set<string>> {
  const { rows } = await sql<{ pair: string }>`
    select d.subject || ' ' || f.rule_id as pair from findings f
      join analysis_deals d on d.analysis_id = f.analysis_id and d.line = f.line
    where f.analysis_id = ${analysisId}`.execute(db);
  return new Set(rows.map(({ pair }) => pair));
}

function summaryOf(lines: Line[]) {
  const severity = { CRITICAL: 0, WARNING: 0, INFO: 0 };
  const [category, owner]: Record<string, Record<string, number>>[] = [{}, {}];
  const [rule, stage]: Record<string, number>[] = [{}, {}];
  const owners: Record<string, unknown> = {};
  for (const { row, fired } of lines) {
    const mine = (owner![row.owner ?? ''] ??= { critical: 0, warning: 0, info: 0, deals: 0 });
    mine['deals']! += 1;
    for (const one of fired) {
      const key = one.severity.toLowerCase();
      severity[one.severity] += 1;
      (category![one.category] ??= { critical: 0, warning: 0, info: 0 })[key]! += 1;
      mine[key]! += 1;
      rule![one.id] = (rule![one.id] ?? 0) + 1;
      stage![row.stage] = (stage![row.stage] ?? 0) + 1;
    }
    owners[row.owner ?? ''] = { ...mine, ownerId: row.ownerId, health: row.health };
  }
  const clean = lines.filter(({ fired }) => fired.length === 0).length;
  return { severity, category, rule, stage, owner: owners, deals: lines.length, clean };
}

function ruleOf(
  id: string,
  name: string,
  category: Rule['category'],
  severity: Rule['severity'],
  more: Partial<Rule>,
): Rule {
  return {
    ...{ id, name, category, severity, description: `${name}.`, thresholds: {}, examples: [] },
    condition: { field: 'name', operator: 'not_empty' },
    ...{ message: name, remediation_action: `See to it: ${name}`, automatable: false },
    remediation_owner: 'deal_owner',
    ...more,
  };
}
