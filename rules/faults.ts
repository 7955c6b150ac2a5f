import { isZone } from '#domain/calendar.ts';
import type { Leaf, Rule, RuleCondition, Threshold } from '#domain/rule.ts';
import { type Fact, factOf } from './facts.ts';
import { faultsOfMessage } from './message.ts';
import { dateOf } from './moment.ts';
import { meanings, patternOf } from './operators.ts';

/** What is wrong with a rule, and where in it: `condition.all_of.0.value`. */
export interface RuleFault {
  path: string;
  message: string;
}

/** Everything in a rule that could not be run: facts and thresholds nobody knows, values of another type. */
export function faultsOf(rule: Rule): RuleFault[] {
  const used = new Set<string>();
  const faults = faultsOfCondition(rule.condition, 'condition', rule, used);
  for (const [name, threshold] of Object.entries(rule.thresholds)) {
    const path = `thresholds.${name}`;
    const { value, least = -Infinity, most = Infinity } = threshold;
    if (factOf(name))
      faults.push({ path, message: `${name} is a fact; call the threshold otherwise.` });
    else if (!used.has(name))
      faults.push({ path, message: `No condition asks for the threshold ${name}.` });
    if (value < least || value > most)
      faults.push({ path: `${path}.value`, message: `${value} is not from ${least} to ${most}.` });
  }
  for (const field of ['message', 'remediation_action'] as const)
    for (const message of faultsOfMessage(rule[field], rule.thresholds))
      faults.push({ path: field, message });
  faults.push(...faultsOfFix(rule), ...faultsOfExamples(rule));
  return faults;
}

function faultsOfCondition(
  condition: RuleCondition,
  path: string,
  rule: Rule,
  used: Set<string>,
): RuleFault[] {
  if ('not' in condition) return faultsOfCondition(condition.not, `${path}.not`, rule, used);
  if ('field' in condition) return faultsOfLeaf(condition, path, rule, used);
  const [key, parts] =
    'all_of' in condition ? ['all_of', condition.all_of] : ['any_of', condition.any_of];
  return parts.flatMap((one, index) =>
    faultsOfCondition(one, `${path}.${key}.${index}`, rule, used),
  );
}

function faultsOfLeaf(leaf: Leaf, path: string, rule: Rule, used: Set<string>): RuleFault[] {
  const { field, operator, value } = leaf;
  const fact = factOf(field);
  if (!fact)
    return [{ path: `${path}.field`, message: `${field} is no fact. rules/facts.ts names them.` }];
  const isCustom = field.startsWith('custom.');
  const { of, takes } = meanings[operator];
  if (!isCustom && !of.includes(fact.type as never)) {
    const message = `${operator} asks about ${of.join(', ')}, and ${field} is ${fact.type}.`;
    return [{ path: `${path}.operator`, message }];
  }
  if (takes === 'nothing') {
    return value === undefined
      ? []
      : [{ path: `${path}.value`, message: `${operator} takes no value.` }];
  }
  if (value === undefined) return [{ path, message: `${operator} needs a value.` }];

  const parts: unknown[] = Array.isArray(value) ? value : [value];
  const isMany = takes === 'pair' || takes === 'many';
  if (
    isMany !== Array.isArray(value) ||
    (takes === 'pair' && parts.length !== 2) ||
    parts.length === 0
  )
    return [{ path: `${path}.value`, message: `${operator} takes ${shapes[takes]}.` }];
  const values: unknown[] = [];
  const faults = parts.flatMap((part, index): RuleFault[] => {
    const at = isMany ? `${path}.value.${index}` : `${path}.value`;
    const isNamed = typeof part === 'object' && part !== null;
    const name = isNamed ? (part as { threshold: string }).threshold : '';
    const threshold = Object.hasOwn(rule.thresholds, name) ? rule.thresholds[name] : undefined;
    if (isNamed && !threshold)
      return [{ path: at, message: `This rule has no threshold ${name}.` }];
    if (threshold) used.add(name);
    values.push(threshold ? threshold.value : part);
    const message =
      wrongValue(threshold?.value ?? part, takes, isCustom ? undefined : fact) ??
      (threshold && wrongUnit(threshold, takes, field, fact));
    return message ? [{ path: at, message }] : [];
  });
  if (faults.length > 0 || takes !== 'pair') return faults;
  const [least, most] = values as [number | string, number | string];
  if (typeof least === typeof most && least <= most) return [];
  return [
    { path: `${path}.value`, message: `Between takes the smaller first: ${least}, ${most}.` },
  ];
}

