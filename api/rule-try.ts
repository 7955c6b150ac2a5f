import { z } from 'zod';
import type { Scope } from '#db/scope.ts';
import { Refusal } from '#domain/refusal.ts';
import { type Rule, type RuleFacts, RuleOverride, type Severity } from '#domain/rule.ts';
import { compileRules, isMeantFor, laidOver } from '#rules/compile.ts';
import { parseOwnRule } from '#rules/own-rule.ts';
import { type TextFault, tryExamples, writeRule } from '#rules/parse-rule.ts';
import { seenBy } from '#rules/seen.ts';
import { route } from './route.ts';
import { type AtHand, dealsAtHand, healthWith, judge } from './rule-deals.ts';
import { overridden, TextFaults, textOf, Written } from './rule-reading.ts';
import { rulesOf } from './rule-list.ts';

const SHOWN = 50;
const results = ['fires', 'passes', 'not-meant'] as const;
type Result = (typeof results)[number];

/** A rule as it is written, or one that holds with something set otherwise. */
export const Tried = Written.extend({
  id: z.string().max(100).optional(),
  override: RuleOverride.optional(),
});

const Trial = z.object({
  faults: TextFaults,
  rule: z.record(z.string(), z.unknown()).nullable(),
  text: z.string().nullable(),
  examples: z.object({
    passed: z.int(),
    failed: z.array(z.object({ title: z.string(), expected: z.boolean(), got: z.boolean() })),
  }),
  deals: z.object({
    ...{ fire: z.int(), pass: z.int(), notMeant: z.int() },
    /** Of those on which it fires, how many the rule as it holds does not fire on. */
    fresh: z.int(),
  }),
  rows: z.array(
    z.object({
      ...{ dealId: z.uuid(), name: z.string(), stage: z.string(), stageName: z.string() },
      ...{ owner: z.string().nullable(), amountCents: z.int().nullable() },
      /** What the rule looks at, in words. */
      sees: z.string(),
      /** What it would say, where it fires. */
      message: z.string().nullable(),
      ...{ result: z.enum(results), isNew: z.boolean() },
    }),
  ),
  health: z.object({ before: z.int(), after: z.int() }),
  isPart: z.boolean(),
});
type Trial = z.input<typeof Trial>;

export const ruleTryRoutes = [
  route('post', '/rules/try', {
    summary:
      'Try a rule on the deals as they are, without keeping it: where it fires, and what is new',
    needs: 'rules:read',
    body: Tried,
    reply: Trial,
    run: ({ body }, scope, deps) => trial(scope, body, deps.now()),
  }),
];

async function trial(scope: Scope, body: z.output<typeof Tried>, now: string): Promise<Trial> {
  const force = await rulesOf(scope);
  const hand = await dealsAtHand(scope, now);
  const judged = judge(hand, force);
  const { rule, text, faults } = triedRule(body, force.rules);
  const nothing = { passed: 0, failed: [] };
  if (!rule) {
    const none = { fire: 0, pass: 0, notMeant: 0, fresh: 0 };
    const health = { before: judged.health, after: judged.health };
    return {
      faults,
      rule: null,
      text,
      examples: nothing,
      deals: none,
      rows: [],
      health,
      isPart: false,
    };
  }
  const held = force.rules.find(({ id }) => id === rule.id);
  const set = Object.hasOwn(force.overrides, rule.id) ? force.overrides[rule.id] : undefined;
  const before = held && (set ? laidOver(held, set) : held);
  const isOn = body.override?.enabled !== false;
  const outcomes = outcomesOf(hand, rule, { isOn, was: judged.firing.get(rule.id) ?? [] });
  const after = new Map<number, Severity>();
  for (const { place, result } of outcomes) if (result === 'fires') after.set(place, rule.severity);
  return {
    ...{ faults, rule, text: text ?? writeRule(rule), examples: tryExamples(rule) },
    deals: {
      fire: countOf(outcomes, 'fires'),
      pass: countOf(outcomes, 'passes'),
      notMeant: countOf(outcomes, 'not-meant'),
      fresh: outcomes.filter(({ isNew }) => isNew).length,
    },
    rows: rowsOf(hand, rule, outcomes),
    health: { before: judged.health, after: healthWith(hand, judged, { before, after }) },
    isPart: hand.isPart,
  };
}

/** The rule that is meant: as it was written, or one that holds with something set otherwise. */
export function triedRule(
  body: z.output<typeof Tried>,
  rules: Rule[],
): { rule: Rule | null; text: string | null; faults: TextFault[] } {
  const text = textOf(body);
  if (text !== undefined) {
    const read = parseOwnRule(text);
    if ('faults' in read) return { rule: null, text, faults: read.faults };
    const rule = body.override ? overridden(read.rule, body.override) : read.rule;
    // What a form gave is written as the house writes it.
    return { rule, text: body.text ?? writeRule(read.rule), faults: [] };
  }
  if (body.id === undefined)
    throw new Refusal('malformed', 'Give a rule as text, as rule, or by its id.');
  const rule = rules.find(({ id }) => id === body.id);
  if (!rule) throw new Refusal('not-found', 'There is no such rule.');
  return { rule: body.override ? overridden(rule, body.override) : rule, text: null, faults: [] };
}

interface Outcome {
  place: number;
  result: Result;
  isNew: boolean;
  message: string | null;
}

function countOf(outcomes: Outcome[], wanted: Result): number {
  return outcomes.filter(({ result }) => result === wanted).length;
}

function outcomesOf(
  { deals, at }: AtHand,
  rule: Rule,
  { isOn, was }: { isOn: boolean; was: number[] },
): Outcome[] {
  const before = new Set(was);
  const { run } = compileRules([rule]);
  return deals.map(({ facts }, place): Outcome => {
    if (!isOn || !isMeantFor(rule, facts))
      return { place, result: 'not-meant', isNew: false, message: null };
    const [violation] = run(facts, at);
    if (!violation) return { place, result: 'passes', isNew: false, message: null };
    return { place, result: 'fires', isNew: !before.has(place), message: violation.message };
  });
}

/** Those it fires on first, what is new before what is known; in each the largest. */
function rowsOf({ deals, at }: AtHand, rule: Rule, outcomes: Outcome[]): Trial['rows'] {
  const shown = outcomes.toSorted(
    (a, b) =>
      placeOf(a) - placeOf(b) ||
      (deals[b.place]!.amountCents ?? 0) - (deals[a.place]!.amountCents ?? 0),
  );
  return shown.slice(0, SHOWN).map(({ place, ...outcome }) => {
    const { dealId, name, stage, stageName, owner, amountCents, facts } = deals[place]!;
    const shown = { dealId, name, stage, stageName, owner, amountCents };
    return { ...shown, ...outcome, sees: seenBy(rule, facts as RuleFacts, at) };
  });
}

function placeOf({ result, isNew }: Outcome): number {
  return results.indexOf(result) * 2 - (isNew ? 1 : 0);
}
