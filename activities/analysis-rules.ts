import type { AnalysisSummary } from '#domain/analysis.ts';
import { factsOfColumns } from '#rules/deal-row.ts';
import type { AnalysisWork } from '#db/analysis-turns.ts';
import { rulesFor } from '#db/rule-overrides.ts';
import type { Scope } from '#db/scope.ts';
import type { Rule, RuleCondition } from '#domain/rule.ts';
import { compileRules } from '#rules/compile.ts';
import { inForce } from '#rules/in-force.ts';
import { currentRules } from '#rules/set.ts';

type LeftOut = AnalysisSummary['leftOut'];

/**
 * The rules that an analysis judges by, as they are at this moment: those that were asked for, with what the workspace
 * sets otherwise, and what the person who asked does. Of a file, without those that its columns say nothing to.
 */
export async function rulesOfWork(
  scope: Scope,
  work: AnalysisWork,
): Promise<{ rules: Rule[]; leftOut: LeftOut }> {
  const own = await rulesFor(scope, work.reviewId ? {} : { userId: work.createdBy });
  const { rules: written, overrides } = inForce(currentRules().rules, own);
  const wanted = written.filter(({ id }) => work.ruleIds?.includes(id) ?? true);
  const { rules } = compileRules(wanted, overrides);
  if (work.source !== 'file') return { rules, leftOut: [] };
  const known = factsOfColumns(work);
  const blind = rules.filter(({ condition }) => !canFire(condition, known));
  return {
    rules: rules.filter((rule) => !blind.includes(rule)),
    leftOut: blind.map(({ id, name, condition }) => {
      const missing = fieldsOf(condition).filter((field) => !known.has(field));
      return { id, name, because: `The file does not say: ${missing.join(', ')}.` };
    }),
  };
}

/** What is not known makes nothing fire. */
function canFire(condition: RuleCondition, known: Set<string>): boolean {
  if ('field' in condition) return known.has(condition.field);
  if ('not' in condition) return canFire(condition.not, known);
  if ('all_of' in condition) return condition.all_of.every((one) => canFire(one, known));
  return condition.any_of.some((one) => canFire(one, known));
}

function fieldsOf(condition: RuleCondition): string[] {
  if ('field' in condition) return [condition.field];
  if ('not' in condition) return fieldsOf(condition.not);
  const all = 'all_of' in condition ? condition.all_of : condition.any_of;
  return [...new Set(all.flatMap(fieldsOf))];
}
