import { sql } from 'kysely';
import type { Rule } from '#domain/rule.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Scope } from './scope.ts';

/** An analysis as far as its results need to know it. */
export interface Looked {
  id: string;
  name: string;
  source: string;
  status: string;
  startedAt: string | null;
  finishedAt: string | null;
  createdAt: string;
  rows: number;
  rejected: number;
  reviewId: string | null;
  previousId: string | null;
  series: string;
  health: number | null;
  summary: unknown;
  /** As they were when it ran. */
  rules: Rule[];
}

export async function lookedAt({ db }: Scope, id: string): Promise<Looked> {
  const { rows } = await sql<Looked>`
    select id, name, source, status, started_at, finished_at, created_at, rows, rejected, review_id, previous_id,
      series, health, summary, rules
    from analyses where id = ${id}`.execute(db);
  const [row] = rows;
  if (!row) throw new Refusal('not-found', 'There is no such analysis.');
  return row;
}

type RuleWords = Pick<
  Rule,
  'name' | 'category' | 'severity' | 'remediation_action' | 'remediation_owner' | 'automatable'
>;

/** What is said of a rule in results; one that is not known any more is called by its id. */
export function wordsOf(
  rules: Map<string, Rule>,
  { ruleId, category, severity }: { ruleId: string; category: string; severity: string },
): RuleWords {
  const rule = rules.get(ruleId);
  if (rule) return rule;
  return {
    ...{ name: ruleId, category: category as Rule['category'] },
    ...{ severity: severity as Rule['severity'], automatable: false },
    ...{ remediation_action: '', remediation_owner: 'deal_owner' as const },
  };
}

export function rulesById({ rules }: Pick<Looked, 'rules'>): Map<string, Rule> {
  return new Map(rules.map((rule) => [rule.id, rule]));
}
