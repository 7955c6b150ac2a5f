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

/** What a rule looks at on a deal, in words: `Contacts 1, Next step none`; of a day of this year without the year. */
export function seenBy({ condition }: Rule, facts: RuleFacts, at: At): string {
  const all = [...new Set(fieldsOf(condition))];
  const others = all.filter((name) => !shownAnyway.has(name));
  const moment = momentOf(at);
  const thisYear = new RegExp(` ${new Date(moment.local).getUTCFullYear()}$`);
  return (others.length > 0 ? others : all)
    .slice(0, MOST)
    .map((name) => {
      const fact = factOf(name);
      const label = name.startsWith('custom.') ? name.slice(7) : (fact?.label ?? name);
      const value = facts[name];
      if (value === null || value === '') return `${label} none`;
      const said = say(value, fact ?? { type: 'text' }, moment);
      const isTime = fact?.type === 'date' || fact?.type === 'instant';
      return `${label} ${isTime ? said.replace(thisYear, '') : said}`;
    })
    .join(', ');
}

/** The facts that a condition asks for, in their order, each as often as it is asked for. */
export function fieldsOf(condition: RuleCondition): string[] {
  if ('field' in condition) return [condition.field];
  if ('not' in condition) return fieldsOf(condition.not);
  return ('all_of' in condition ? condition.all_of : condition.any_of).flatMap(fieldsOf);
}
