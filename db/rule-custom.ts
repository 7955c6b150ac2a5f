import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { Rule } from '#domain/rule.ts';
import { changed } from './changes.ts';
import { EVERYBODY } from './rule-overrides.ts';
import type { Scope } from './scope.ts';

/** How many rules a workspace may write. */
export const MOST_CUSTOM_RULES = 200;

export interface CustomRule {
  id: string;
  userId: string;
  /** As it was published last. */
  rule: Rule | null;
  draft: string | null;
  draftRev: number;
  createdAt: string;
  updatedAt: string;
}

const columns = [
  ...(['id', 'userId', 'rule', 'draft', 'draftRev', 'createdAt', 'updatedAt'] as const),
] as const;

/** The rules that people wrote, as far as the actor may see them: everybody's and their own. */
export async function customRules({ db, actor }: Scope): Promise<CustomRule[]> {
  const rows = await db
    .selectFrom('customRules')
    .select(columns)
    .where('userId', 'in', [EVERYBODY, actor])
    .orderBy('id')
    .execute();
  return rows as unknown as CustomRule[];
}

export async function findCustomRule(
  { db, actor }: Scope,
  id: string,
  lock = false,
): Promise<CustomRule | undefined> {
  const row = await db
    .selectFrom('customRules')
    .select(columns)
    .where('id', '=', id)
    .where('userId', 'in', [EVERYBODY, actor])
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
  return row as unknown as CustomRule | undefined;
}

/** Begins a rule: a draft that judges nothing yet. */
export async function createCustomRule(
  scope: Scope,
  { id, userId, draft }: { id: string; userId: string; draft: string },
): Promise<void> {
  const { db, workspaceId, actor } = scope;
  const { rows } = await sql<{ id: string }>`
    insert into custom_rules (workspace_id, id, user_id, draft, created_by)
    select ${workspaceId}::uuid, ${id}, ${userId}, ${draft}, ${actor}
    where (select count(*) from custom_rules) < ${MOST_CUSTOM_RULES}
    on conflict do nothing returning id`.execute(db);
  if (rows.length === 0) await refuseNew(scope, id);
  changed(scope, 'rules');
}

/** Keeps a draft, with its mistakes, unless somebody else saved another one since `rev`. */
export async function saveRuleDraft(
  scope: Scope,
  id: string,
  { draft, rev }: { draft: string | null; rev?: number | undefined },
): Promise<{ draftRev: number }> {
  const before = await lockCustomRule(scope, id);
  if (rev !== undefined && rev !== before.draftRev)
    throw new Refusal('conflict', 'Somebody else has changed this draft meanwhile.');
  const saved = await scope.db
    .updateTable('customRules')
    .set({ draft, draftRev: before.draftRev + 1, updatedAt: sql`now()` })
    .where('id', '=', id)
    .returning('draftRev')
    .executeTakeFirstOrThrow();
  changed(scope, 'rules');
  return saved;
}

/** Lets a rule judge from now on; its draft is done. */
export async function publishCustomRule(scope: Scope, id: string, rule: Rule): Promise<void> {
  await scope.db
    .updateTable('customRules')
    .set({
      ...{ rule: JSON.stringify(rule), draft: null, updatedAt: sql`now()` },
      draftRev: sql`draft_rev + 1`,
    })
    .where('id', '=', id)
    .execute();
  changed(scope, 'rules');
}

/** Takes a rule away, and what was set otherwise of it; its versions stay. */
export async function deleteCustomRule(scope: Scope, id: string): Promise<void> {
  await scope.db.deleteFrom('customRules').where('id', '=', id).execute();
  await scope.db.deleteFrom('ruleOverrides').where('ruleId', '=', id).execute();
  changed(scope, 'rules');
}

export async function lockCustomRule(scope: Scope, id: string): Promise<CustomRule> {
  const rule = await findCustomRule(scope, id, true);
  if (!rule) throw new Refusal('not-found', 'There is no such rule of yours.');
  return rule;
}

async function refuseNew({ db }: Scope, id: string): Promise<never> {
  const there = await db
    .selectFrom('customRules')
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst();
  if (there) throw new Refusal('conflict', `There is a rule called ${id} already.`);
  throw new Refusal('invalid', `A workspace may write ${MOST_CUSTOM_RULES} rules, not more.`);
}
