import { z } from 'zod';
import {
  createCustomRule,
  deleteCustomRule,
  lockCustomRule,
  publishCustomRule,
  saveRuleDraft,
} from '#db/rule-custom.ts';
import { noteVersion } from '#db/rule-versions.ts';
import type { Scope } from '#db/scope.ts';
import { Refusal } from '#domain/refusal.ts';
import { parseOwnRule } from '#rules/own-rule.ts';
import { type TextFault, tryExamples, writeRule } from '#rules/parse-rule.ts';
import { currentRules } from '#rules/set.ts';
import { route } from './route.ts';
import { ownerOf, Whose } from './rule-overrides.ts';
import { ruleIn, TextFaults, textOf, Written, wrong } from './rule-reading.ts';
import { RuleId } from './rules.ts';

const rev = z.int().min(0).optional();
const Saved = z.object({ draftRev: z.int(), faults: TextFaults });

export const customRuleRoutes = [
  route('post', '/rules', {
    summary: 'Begin a rule, for all or for me: a draft that judges nothing until it is published',
    needs: 'rules:write',
    body: Written.extend({ scope: Whose }),
    reply: RuleId,
    status: () => 201,
    async run({ body }, scope) {
      const { rule, text } = ruleIn(body);
      const userId = ownerOf(scope, body.scope);
      if (isOfHouse(rule.id))
        throw new Refusal('conflict', `There is a rule called ${rule.id} already.`);
      await createCustomRule(scope, { id: rule.id, userId, draft: text });
      return { id: rule.id };
    },
  }),

  route('put', '/rules/:id/draft', {
    summary: 'Save a draft, with its mistakes, unless somebody else saved another since `rev`',
    needs: 'rules:write',
    params: RuleId,
    body: Written.extend({ rev }),
    reply: Saved,
    async run({ params: { id }, body }, scope) {
      refuseHouse(id);
      const before = await lockCustomRule(scope, id);
      const draft = textOf(body) ?? before.draft ?? (before.rule && writeRule(before.rule)) ?? '';
      const { draftRev } = await saveRuleDraft(scope, id, { draft, rev: body.rev });
      return { draftRev, faults: faultsOfDraft(id, draft) };
    },
  }),

  route('delete', '/rules/:id/draft', {
    summary: 'Discard a draft; what was published holds on, and a rule that never was is gone',
    needs: 'rules:write',
    params: RuleId,
    query: z.object({ rev: z.coerce.number().int().min(0).optional() }),
    reply: z.object({ deleted: z.literal(true) }),
    async run({ params: { id }, query }, scope) {
      refuseHouse(id);
      const { rule, draft } = await lockCustomRule(scope, id);
      if (draft === null) throw new Refusal('not-found', 'This rule has no draft.');
      await saveRuleDraft(scope, id, { draft: null, rev: query.rev });
      if (!rule) await deleteCustomRule(scope, id);
      return { deleted: true as const };
    },
  }),

  route('post', '/rules/:id/publish', {
    summary: 'Let a draft judge from now on; refused while it has mistakes or its examples fail',
    needs: 'rules:write',
    params: RuleId,
    body: z.object({ rev }).default({}),
    reply: z.object({ version: z.int() }),
    run: ({ params, body }, scope) => publish(scope, params.id, body.rev),
  }),

  route('delete', '/rules/:id', {
    summary: 'Delete a rule of ours; one of the house is switched off instead',
    needs: 'rules:write',
    params: RuleId,
    reply: z.object({ deleted: z.literal(true) }),
    async run({ params: { id } }, scope) {
      refuseHouse(id);
      const { rule, userId } = await lockCustomRule(scope, id);
      const given = { ruleId: id, userId, what: 'Deleted' };
      if (rule) await noteVersion(scope, { ...given, text: writeRule(rule) });
      await deleteCustomRule(scope, id);
      return { deleted: true as const };
    },
  }),
];

async function publish(scope: Scope, id: string, seen?: number): Promise<{ version: number }> {
  refuseHouse(id);
  const { draft, draftRev, userId } = await lockCustomRule(scope, id);
  if (draft === null) throw new Refusal('conflict', 'This rule has no draft to publish.');
  if (seen !== undefined && seen !== draftRev)
    throw new Refusal('conflict', 'Somebody else has changed this draft meanwhile.');
  const faults = faultsOfDraft(id, draft);
  if (faults.length > 0) throw wrong(faults);
  const { rule } = ruleIn({ text: draft });
  const { failed } = tryExamples(rule);
  if (failed.length > 0) {
    const told = failed.map(({ title, expected }) => ({
      field: 'examples',
      message: `“${title}” should ${expected ? 'fire' : 'not fire'}.`,
    }));
    throw new Refusal('invalid', `Its examples do not hold: ${told[0]!.message}`, told);
  }
  await publishCustomRule(scope, id, rule);
  const text = writeRule(rule);
  return { version: await noteVersion(scope, { ruleId: id, userId, what: 'Published', text }) };
}

/** What is wrong with a draft; its id is how it is known, and stays. */
function faultsOfDraft(id: string, draft: string): TextFault[] {
  const read = parseOwnRule(draft);
  if ('faults' in read) return read.faults;
  if (read.rule.id === id) return [];
  const line = draft.split('\n').findIndex((one) => one.startsWith('id:')) + 1 || 1;
  return [{ line, path: 'id', message: `This rule is called ${id}; its id stays.` }];
}

function isOfHouse(id: string): boolean {
  return currentRules().rules.some((rule) => rule.id === id);
}

function refuseHouse(id: string): void {
  if (isOfHouse(id))
    throw new Refusal(
      'conflict',
      'This rule is one of the house: set it otherwise, switch it off, or copy it into one of your own.',
    );
}
