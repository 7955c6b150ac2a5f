import { DealChange } from '#domain/deal-change.ts';
import type { FixChange, FixSkipped } from '#domain/fix.ts';
import type { Rule, RuleFacts } from '#domain/rule.ts';
import type { DealRow } from './deal-story.ts';
import type { Present, Target } from './fix-targets.ts';

/** A fix with the very value that is written; `change` says it in words. */
export interface Step {
  change: FixChange;
  rule: Rule;
  value: string | number | boolean | null;
  body: string;
}

export interface Plan {
  steps: Step[];
  skipped: FixSkipped[];
}

/** How a text with facts in it is filled. */
export type Fill = (text: string, rule: Rule, facts: RuleFacts) => string;

interface Given {
  present: Present;
  rules: Map<string, Rule>;
  fill: Fill;
  /** Who is to own what has no owner: who was named, else who asks. */
  owners: (string | undefined)[];
}

/** What would be done to each deal as it is now, and what would be left alone and why. */
export function planOf(targets: Target[], given: Given): Plan {
  const plan: Plan = { steps: [], skipped: [] };
  const written = new Set<string>();
  for (const target of targets) {
    const step = stepFor(target, given);
    const key = typeof step === 'string' ? '' : placeOf(step);
    const because = typeof step === 'string' ? step : written.has(key) && TWICE;
    if (typeof step === 'string' || because) {
      const { line, ruleId, deal } = target;
      plan.skipped.push({ line, ruleId, ...(deal && { deal }), because: because || '' });
      continue;
    }
    written.add(key);
    plan.steps.push(step);
  }
  return plan;
}

const TWICE = 'Another fix changes the same of this deal.';

function placeOf({ change, value }: Step): string {
  return `${change.dealId} ${change.field ?? `task ${String(value)}`}`;
}

/** What is done, or why it is not. */
function stepFor(target: Target, given: Given): Step | string {
  const rule = given.rules.get(target.ruleId);
  if (target.message === null) return 'There is no such finding.';
  if (!rule?.automatable || !rule.fix) return 'This rule is not put right by itself.';
  if (target.fixedAt) return 'It was fixed already.';
  if (!target.dealId) return 'This deal is only in the file, not in the pipeline.';
  const deal = given.present.deals.get(target.dealId);
  if (!deal) return 'The deal is not there any more.';
  if (isChanged(given.present, deal, 'stageId')) {
    return 'It is in another stage by now. Look at it again.';
  }
  return rule.fix.kind === 'create_task'
    ? taskFor(target, deal, rule, given)
    : valueFor(target, deal, rule, given);
}

function taskFor(target: Target, deal: DealRow, rule: Rule, given: Given): Step | string {
  const text = String(rule.fix?.value ?? rule.remediation_action);
  const title = given.fill(text, rule, target.facts).slice(0, 300).trim();
  if (given.present.tasks.has(`${deal.id} ${title}`)) return 'There is such a task already.';
  return stepOf(target, deal, rule, { field: null, before: null, after: title, value: title });
}

/** As rules call the fields of a deal, and as a deal calls them. */
const fieldOf: Record<string, string> = {
  ...{ nextStep: 'nextAction', nextStepAt: 'nextActionAt', leadSource: 'source' },
  ...{ closeDate: 'expectedCloseOn', owner: 'ownerId', ownerName: 'ownerId' },
};

function valueFor(target: Target, deal: DealRow, rule: Rule, given: Given): Step | string {
  const { kind, field: named = '', value: text } = rule.fix!;
  const field = kind === 'assign_owner' ? 'ownerId' : (fieldOf[named] ?? named);
  if (!Object.hasOwn(DealChange.shape, field) || field === 'updatedAt') {
    return `A deal has no field called ${named}.`;
  }
  const value =
    kind === 'clear_field'
      ? null
      : kind === 'assign_owner' && text === undefined
        ? ownerFor(deal, given)
        : valueIn(text, rule, target.facts, given);
  if (value === undefined) {
    return field === 'ownerId' ? 'Say who is to own it.' : 'Nobody knows what to set it to.';
  }
  const fault = DealChange.safeParse({ [field]: value }).error?.issues[0];
  if (fault) return fault.message;
  const now = deal[field as keyof DealRow] ?? null;
  const shown = shownBy(given.present, field);
  if (isChanged(given.present, deal, field)) {
    return `Somebody changed it since: it is ${said(shown(now))} by now.`;
  }
  if (isSame(now, value)) return 'It is so already.';
  return stepOf(target, deal, rule, { field, before: shown(now), after: shown(value), value });
}

type Value = Step['value'];

/** A value, `{{fact}}` for what that fact is, or a text with facts in it. Nothing when it is not known. */
function valueIn(text: unknown, rule: Rule, facts: RuleFacts, { fill }: Given): Value | undefined {
  if (typeof text !== 'string') return text as Value | undefined;
  const name = /^\{\{\s*([\w.]+)\s*\}\}$/.exec(text)?.[1];
  if (!name) return fill(text, rule, facts);
  const fact = facts[name] ?? rule.thresholds[name]?.value;
  return Array.isArray(fact) ? fact.join(', ') : (fact ?? undefined);
}

/** Who was named; else who owns its company; else who asks: never who owns it now. */
function ownerFor(deal: DealRow, { present, owners: [named, asking] }: Given): string | undefined {
  if (named) return named;
  const others = [present.companyOwners.get(deal.id), asking];
  return others.find((one) => one && one !== deal.ownerId && present.members.has(one));
}

function stepOf(
  { line, ruleId, message, deal }: Target,
  { id: dealId }: DealRow,
  rule: Rule,
  { value, ...what }: Pick<FixChange, 'field' | 'before' | 'after'> & Pick<Step, 'value'>,
): Step {
  const change = { line, ruleId, dealId, deal, kind: rule.fix!.kind, title: rule.name, ...what };
  return { change, rule, value, body: message ?? '' };
}

/** Whether it is another than it was when it was looked at. */
function isChanged({ then }: Present, deal: DealRow, field: string): boolean {
  const key = `${deal.id} ${field}`;
  return then.has(key) && !isSame(deal[field as keyof DealRow] ?? null, then.get(key));
}

function isSame(one: unknown, other: unknown): boolean {
  if ((one ?? null) === (other ?? null)) return true;
  if (typeof one !== 'string' || typeof other !== 'string') return false;
  return one.includes('T') && Date.parse(one) === Date.parse(other);
}

function shownBy({ members }: Present, field: string) {
  return (value: unknown): Value => {
    if (value === null || value === undefined) return null;
    return field === 'ownerId'
      ? (members.get(String(value)) ?? 'Somebody who has left')
      : (value as Value);
  };
}

function said(value: Value): string {
  return value === null || value === '' ? 'empty' : `“${String(value)}”`;
}