const shapes = {
  ...{ days: 'a number of days', number: 'a number', size: 'a number or a day', one: 'one value' },
  ...{ pair: 'two values, as in [10, 20]', many: 'a list, as in [a, b]' },
  ...{ part: 'a text', pattern: 'a pattern' },
};

/** Why a value cannot be compared with the fact; a fact of a file's own column may be anything. */
function wrongValue(value: unknown, takes: keyof typeof shapes, fact?: Fact): string | undefined {
  if (takes === 'days' || takes === 'number') {
    if (typeof value !== 'number') return `${quoted(value)} is no number.`;
    return value < 0 ? `${value} is below 0.` : undefined;
  }
  if (takes === 'part' || takes === 'pattern') {
    if (typeof value !== 'string' || value === '') return `${quoted(value)} is no text.`;
    return takes === 'pattern' ? wrongPattern(value) : undefined;
  }
  const isDay = typeof value === 'string' && !Number.isNaN(dateOf(value));
  if (!fact) {
    if (takes === 'one' || takes === 'many' || typeof value === 'number' || isDay) return undefined;
    return `${quoted(value)} is neither a number nor a day.`;
  }
  if (fact.type === 'date' || fact.type === 'instant')
    return isDay ? undefined : `${quoted(value)} is no day such as 2026-03-14.`;
  const needs = {
    text: 'string',
    list: 'string',
    flag: 'boolean',
    number: 'number',
    money: 'number',
  };
  if (typeof value === needs[fact.type]) return undefined;
  const words = { text: 'text', list: 'text', flag: 'true or false', number: 'a number' };
  return `${quoted(value)} is not ${fact.type === 'money' ? 'a number of cents' : words[fact.type]}.`;
}

function wrongPattern(value: string): string | undefined {
  try {
    patternOf(value);
    return undefined;
  } catch (error) {
    return `${quoted(value)} is no pattern: ${(error as Error).message}`;
  }
}

function wrongUnit(
  { unit }: Threshold,
  takes: string,
  field: string,
  fact: Fact,
): string | undefined {
  if (takes === 'days')
    return unit === 'days' || unit === 'hours' ? undefined : `Days are compared, not ${unit}.`;
  if (fact.type === 'money')
    return unit === 'cents' ? undefined : `${field} is in cents, not in ${unit}.`;
  if (fact.unit && fact.unit !== unit) return `${field} is in ${fact.unit}, not in ${unit}.`;
  return undefined;
}

function faultsOfFix({ automatable, fix, thresholds }: Rule): RuleFault[] {
  if (automatable !== (fix !== undefined)) {
    const message = automatable
      ? 'What is automatable needs a fix.'
      : 'A fix needs automatable: true.';
    return [{ path: automatable ? 'automatable' : 'fix', message }];
  }
  if (!fix) return [];
  const needsField = fix.kind === 'set_field' || fix.kind === 'clear_field';
  if (needsField && !fix.field) return [{ path: 'fix', message: `${fix.kind} needs a field.` }];
  if (fix.kind === 'create_task' && typeof fix.value !== 'string')
    return [{ path: 'fix', message: 'create_task needs the title of the task as its value.' }];
  if (typeof fix.value !== 'string') return [];
  return faultsOfMessage(fix.value, thresholds).map((message) => ({ path: 'fix.value', message }));
}

function faultsOfExamples({ examples }: Rule): RuleFault[] {
  return examples.flatMap(({ facts, time_zone }, at) => {
    const unknown = Object.keys(facts).filter((name) => !factOf(name));
    const faults = unknown.map((name) => {
      return { path: `examples.${at}.facts.${name}`, message: `${name} is no fact.` };
    });
    if (time_zone === undefined || isZone(time_zone)) return faults;
    const message = `${quoted(time_zone)} is no time zone such as Europe/Berlin.`;
    return [...faults, { path: `examples.${at}.time_zone`, message }];
  });
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `“${value}”` : String(value);
}
