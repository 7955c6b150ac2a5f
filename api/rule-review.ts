import { z } from 'zod';
import { crowdOf } from '#db/deal-crowd.ts';
import { dealFacts } from '#db/deal-facts.ts';
import type { Scope } from '#db/scope.ts';
import { Refusal } from '#domain/refusal.ts';
import { categories, severities } from '#domain/rule.ts';
import { compileRules } from '#rules/compile.ts';
import { crowdFacts } from '#rules/crowd.ts';
import { countsOf, formula, healthOf } from '#rules/health.ts';
import { route } from './route.ts';
import { rulesOf } from './rule-list.ts';

const Review = z.object({
  at: z.iso.datetime(),
  health: z.int(),
  formula: z.string(),
  counts: z.object({ critical: z.int(), warning: z.int(), info: z.int() }),
  /** How many rules looked at it. */
  rules: z.int(),
  violations: z.array(
    z.object({
      ...{ ruleId: z.string(), name: z.string(), message: z.string() },
      ...{ category: z.enum(categories), severity: z.enum(severities) },
      ...{ remediation: z.string(), remediationOwner: z.string(), automatable: z.boolean() },
    }),
  ),
});

export const ruleReviewRoutes = [
  route('get', '/deals/:id/review', {
    summary: 'Look at one deal by the rules that hold: what is wrong, what to do and who',
    needs: 'rules:read',
    params: z.object({ id: z.uuid() }),
    reply: Review,
    run: ({ params }, scope, deps) => review(scope, params.id, deps.now()),
  }),
];

async function review(scope: Scope, dealId: string, now: string): Promise<z.input<typeof Review>> {
  const { deals } = await dealFacts(scope, { now, dealIds: [dealId] });
  const [deal] = deals;
  if (!deal) throw new Refusal('not-found', 'There is no such deal.');
  const { timeZone, currency } = await scope.db
    .selectFrom('workspaces')
    .select(['timeZone', 'currency'])
    .executeTakeFirstOrThrow();
  const { rules, overrides } = await rulesOf(scope);
  const compiled = compileRules(rules, overrides);
  const facts = crowdFacts(deal.facts, await crowdOf(scope, now), now);
  const violations = compiled.run(facts, { now, timeZone, currency });
  const worst = violations.toSorted(
    (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity),
  );
  return {
    ...{ at: now, health: healthOf(violations), formula, counts: countsOf(violations) },
    ...{ rules: compiled.rules.length, violations: worst },
  };
}
