import { z } from 'zod';
import { customRules, findCustomRule } from '#db/rule-custom.ts';
import { rulesFor } from '#db/rule-overrides.ts';
import { textOfVersion, versionCounts, versionsOf } from '#db/rule-versions.ts';
import type { Scope } from '#db/scope.ts';
import { Refusal } from '#domain/refusal.ts';
import { categories, Rule, RuleOverride, severities, Threshold } from '#domain/rule.ts';
import { laidOver, laidTogether } from '#rules/compile.ts';
import { facts } from '#rules/facts.ts';
import { formula } from '#rules/health.ts';
import { type InForce, inForce } from '#rules/in-force.ts';
import { lineDiff } from '#rules/line-diff.ts';
import { parseOwnRule } from '#rules/own-rule.ts';
import { writeRule } from '#rules/parse-rule.ts';
import { currentRules } from '#rules/set.ts';
import { route } from './route.ts';
import { dealsAtHand, judge } from './rule-deals.ts';
import { TextFaults } from './rule-reading.ts';

export const RuleId = z.object({ id: z.string().min(1).max(100) });
const Side = z.enum(['workspace', 'user']);

const Listed = z.object({
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
type Listed = z.infer<typeof Listed>;

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
      rules: z.array(Listed),
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
    run: (_given, scope, deps) => list(scope, deps.now()),
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

/** The rules that hold for who asks. */
export async function rulesOf(
  scope: Scope,
): Promise<InForce & { own: Awaited<ReturnType<typeof rulesFor>> }> {
  const own = await rulesFor(scope, { userId: scope.actor });
  return { ...inForce(currentRules().rules, own), own };
}

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

async function list(scope: Scope, now: string) {
  const { problems: inFiles, rules: files } = currentRules();
  const { rules, overrides, problems, own } = await rulesOf(scope);
  const hand = await dealsAtHand(scope, now);
  const { firing, counts, health } = judge(hand, { rules, overrides });
  const versions = await versionCounts(scope);
  const written = await customRules(scope);
  const drafts = new Set(written.flatMap(({ id, draft }) => (draft === null ? [] : [id])));
  const isFile = new Set(files.map(({ id }) => id));
  const listed = rules.map((rule): Listed => {
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
}: Awaited<ReturnType<typeof customRules>>[number]): Listed[] {
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
