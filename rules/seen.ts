import type { Rule, RuleCondition, RuleFacts } from '#domain/rule.ts';
import { factOf } from './facts.ts';
import { say } from './message.ts';
import { type At, momentOf } from './moment.ts';

/** What stands beside the deal already, where a rule looks at something else too. */
const shownAnyway = new Set([
  'stage',
  'stageName',
  'stageKind',
  'stagePosition',
  'amountCents',
  'name',
]);
const MOST = 3;

/** What a rule looks at on a deal, in words: `Contacts 1, Next step none`. */
export function seenBy({ condition }: Rule, facts: RuleFacts, at: At): string {
  const all = [...new Set(fieldsOf(condition))];
  const others = all.filter((name) => !shownAnyway.has(name));
  const moment = momentOf(at);
  return (others.length > 0 ? others : all)
    .slice(0, MOST)
    .map((name) => {
      const fact = factOf(name);
      const label = name.startsWith('custom.') ? name.slice(7) : (fact?.label ?? name);
      const value = facts[name];
      const isEmpty = value === null || value === '';
      return `${label} ${isEmpty ? 'none' : say(value, fact ?? { type: 'text' }, moment)}`;
    })
    .join(', ');
}

/** The facts that a condition asks for, in their order, each as often as it is asked for. */
export function fieldsOf(condition: RuleCondition): string[] {
  if ('field' in condition) return [condition.field];
  if ('not' in condition) return fieldsOf(condition.not);
  return ('all_of' in condition ? condition.all_of : condition.any_of).flatMap(fieldsOf);
}
