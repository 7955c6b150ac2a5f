import { setImmediate as breathe } from 'node:timers/promises';
import { z } from 'zod';
import { crowdOf } from '#db/deal-crowd.ts';
import { closedDeals } from '#db/rule-backtest.ts';
import { knownThen, pastDays } from '#db/rule-past.ts';
import type { Scope } from '#db/scope.ts';
import type { Rule, RuleFacts } from '#domain/rule.ts';
import { type Compiled, compileRules } from '#rules/compile.ts';
import { crowdFacts } from '#rules/crowd.ts';
import { otherThresholds } from '#rules/other-thresholds.ts';
import { fieldsOf } from '#rules/seen.ts';
import { route } from './route.ts';
import { wrong } from './rule-reading.ts';
import { Tried, triedRule } from './rule-try.ts';
import { rulesOf } from './rule-list.ts';

/** How many deals are looked back at before others get a turn. */
const TURN = 20;
const Outcomes = z.object({ lost: z.int(), won: z.int() });

const Backtest = z.object({
  since: z.iso.datetime(),
  /** Deals that were closed and are looked back at; of these, how many have days that were recorded. */
  ...{ closed: z.int(), recorded: z.int() },
  /** Whether there were more; the newest are looked at. */
  isPart: z.boolean(),
  ...{ fired: Outcomes, notFired: Outcomes },
  /** The median of the days between its first firing and the loss. */
  warnedDaysBefore: z.number().nullable(),
  others: z.array(
    z.object({
      ...{ threshold: z.string(), label: z.string(), unit: z.string(), value: z.number() },
      ...{ isCurrent: z.boolean(), fires: z.int() },
      /** Of those on which it would have fired, the share that was lost, 0 to 1. */
      lostShare: z.number().nullable(),
    }),
  ),
  /** What the rule asks for that is not known of the past: where it needs that, it does not fire. */
  unknown: z.array(z.string()),
});
type Backtest = z.input<typeof Backtest>;

export const ruleBacktestRoutes = [
  route('post', '/rules/backtest', {
    summary: 'Look back at the deals that were closed: would the rule have fired, and how early',
    needs: 'rules:read',
    body: Tried.extend({ months: z.int().min(1).max(24).default(12) }),
    reply: Backtest,
    async run({ body }, scope, deps) {
      const { rules } = await rulesOf(scope);
      const { rule, faults } = triedRule(body, rules);
      if (!rule) throw wrong(faults);
      return backtest(scope, rule, { months: body.months, now: deps.now() });
    },
  }),
];

interface Tally {
  lost: number;
  won: number;
  daysBefore: number[];
}

async function backtest(
  scope: Scope,
  rule: Rule,
  { months, now }: { months: number; now: string },
): Promise<Backtest> {
  const from = new Date(now);
  from.setUTCMonth(from.getUTCMonth() - months);
  const since = from.toISOString();
  const { deals, stages, isPart } = await closedDeals(scope, since);
  const crowd = await crowdOf(scope, now);
  const { timeZone, currency } = await scope.db
    .selectFrom('workspaces')
    .select(['timeZone', 'currency'])
    .executeTakeFirstOrThrow();
  const variants = otherThresholds(rule);
  const rules = [compileRules([rule]), ...variants.map((one) => compileRules([one.rule]))];
  const tallies = rules.map((): Tally => ({ lost: 0, won: 0, daysBefore: [] }));
  for (const [index, deal] of deals.entries()) {
    if (index % TURN === 0) await breathe();
    const waiting = new Set(rules.keys());
    for (const { at, daysBefore, facts } of pastDays(deal, stages)) {
      if (waiting.size === 0) break;
      const known = knownOf(crowdFacts(facts, crowd, at));
      for (const place of waiting) {
        if (!fires(rules[place]!, known, { now: at, timeZone, currency })) continue;
        waiting.delete(place);
        tallies[place]![deal.status] += 1;
        if (deal.status === 'lost') tallies[place]!.daysBefore.push(daysBefore);
      }
    }
  }
  const [main, ...others] = tallies as [Tally, ...Tally[]];
  const all = { lost: deals.filter(({ status }) => status === 'lost').length };
  return {
    ...{ since, closed: deals.length, isPart },
    recorded: deals.filter(({ days }) => days.length > 0).length,
    fired: { lost: main.lost, won: main.won },
    notFired: { lost: all.lost - main.lost, won: deals.length - all.lost - main.won },
    warnedDaysBefore: medianOf(main.daysBefore),
    others: variants.map(({ rule: _, ...variant }, place) => {
      const { lost, won } = others[place]!;
      const lostShare = lost + won > 0 ? lost / (lost + won) : null;
      return { ...variant, fires: lost + won, lostShare };
    }),
    unknown: [...new Set(fieldsOf(rule.condition))].filter((name) => !knownThen.has(name)),
  };
}

function fires({ run }: Compiled, facts: RuleFacts, at: Parameters<Compiled['run']>[1]): boolean {
  return run(facts, at).length > 0;
}

/** What nobody knows of the past is left out, so that nothing fires for want of it. */
function knownOf(facts: RuleFacts): RuleFacts {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => knownThen.has(name)));
}

function medianOf(values: number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
