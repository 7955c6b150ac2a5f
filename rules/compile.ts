import { Refusal } from '#domain/refusal.ts';
import type {
  Leaf,
  Rule,
  RuleCondition,
  RuleFacts,
  RuleOverride,
  Violation,
} from '#domain/rule.ts';
import { factOf } from './facts.ts';
import { faultsOf } from './faults.ts';
import { type Message, messageOf } from './message.ts';
import { type At, momentOf } from './moment.ts';
import { meanings, type Test, type Value } from './operators.ts';

export type { At } from './moment.ts';

export interface Compiled {
  /** The rules that are on, as they are after what was set otherwise. */
  rules: Rule[];
  /** Every rule that fires on a deal, in the order of the rules. The empty answer is one and the same, and frozen. */
  run(facts: RuleFacts, at: At): Violation[];
}

/** Overrides by the id of their rule. */
export type Overrides = Record<string, RuleOverride>;

/** Makes closures of rules once, to be run over any number of deals. Refuses what `faultsOf` finds. */
export function compileRules(rules: Rule[], overrides: Overrides = {}): Compiled {
  const inForce = rules.flatMap((rule) => {
    const override = Object.hasOwn(overrides, rule.id) ? overrides[rule.id] : undefined;
    return override?.enabled === false ? [] : [override ? laidOver(rule, override) : rule];
  });
  const faults = inForce.flatMap((rule) =>
    faultsOf(rule).map(({ path, message }) => ({ field: `${rule.id}.${path}`, message })),
  );
  if (faults.length > 0) throw new Refusal('invalid', faults[0]!.message, faults);

  const checks = inForce.map(checkOf);
  const checksFor = planned(checks);
  return {
    rules: inForce,
    run(facts, at) {
      const moment = momentOf(at);
      let violations: Violation[] | undefined;
      for (const { rule, fires, message, remediation } of checksFor(facts)) {
        if (!fires(facts, moment)) continue;
        const said = { message: message(facts, moment), remediation: remediation(facts, moment) };
        (violations ??= []).push(violationOf(rule, said));
      }
      return violations ?? none;
    },
  };
}

/** A rule as a workspace or a person wants it. What the rule does not have, or out of bounds, is left as it was. */
export function laidOver(rule: Rule, override: RuleOverride): Rule {
  const thresholds = Object.entries(rule.thresholds).map(([name, threshold]) => {
    const { least = -Infinity, most = Infinity } = threshold;
    const value = override.thresholds?.[name];
    const isMeant = value !== undefined && value >= least && value <= most;
    return [name, isMeant ? { ...threshold, value } : threshold] as const;
  });
  const { severity = rule.severity, applies_to_stages = rule.applies_to_stages } = override;
  return {
    ...{ ...rule, severity, thresholds: Object.fromEntries(thresholds) },
    ...(applies_to_stages && { applies_to_stages }),
  };
}

/** Overrides of several, each later one over those before it: first the workspace's, then a person's. */
export function laidTogether(...layers: Overrides[]): Overrides {
  const all: Overrides = {};
  for (const layer of layers)
    for (const [id, override] of Object.entries(layer)) {
      const thresholds = { ...all[id]?.thresholds, ...override.thresholds };
      all[id] = {
        ...all[id],
        ...override,
        ...(Object.keys(thresholds).length > 0 && { thresholds }),
      };
    }
  return all;
}

/** A condition as one closure. Its names must be known: see `faultsOf`. */
export function testOf(condition: RuleCondition, rule: Pick<Rule, 'thresholds'>): RowTest {
  if ('not' in condition) {
    const test = testOf(condition.not, rule);
    return (facts, moment) => !test(facts, moment);
  }
  if ('field' in condition) return leafTest(condition, rule);
  const isAll = 'all_of' in condition;
  const tests = (isAll ? condition.all_of : condition.any_of).map((one) => testOf(one, rule));
  return (facts, moment) => {
    for (const test of tests) if (test(facts, moment) !== isAll) return !isAll;
    return isAll;
  };
}

type RowTest = (facts: RuleFacts, moment: Parameters<Test>[1]) => boolean;

interface Check {
  rule: Rule;
  fires: RowTest;
  message: Message;
  remediation: Message;
}

const none: Violation[] = [];
Object.freeze(none);

function checkOf(rule: Rule): Check {
  return {
    rule,
    fires: testOf(rule.condition, rule),
    message: messageOf(rule.message, rule.thresholds),
    remediation: messageOf(rule.remediation_action, rule.thresholds),
  };
}

function leafTest(
  { field, operator, value }: Leaf,
  { thresholds }: Pick<Rule, 'thresholds'>,
): RowTest {
  const named = [value].flat().flatMap((one) => (typeof one === 'object' ? [one.threshold] : []));
  const type = factOf(field)?.type;
  const how = {
    isTime: type === 'date' || type === 'instant',
    inHours: named.some((name) => thresholds[name]!.unit === 'hours'),
  };
  const make = meanings[operator].make as (value: Value, of: typeof how) => Test;
  const test = make(settled(value, thresholds), how);
  return (facts, moment) => test(facts[field], moment);
}

function settled(value: Leaf['value'], thresholds: Rule['thresholds']): Value {
  if (Array.isArray(value))
    return value.map((one) => (typeof one === 'object' ? thresholds[one.threshold]!.value : one));
  return typeof value === 'object' ? thresholds[value.threshold]!.value : value;
}

interface Plan {
  stage: unknown;
  stageName: unknown;
  stageKind: unknown;
  checks: Check[];
}

/** Which checks are meant for the stage of a deal. Stages are few: each is looked at once. */
function planned(checks: Check[]): (facts: RuleFacts) => Check[] {
  let plans: Plan[] = [];
  return ({ stage, stageName, stageKind }) => {
    for (const plan of plans)
      if (plan.stage === stage && plan.stageName === stageName && plan.stageKind === stageKind)
        return plan.checks;
    const meant = checks.filter(({ rule }) => isMeantFor(rule, { stage, stageName, stageKind }));
    if (plans.length >= 200) plans = [];
    plans.push({ stage, stageName, stageKind, checks: meant });
    return meant;
  };
}

/** Stages are named by slug, by name or by kind (open, won, lost), in any case; a rule that names none is for open ones. */
export function isMeantFor({ applies_to_stages }: Rule, facts: RuleFacts): boolean {
  const { stage, stageName, stageKind } = facts;
  const names = [stage, stageName, stageKind].flatMap((one) =>
    typeof one === 'string' ? [one.trim().toLowerCase()] : [],
  );
  if (!applies_to_stages) {
    const kinds = typeof stageKind === 'string' ? names.slice(-1) : names;
    return !kinds.includes('won') && !kinds.includes('lost');
  }
  return applies_to_stages.some((one) => names.includes(one.trim().toLowerCase()));
}

function violationOf(rule: Rule, said: Pick<Violation, 'message' | 'remediation'>): Violation {
  const { id: ruleId, name, category, severity, remediation_owner, automatable } = rule;
  return {
    ruleId,
    name,
    category,
    severity,
    ...said,
    remediationOwner: remediation_owner,
    automatable,
  };
}
