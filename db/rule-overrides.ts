import { sql } from 'kysely';
import { type Rule, RuleOverride } from '#domain/rule.ts';
import { changed } from './changes.ts';
import type { Scope } from './scope.ts';

/** Whose a rule or an override is; `EVERYBODY` means the workspace's. */
export const EVERYBODY = '';

export type Overrides = Record<string, RuleOverride>;

/** What a workspace and one person of it say about rules, to be laid over those of the files. */
export interface OwnRules {
  overrides: { workspace: Overrides; user: Overrides };
  /** What they wrote and published. */
  custom: Rule[];
  /** The ids of those that are this person's alone. */
  mine: string[];
}

/** What is to be laid over the rules of the files: the workspace's, and those of one person when one is asked for. */
export async function rulesFor(
  { db }: Scope,
  { userId = EVERYBODY }: { userId?: string | undefined } = {},
): Promise<OwnRules> {
  const whose = [EVERYBODY, userId];
  const [set, written] = [
    await db
      .selectFrom('ruleOverrides')
      .select(['ruleId', 'userId', 'settings'])
      .where('userId', 'in', whose)
      .execute(),
    await db
      .selectFrom('customRules')
      .select(['userId', 'rule'])
      .where('userId', 'in', whose)
      .where('rule', 'is not', null)
      .orderBy('id')
      .execute(),
  ];
  const overrides: OwnRules['overrides'] = { workspace: {}, user: {} };
  for (const { ruleId, userId, settings } of set) {
    const side = userId === EVERYBODY ? overrides.workspace : overrides.user;
    side[ruleId] = settings as RuleOverride;
  }
  const custom = written.map(({ rule }) => rule as unknown as Rule);
  const mine = written.flatMap(({ userId }, index) =>
    userId === EVERYBODY ? [] : custom[index]!.id,
  );
  return { overrides, custom, mine };
}

/** Sets some of a rule otherwise for everybody or one person, in place of what was set before. */
export async function overrideRule(
  scope: Scope,
  ruleId: string,
  { userId, override }: { userId: string; override: RuleOverride },
): Promise<void> {
  const { db, workspaceId, actor } = scope;
  const row = {
    settings: JSON.stringify(override),
    changedBy: actor,
    changedAt: sql<string>`now()`,
  };
  await db
    .insertInto('ruleOverrides')
    .values({ workspaceId, ruleId, userId, ...row })
    .onConflict((there) => there.columns(['workspaceId', 'ruleId', 'userId']).doUpdateSet(row))
    .execute();
  changed(scope, 'rules');
}

/** Takes the rule as it is again; whether anything was set otherwise. */
export async function dropOverride(scope: Scope, ruleId: string, userId: string): Promise<boolean> {
  const { numDeletedRows } = await scope.db
    .deleteFrom('ruleOverrides')
    .where('ruleId', '=', ruleId)
    .where('userId', '=', userId)
    .executeTakeFirst();
  changed(scope, 'rules');
  return numDeletedRows > 0n;
}
