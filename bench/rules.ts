import { Engine, type NestedCondition, type TopLevelCondition } from 'json-rules-engine';
import type { Rule, RuleCondition, RuleFacts } from '#domain/rule.ts';
import { compileRules, isMeantFor, testOf } from '#rules/compile.ts';
import { type At, momentOf } from '#rules/moment.ts';
import { loadRules } from '#rules/set.ts';
import { dealRows, hundredRules } from './rule-rows.ts';
import { asRate, perSecond, type Row } from './table.ts';

const ROWS = 20_000;
const WARM = 500;

/** How fast a hundred rules run over deals, beside json-rules-engine with the same rules and the same deals. */
export async function measure(): Promise<Row[]> {
  const at = { now: '2026-03-16T12:00:00Z', timeZone: 'America/New_York' };
  const rules = hundredRules(loadRules().rules);
  const rows = dealRows(ROWS, at.now);

  const { run } = compileRules(rules);
  const engine = engineOf(rules, at);
  for (const row of rows.slice(0, WARM)) {
    run(row, at);
    await engine.run(row);
  }

  let began = performance.now();
  const ours = rows.map((row) => run(row, at));
  const oursTook = performance.now() - began;

  began = performance.now();
  const theirs: string[][] = [];
  for (const row of rows) {
    const { events } = await engine.run(row);
    theirs.push(events.map(({ type }) => type));
  }
  const theirsTook = performance.now() - began;

  const order = new Map(rules.map(({ id }, place) => [id, place]));
  const same = rows.filter((_, at) => {
    const sorted = theirs[at]!.toSorted((one, other) => order.get(one)! - order.get(other)!);
    return sorted.join() === ours[at]!.map(({ ruleId }) => ruleId).join();
  });
  const times = theirsTook / oursTook;
  const found = ours.reduce((sum, { length }) => sum + length, 0);
  return [
    {
      what: `${rules.length} rules over ${ROWS.toLocaleString('en')} deals`,
      ours: `${asRate(perSecond(ROWS, oursTook), ' deals/s')}, ${times.toFixed(0)} ×, ${found.toLocaleString('en')} findings`,
      beside: `${asRate(perSecond(ROWS, theirsTook), ' deals/s')} (json-rules-engine)`,
      must: '≥ 3 ×',
      holds: times >= 3,
    },
    {
      what: 'deals on which both find the same, in the same run',
      ours: `${same.length.toLocaleString('en')} of ${ROWS.toLocaleString('en')}`,
      must: 'all',
      holds: same.length === ROWS,
    },
  ];
}

/** The same rules for the other engine; each test is an operator of its own there, made ready before. */
function engineOf(rules: Rule[], at: At): Engine {
  const engine = new Engine([], { allowUndefinedFacts: true });
  const moment = momentOf(at);
  const known = new Map<string, string>();
  for (const rule of rules) {
    const conditions: TopLevelCondition = {
      all: [stagesOf(rule), translated(rule.condition, rule)],
    };
    engine.addRule({ name: rule.id, conditions, event: { type: rule.id } });
  }
  return engine;

  function translated(condition: RuleCondition, rule: Rule): NestedCondition {
    if ('not' in condition) return { not: translated(condition.not, rule) };
    if ('all_of' in condition) return { all: condition.all_of.map((one) => translated(one, rule)) };
    if ('any_of' in condition) return { any: condition.any_of.map((one) => translated(one, rule)) };
    const { field } = condition;
    const key = JSON.stringify([condition, rule.thresholds]);
    const test = testOf(condition, rule);
    const operator = operatorOf(key, (fact) => test({ [field]: fact } as RuleFacts, moment));
    return { fact: field, operator, value: true };
  }

  function stagesOf(rule: Rule): NestedCondition {
    const key = JSON.stringify(rule.applies_to_stages ?? null);
    const isKind = operatorOf(key, (stage) => isMeantFor(rule, rowOf(stage)));
    return { fact: 'stage', operator: isKind, value: true };
  }

  function operatorOf(key: string, test: (fact: unknown) => boolean): string {
    let name = known.get(key);
    if (!name) {
      known.set(key, (name = `test ${known.size}`));
      engine.addOperator(name, test);
    }
    return name;
  }
}

/** The stages of the made-up deals say their kind by their slug. */
function rowOf(stage: unknown): RuleFacts {
  const kind = { closed_won: 'won', closed_lost: 'lost' }[String(stage)] ?? 'open';
  return { stage: String(stage), stageName: String(stage).replace('_', ' '), stageKind: kind };
}
