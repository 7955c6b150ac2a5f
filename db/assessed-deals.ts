import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { Rule, RuleFacts, Severity } from '#domain/rule.ts';
import { dealFacts } from './deal-facts.ts';
import { type OwnRules, rulesFor } from './rule-overrides.ts';
import type { Scope } from './scope.ts';

/** How many of the last notes are read, and how much of each. */
const NOTES = 5;
const CHARACTERS = 500;

/** All that is known of one deal as it is now, with what the workspace says about rules. */
export interface DealNow {
  facts: RuleFacts;
  own: OwnRules;
  currency: string;
  timeZone: string;
}

/** Refuses a deal that is not there. */
export async function dealAsKnown(scope: Scope, dealId: string, now: string): Promise<DealNow> {
  const { deals } = await dealFacts(scope, { now, dealIds: [dealId] });
  const [deal] = deals;
  if (!deal) throw new Refusal('not-found', 'There is no such deal.');
  const notes = await notesOf(scope, dealId);
  const facts = { ...deal.facts, ...(notes.length > 0 && { notes }) };
  return { facts, own: await rulesFor(scope), ...(await placeOf(scope)) };
}

/** One deal as it stood in an analysis. Refuses one that is not there. */
export interface DealThen {
  facts: RuleFacts;
  findings: { ruleId: string; severity: Severity; message: string }[];
  /** The rules as they were. */
  rules: Rule[];
  currency: string;
  /** When it was looked at. */
  at: string;
}

export async function dealInAnalysis(
  scope: Scope,
  analysisId: string,
  line: number,
): Promise<DealThen> {
  const { rows } = await sql<Omit<DealThen, 'currency'>>`
    select coalesce((select jsonb_object_agg('custom.' || key, value) from jsonb_each(d.custom)), '{}') || d.facts as facts,
      a.rules,
      coalesce(a.started_at, a.created_at) as at,
      coalesce((select jsonb_agg(jsonb_build_object('ruleId', rule_id, 'severity', severity, 'message', message)
          order by array_position(array['CRITICAL', 'WARNING', 'INFO'], severity), rule_id)
        from findings f where f.analysis_id = d.analysis_id and f.line = d.line), '[]') as findings
    from analysis_deals d join analyses a on a.id = d.analysis_id
    where d.analysis_id = ${analysisId} and d.line = ${line}`.execute(scope.db);
  if (!rows[0]) throw new Refusal('not-found', 'There is no such deal in this analysis.');
  const { currency } = await placeOf(scope);
  return { ...rows[0], currency };
}

async function notesOf({ db }: Scope, dealId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('activities')
    .select([sql<string>`left(body, ${CHARACTERS})`.as('text')])
    .where('dealId', '=', dealId)
    .where('kind', 'in', ['note', 'call', 'meeting', 'comment'])
    .where('body', 'is not', null)
    .orderBy('at', 'desc')
    .limit(NOTES)
    .execute();
  return rows.map(({ text }) => text).filter((text) => text.trim() !== '');
}

function placeOf({ db }: Scope): Promise<{ currency: string; timeZone: string }> {
  return db.selectFrom('workspaces').select(['currency', 'timeZone']).executeTakeFirstOrThrow();
}
