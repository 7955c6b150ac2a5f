import { z } from 'zod';
import { findCustomRule } from '#db/rule-custom.ts';
import { rulesFor } from '#db/rule-overrides.ts';
import { textOfVersion, versionsOf } from '#db/rule-versions.ts';
import type { Scope } from '#db/scope.ts';
import { Refusal } from '#domain/refusal.ts';
import { Rule, RuleOverride } from '#domain/rule.ts';
import { laidOver, laidTogether } from '#rules/compile.ts';
import { facts } from '#rules/facts.ts';
import { lineDiff } from '#rules/line-diff.ts';
import { parseOwnRule } from '#rules/own-rule.ts';
import { writeRule } from '#rules/parse-rule.ts';
import { currentRules } from '#rules/set.ts';
import { route } from './route.ts';
import { ListedRule, listRules, Side } from './rule-list.ts';
import { TextFaults } from './rule-reading.ts';

export const RuleId = z.object({ id: z.string().min(1).max(100) });
const Version = z.object({
  version: z.int(),
  what: z.string(),
  at: z.iso.datetime(),
  by: z.string(),
  name: z.string().nullable(),
  scope: Side,
});

const Shown = z.object({
  /** As it holds. */
  rule: Rule.nullable(),
  /** As it is written, without what is set otherwise. */
  text: z.string().nullable(),
  draft: z.object({ text: z.string(), faults: TextFaults, rev: z.int() }).nullable(),
  draftRev: z.int().nullable(),
  override: RuleOverride.nullable(),
  overrides: z.object({ workspace: RuleOverride.nullable(), user: RuleOverride.nullable() }),
  enabled: z.boolean(),
  isCustom: z.boolean(),
  scope: Side,
  versions: z.array(Version),
});

export const ruleRoutes = [
  route('get', '/rules', {
    summary:
      'List the rules that hold, with what is set otherwise and on how many deals each fires',
    needs: 'rules:read',
    reply: z.object({
      rules: z.array(ListedRule),
      counts: z.object({
        ...{ rules: z.int(), on: z.int(), fire: z.int(), deals: z.int() },
        /** Deals on which at least one rule fires. */
        flagged: z.int(),
      }),
      health: z.object({ score: z.int(), formula: z.string() }),
      /** What is wrong with files or rules; what held before goes on. */
      problems: z.array(z.string()),
      /** Whether there are more deals than are looked at here. */
      isPart: z.boolean(),
    }),
    run: (_given, scope, deps) => listRules(scope, deps.now()),
  }),

  route('get', '/rules/facts', {
    summary: 'List what a rule may ask of a deal: name, type, unit and where it comes from',
    needs: 'rules:read',
    reply: z.object({
      facts: z.array(
        z.object({
          ...{ name: z.string(), type: z.string(), unit: z.string().nullable() },
          ...{ label: z.string(), from: z.string(), inFiles: z.boolean() },
        }),
      ),
    }),
    run: () =>
      Promise.resolve({
        facts: Object.entries(facts).map(([name, fact]) => ({ name, unit: null, ...fact })),
      }),
  }),

  route('get', '/rules/:id', {
    summary: 'Show a rule as it holds and as it is written, its draft, and how it came to be so',
    needs: 'rules:read',
    params: RuleId,
    reply: Shown,
    run: ({ params }, scope) => showRule(scope, params.id),
  }),

  route('get', '/rules/:id/versions/:version', {
    summary: 'Show a rule as it held at a version; 0 is what its file says',
    needs: 'rules:read',
    params: RuleId.extend({ version: z.coerce.number().int().min(0) }),
    reply: z.object({ text: z.string() }),
    run: async ({ params }, scope) => ({ text: await textAt(scope, params.id, params.version) }),
  }),

  route('get', '/rules/:id/diff', {
    summary: 'Compare two versions of a rule line by line; without any, the last two',
    needs: 'rules:read',
    params: RuleId,
    query: z.object({
      from: z.coerce.number().int().min(0).optional(),
      /** A version, or `draft`. */
      to: z.union([z.coerce.number().int().min(0), z.literal('draft')]).optional(),
    }),
    reply: z.object({
      lines: z.array(z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() })),
    }),
    async run({ params, query }, scope) {
      const { draft, versions } = await showRule(scope, params.id);
      const last = versions[0]?.version ?? 0;
      const to = query.to ?? last;
      const from = query.from ?? (to === 'draft' ? last : Math.max(0, to - 1));
      if (to === 'draft' && !draft) throw new Refusal('not-found', 'This rule has no draft.');
      const after = to === 'draft' ? inOrder(draft!.text) : await textAt(scope, params.id, to);
      return { lines: lineDiff(await textAt(scope, params.id, from), after) };
    },
  }),
];

/** A rule of a file or of people, as it is written; nothing while it was never published. */
export async function showRule(scope: Scope, id: string): Promise<z.input<typeof Shown>> {
  const file = currentRules().rules.find((rule) => rule.id === id);
  const custom = file ? undefined : await findCustomRule(scope, id);
  if (!file && !custom) throw new Refusal('not-found', 'There is no such rule.');
  const { overrides } = await rulesFor(scope, { userId: scope.actor });
  const [workspace, user] = [overrides.workspace[id] ?? null, overrides.user[id] ?? null];
  const override = laidTogether(overrides.workspace, overrides.user)[id] ?? null;
  const rule = file ?? custom!.rule;
  const draft = custom?.draft ?? null;
  const read = draft === null ? undefined : parseOwnRule(draft);
  return {
    rule: rule && (override ? laidOver(rule, override) : rule),
    text: rule && writeRule(rule),
    draft:
      draft === null
        ? null
        : {
            text: draft,
            faults: read && 'faults' in read ? read.faults : [],
            rev: custom!.draftRev,
          },
    ...{ draftRev: custom?.draftRev ?? null, override, overrides: { workspace, user } },
    enabled: rule !== null && override?.enabled !== false,
    isCustom: custom !== undefined,
    scope: custom ? (custom.userId ? 'user' : 'workspace') : user ? 'user' : 'workspace',
    versions: await versionsOf(scope, id),
  };
}

/** A draft as its versions are written, so that only what means something else is another; with mistakes as it is. */
function inOrder(text: string): string {
  const read = parseOwnRule(text);
  return 'rule' in read ? writeRule(read.rule) : text;
}

async function textAt(scope: Scope, id: string, version: number): Promise<string> {
  if (version > 0) return textOfVersion(scope, id, version);
  const file = currentRules().rules.find((rule) => rule.id === id);
  if (file) return writeRule(file);
  if (await findCustomRule(scope, id)) return '';
  throw new Refusal('not-found', 'There is no such rule.');
}
