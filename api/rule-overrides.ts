import { z } from 'zod';
import { dropOverride, EVERYBODY, overrideRule } from '#db/rule-overrides.ts';
import { noteVersion } from '#db/rule-versions.ts';
import type { Scope } from '#db/scope.ts';
import { Refusal } from '#domain/refusal.ts';
import { type Rule, RuleOverride } from '#domain/rule.ts';
import { laidOver, laidTogether } from '#rules/compile.ts';
import { writeRule } from '#rules/parse-rule.ts';
import { route } from './route.ts';
import { overridden } from './rule-reading.ts';
import { rulesOf } from './rule-list.ts';
import { RuleId } from './rules.ts';

export const Whose = z.enum(['workspace', 'user']).default('workspace');

const Set = z.object({ override: RuleOverride.nullable(), version: z.int() });

export const ruleOverrideRoutes = [
  route('put', '/rules/:id/override', {
    summary:
      'Switch a rule off or on, or set its severity, thresholds or stages, for all or for me',
    needs: 'rules:write',
    params: RuleId,
    body: RuleOverride.extend({ scope: Whose }),
    reply: Set,
    async run({ params, body: { scope: whose, ...override } }, scope) {
      const userId = ownerOf(scope, whose);
      const { rule, beneath } = await ruleBeneath(scope, params.id, userId);
      overridden(rule, laidTogether(beneath, { [rule.id]: override })[rule.id]!);
      await overrideRule(scope, rule.id, { userId, override });
      const text = writeRule(asItHolds(rule, laidTogether(beneath, { [rule.id]: override })));
      const what = inWords(rule, override);
      return {
        override,
        version: await noteVersion(scope, { ruleId: rule.id, userId, what, text }),
      };
    },
  }),

  route('delete', '/rules/:id/override', {
    summary: 'Take a rule as it is written again, for all or for me',
    needs: 'rules:write',
    params: RuleId,
    query: z.object({ scope: Whose }),
    reply: Set,
    async run({ params, query }, scope) {
      const userId = ownerOf(scope, query.scope);
      const { rule, beneath } = await ruleBeneath(scope, params.id, userId);
      if (!(await dropOverride(scope, rule.id, userId)))
        throw new Refusal('not-found', 'Nothing of this rule is set otherwise.');
      const given = { ruleId: rule.id, userId, what: 'As it is written again' };
      const text = writeRule(asItHolds(rule, beneath));
      return { override: null, version: await noteVersion(scope, { ...given, text }) };
    },
  }),
];

/** Whose a rule or an override is to be. A system has none of its own. */
export function ownerOf({ actor }: Scope, whose: 'workspace' | 'user'): string {
  if (whose === 'workspace') return EVERYBODY;
  if (actor.startsWith('token:'))
    throw new Refusal('invalid', 'Only a person has rules of their own.', [
      { field: 'scope', message: 'A token sets rules for the whole workspace.' },
    ]);
  return actor;
}

/** A rule as it is written, and what is laid over it before the one whose override is meant. */
async function ruleBeneath(scope: Scope, id: string, userId: string) {
  const { rules, own } = await rulesOf(scope);
  const rule = rules.find((one) => one.id === id);
  if (!rule) throw new Refusal('not-found', 'There is no such rule.');
  return { rule, beneath: userId === EVERYBODY ? {} : own.overrides.workspace };
}

function asItHolds(rule: Rule, overrides: Record<string, RuleOverride>): Rule {
  const override = Object.hasOwn(overrides, rule.id) ? overrides[rule.id] : undefined;
  return override ? laidOver(rule, override) : rule;
}

/** What was set, as its history says it. */
function inWords(rule: Rule, override: RuleOverride): string {
  const { enabled, severity, thresholds = {}, applies_to_stages: stages } = override;
  const parts = [
    ...(enabled === undefined ? [] : [enabled ? 'on' : 'off']),
    ...(severity ? [`severity ${severity.toLowerCase()}`] : []),
    ...Object.entries(thresholds).map(([name, value]) => {
      const { label, unit } = rule.thresholds[name]!;
      return `${label} ${unit === 'cents' ? value / 100 : value}`;
    }),
    ...(stages ? [`stages ${stages.join(', ') || 'none'}`] : []),
  ].join('; ');
  return parts ? `${parts.charAt(0).toUpperCase()}${parts.slice(1)}` : 'As it is written';
}
