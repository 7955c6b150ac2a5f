import type { Rule, RuleCondition, RuleFacts, Severity } from '#domain/rule.ts';
import type { Assessable, Told } from './assessment.ts';
import { compileRules } from './compile.ts';
import { inForce, type OwnRules } from './in-force.ts';

const order: Severity[] = ['CRITICAL', 'WARNING', 'INFO'];

/** A deal as it is now, with what the rules in force find on it. */
export function assessableNow(
  deal: { facts: RuleFacts; own: OwnRules; currency: string; timeZone: string },
  files: readonly Rule[],
  now: string,
): Assessable {
  const { facts, own, currency, timeZone } = deal;
  const { rules, overrides } = inForce(files, own);
  const compiled = compileRules(rules, overrides);
  const fired = compiled.run(facts, { now, timeZone });
  return { facts, findings: toldOf(fired, compiled.rules), currency, now };
}

/** A deal as an analysis saw it. */
export function assessableThen(deal: {
  facts: RuleFacts;
  findings: { ruleId: string; severity: Severity; message: string }[];
  rules: Rule[];
  currency: string;
  at: string;
}): Assessable {
  const { facts, findings, rules, currency, at } = deal;
  return { facts, findings: toldOf(findings, rules), currency, now: at };
}

function toldOf(
  fired: { ruleId: string; severity: Severity; message: string; remediation?: string }[],
  rules: Rule[],
): Told[] {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return fired
    .map(({ ruleId, severity, message, remediation }) => {
      const rule = byId.get(ruleId);
      const cites = rule ? [...new Set(fieldsOf(rule.condition))] : [];
      const next = remediation ?? rule?.remediation_action ?? message;
      return { ruleId, severity, message, remediation: next, cites };
    })
    .toSorted((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity));
}

function fieldsOf(condition: RuleCondition): string[] {
  if ('field' in condition) return [condition.field];
  if ('not' in condition) return fieldsOf(condition.not);
  return ('all_of' in condition ? condition.all_of : condition.any_of).flatMap(fieldsOf);
}
