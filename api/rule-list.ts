import { z } from 'zod';
import { customRules } from '#db/rule-custom.ts';
import { rulesFor } from '#db/rule-overrides.ts';
import { versionCounts } from '#db/rule-versions.ts';
import type { Scope } from '#db/scope.ts';
import { categories, RuleOverride, severities, Threshold } from '#domain/rule.ts';
import { laidOver } from '#rules/compile.ts';
import { formula } from '#rules/health.ts';
import { type InForce, inForce } from '#rules/in-force.ts';
import { parseOwnRule } from '#rules/own-rule.ts';
import { currentRules } from '#rules/set.ts';
import { dealsAtHand, judge } from './rule-deals.ts';

export const Side = z.enum(['workspace', 'user']);

export const ListedRule = z.object({
  id: z.string(),
  name: z.string(),
  category: z.enum(categories),
  severity: z.enum(severities),
  description: z.string(),
  thresholds: z.record(z.string(), Threshold),
  appliesToStages: z.array(z.string()).nullable(),
  enabled: z.boolean(),
  automatable: z.boolean(),
  isCustom: z.boolean(),
  /** Whether a change of it waits to be published. */
  hasDraft: z.boolean(),
  /** What is set other than the rule says; its values above are those that hold. */
  changed: RuleOverride.nullable(),
  /** Whose it is, or who set it otherwise last. */
  scope: Side,
  /** On how many deals it fires now; nothing for a rule that is off. */
  fires: z.int().nullable(),
  version: z.int(),
});
export type ListedRule = z.infer<typeof ListedRule>;

/** The rules that hold for who asks. */
export async function rulesOf(
  scope: Scope,
): Promise<InForce & { own: Awaited<ReturnType<typeof rulesFor>> }> {
  const own = await rulesFor(scope, { userId: scope.actor });
  return { ...inForce(currentRules().rules, own), own };
}

/** Every rule that holds for who asks and every draft, with the deals of now on which each fires. */
export async function listRules(scope: Scope, now: string) {
  const { problems: inFiles, rules: files } = currentRules();
  const { rules, overrides, problems, own } = await rulesOf(scope);
  const hand = await dealsAtHand(scope, now);
  const { firing, counts, health } = judge(hand, { rules, overrides });
  const versions = await versionCounts(scope);
  const written = await customRules(scope);
  const drafts = new Set(written.flatMap(({ id, draft }) => (draft === null ? [] : [id])));
  const isFile = new Set(files.map(({ id }) => id));
  const listed = rules.map((rule): ListedRule => {
    const override = overrides[rule.id];
    const { id, name, category, severity, description, thresholds, automatable, ...rest } = override
      ? laidOver(rule, override)
      : rule;
    const isMine = own.overrides.user[id] ?? own.mine.includes(id);
    return {
      ...{ id, name, category, severity, description, thresholds, automatable },
      appliesToStages: rest.applies_to_stages ?? null,
      ...{ enabled: override?.enabled !== false, isCustom: !isFile.has(id) },
      ...{ hasDraft: drafts.has(id), changed: override ?? null },
      scope: isMine ? 'user' : 'workspace',
      fires: firing.get(id)?.length ?? null,
      version: versions.get(id) ?? 0,
    };
  });
  const all = [...listed, ...written.flatMap((one) => unpublished(one))];
  return {
    rules: all,
    counts: {
      ...{ rules: all.length, on: listed.filter(({ enabled }) => enabled).length },
      fire: listed.filter(({ fires }) => fires).length,
      deals: hand.deals.length,
      flagged: counts.filter(({ critical, warning, info }) => critical + warning + info > 0).length,
    },
    health: { score: health, formula },
    problems: [...inFiles, ...problems],
    isPart: hand.isPart,
  };
}

/** A rule that only is a draft judges nothing; it is shown as far as it can be read. */
function unpublished({
  id,
  userId,
  rule,
  draft,
}: Awaited<ReturnType<typeof customRules>>[number]): ListedRule[] {
  if (rule || draft === null) return [];
  const read = parseOwnRule(draft);
  const known = 'rule' in read ? read.rule : undefined;
  return [
    {
      ...{ id, name: known?.name ?? id, category: known?.category ?? 'CUSTOM' },
      ...{ severity: known?.severity ?? 'INFO', description: known?.description ?? '' },
      ...{ thresholds: known?.thresholds ?? {}, automatable: known?.automatable ?? false },
      ...{ appliesToStages: known?.applies_to_stages ?? null, enabled: false, isCustom: true },
      ...{
        hasDraft: true,
        changed: null,
        scope: userId ? 'user' : 'workspace',
        fires: null,
        version: 0,
      },
    },
  ];
}
