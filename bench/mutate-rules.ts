import type { Leaf, Rule, RuleCondition } from '#domain/rule.ts';
import { tryExamples } from '#rules/parse-rule.ts';
import { loadRules } from '#rules/set.ts';

/** One thing taken out of a rule or put otherwise. */
interface Mutant {
  rule: Rule;
  what: string;
}

const { rules } = loadRules();
const told = new Map<string, { all: number; caught: number }>();
const survivors: string[] = [];
for (const rule of rules) {
  for (const { what, rule: mutant } of mutantsOf(rule)) {
    const kind = what.split(':')[0]!;
    const sum = told.get(kind) ?? { all: 0, caught: 0 };
    const isCaught = tryExamples(mutant).failed.length > 0;
    told.set(kind, { all: sum.all + 1, caught: sum.caught + (isCaught ? 1 : 0) });
    if (!isCaught) survivors.push(`${rule.id}: ${what}`);
  }
}
for (const [kind, { all, caught }] of told) console.log(`${kind}: ${caught} of ${all} caught`);
for (const one of survivors) console.log(`nobody saw ${one}`);
process.exitCode = survivors.length === 0 ? 0 : 1;

function mutantsOf(rule: Rule): Mutant[] {
  return [...ofCondition(rule), ...ofThresholds(rule), ...ofStages(rule)];
}

function ofCondition(rule: Rule): Mutant[] {
  return leavesOf(rule.condition).flatMap((leaf) => {
    const name = `${leaf.field} ${leaf.operator} ${JSON.stringify(leaf.value) ?? ''}`;
    const without = { any_of: [leaf, { not: leaf }] };
    const changed: [string, RuleCondition][] = [
      [`leaf removed: ${name}`, dropped(rule.condition, leaf) ?? without],
      [`leaf negated: ${name}`, replaced(rule.condition, leaf, { not: leaf })],
      ...otherValues(leaf.value).map((value): [string, RuleCondition] => {
        const other = { ...leaf, value } as Leaf;
        return [
          `value changed: ${name} to ${JSON.stringify(value)}`,
          replaced(rule.condition, leaf, other),
        ];
      }),
    ];
    return changed.map(([what, condition]) => ({
      what,
      rule: { ...rule, message: 'x', condition, thresholds: needed(rule, condition) },
    }));
  });
}

function ofThresholds(rule: Rule): Mutant[] {
  return Object.entries(rule.thresholds).flatMap(([name, { unit, label, value }]) => {
    const step = unit === 'ratio' ? 0.01 : 1;
    return [value - step, value + step].map((value) => ({
      what: `threshold by one step: ${name} to ${value}`,
      rule: { ...rule, thresholds: { ...rule.thresholds, [name]: { unit, label, value } } },
    }));
  });
}

function ofStages({ applies_to_stages: stages, ...rest }: Rule): Mutant[] {
  if (!stages) return [];
  const less = stages.map((stage) => ({
    what: `stage removed: ${stage}`,
    rule: { ...rest, applies_to_stages: stages.filter((one) => one !== stage) },
  }));
  return [{ what: 'stages removed', rule: rest }, ...less];
}

/** Other values of the same kind; thresholds are changed where they are defined. */
function otherValues(value: Leaf['value']): unknown[] {
  if (typeof value === 'number') return [value - 1, value + 1];
  if (typeof value === 'boolean') return [!value];
  if (!Array.isArray(value)) return [];
  return value.flatMap((one, at) => {
    if (typeof one === 'number') return [value.with(at, one - 1), value.with(at, one + 1)];
    return typeof one === 'string' ? [value.toSpliced(at, 1)] : [];
  });
}

function leavesOf(condition: RuleCondition): Leaf[] {
  if ('not' in condition) return leavesOf(condition.not);
  if ('field' in condition) return [condition];
  return ('all_of' in condition ? condition.all_of : condition.any_of).flatMap(leavesOf);
}

/** The condition without the leaf; nothing where nothing is left. */
function dropped(condition: RuleCondition, leaf: Leaf): RuleCondition | undefined {
  if (condition === leaf) return undefined;
  if ('field' in condition) return condition;
  if ('not' in condition) {
    const rest = dropped(condition.not, leaf);
    return rest && { not: rest };
  }
  const isAll = 'all_of' in condition;
  const rest = (isAll ? condition.all_of : condition.any_of).flatMap(
    (one) => dropped(one, leaf) ?? [],
  );
  if (rest.length === 0) return undefined;
  return isAll ? { all_of: rest } : { any_of: rest };
}

function replaced(condition: RuleCondition, leaf: Leaf, other: RuleCondition): RuleCondition {
  if (condition === leaf) return other;
  if ('field' in condition) return condition;
  if ('not' in condition) return { not: replaced(condition.not, leaf, other) };
  if ('all_of' in condition)
    return { all_of: condition.all_of.map((one) => replaced(one, leaf, other)) };
  return { any_of: condition.any_of.map((one) => replaced(one, leaf, other)) };
}

/** What a condition asks for no more would be a fault of its own. */
function needed({ thresholds }: Rule, condition: RuleCondition): Rule['thresholds'] {
  const asked = JSON.stringify(condition);
  const kept = Object.entries(thresholds).filter(([name]) =>
    asked.includes(`"threshold":"${name}"`),
  );
  return Object.fromEntries(kept);
}
