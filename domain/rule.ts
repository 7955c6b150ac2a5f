import { z } from 'zod';

export const categories = [
  'DATA_QUALITY',
  'SALES_HYGIENE',
  'FORECASTING',
  'PROGRESSION',
  'ENGAGEMENT',
  'COMPLIANCE',
  'CUSTOM',
] as const;
export type Category = (typeof categories)[number];

/** Worst first. */
export const severities = ['CRITICAL', 'WARNING', 'INFO'] as const;
export type Severity = (typeof severities)[number];

export const operators = [
  ...['is_empty', 'not_empty', 'is_past', 'is_future'],
  ...['older_than_days', 'newer_than_days', 'within_days'],
  ...['greater_than', 'less_than', 'between', 'equals', 'not_equals'],
  ...['in', 'not_in', 'contains', 'not_contains', 'matches', 'changed_times_gt'],
] as const;
export type Operator = (typeof operators)[number];

/** A number that a workspace may set otherwise; a condition names it as `{threshold: days}`. */
export const Threshold = z.strictObject({
  value: z.number(),
  unit: z.enum(['days', 'hours', 'cents', 'percent', 'times', 'count', 'ratio']),
  label: z.string().min(1).max(80),
  least: z.number().optional(),
  most: z.number().optional(),
});
export type Threshold = z.infer<typeof Threshold>;

/** What a field is compared with: a value, a list, or the name of a threshold. */
const Scalar = z.union([z.string().max(500), z.number(), z.boolean()]);
const Named = z.strictObject({ threshold: z.string() });
const Comparand = z.union([Scalar, Named, z.array(z.union([Scalar, Named])).max(100)]);

export interface Leaf {
  field: string;
  operator: Operator;
  value?: z.infer<typeof Comparand> | undefined;
}
export type RuleCondition =
  Leaf | { all_of: RuleCondition[] } | { any_of: RuleCondition[] } | { not: RuleCondition };

const Leaf = z.strictObject({
  field: z.string().min(1).max(80),
  operator: z.enum(operators),
  value: Comparand.optional(),
});
export const RuleCondition: z.ZodType<RuleCondition> = z.lazy(() =>
  z.union([
    Leaf,
    z.strictObject({ all_of: z.array(RuleCondition).min(1).max(20) }),
    z.strictObject({ any_of: z.array(RuleCondition).min(1).max(20) }),
    z.strictObject({ not: RuleCondition }),
  ]),
);

/** Names of facts with their values; dates as `2026-03-14` or ISO instants, money in integer cents. */
export type FactValue = string | number | boolean | string[] | null;
export type RuleFacts = Record<string, FactValue | undefined>;

const FactTable = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]),
);

/** What mends a violation by itself, where a rule is automatable. */
export const fixes = ['set_field', 'create_task', 'assign_owner', 'clear_field'] as const;
export const RuleFix = z.strictObject({
  kind: z.enum(fixes),
  /** The deal's field that is set, for `set_field` and `clear_field`. */
  field: z.string().max(80).optional(),
  /** A value, or `{{fact}}` whose value is taken; for a task its title. */
  value: Scalar.optional(),
});
export type RuleFix = z.infer<typeof RuleFix>;

/** One rule as it stands in rules/<category>/<id>.yaml, and as people write their own. */
export const Rule = z.strictObject({
  /** As its file is called. */
  id: z
    .string()
    .max(60)
    .regex(/^[a-z][a-z0-9_]*$/, 'is written in small letters, digits and _, as in close_date_past'),
  name: z.string().min(1).max(80),
  category: z.enum(categories),
  severity: z.enum(severities),
  description: z.string().min(1).max(500),
  condition: RuleCondition,
  thresholds: z
    .record(z.string().regex(/^[a-z]\w{0,39}$/, 'is one word of small letters'), Threshold)
    .default({}),
  /** Facts stand in it as `{{amount}}`. */
  message: z.string().min(1).max(300),
  remediation_action: z.string().min(1).max(300),
  remediation_owner: z.enum(['deal_owner', 'manager', 'operations', 'finance']),
  /** Slugs or names of stages; without them every open stage. */
  applies_to_stages: z.array(z.string().max(80)).max(50).optional(),
  automatable: z.boolean().default(false),
  fix: RuleFix.optional(),
  /** What must fire and what must not: the tests of the rule. */
  examples: z
    .array(
      z.strictObject({
        title: z.string(),
        facts: FactTable,
        fires: z.boolean(),
        /** When it is asked, and where; noon of Monday 16 March 2026 in UTC if it does not say. */
        now: z.iso.datetime().optional(),
        time_zone: z.string().optional(),
      }),
    )
    .default([]),
});
export type Rule = z.infer<typeof Rule>;

/** What a workspace, or one person, sets other than a rule says. */
export const RuleOverride = z.strictObject({
  enabled: z.boolean().optional(),
  severity: z.enum(severities).optional(),
  thresholds: z.record(z.string(), z.number()).optional(),
  applies_to_stages: z.array(z.string().max(80)).max(50).optional(),
});
export type RuleOverride = z.infer<typeof RuleOverride>;

/** One rule that fired on one row. */
export interface Violation {
  ruleId: string;
  name: string;
  category: Category;
  severity: Severity;
  /** With the facts filled in. */
  message: string;
  remediation: string;
  remediationOwner: Rule['remediation_owner'];
  automatable: boolean;
}
