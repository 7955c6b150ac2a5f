import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import { EVERYBODY } from './rule-overrides.ts';
import type { Scope } from './scope.ts';

export interface RuleVersion {
  version: number;
  /** What was done, in a few words: `Published`, `Severity is critical`. */
  what: string;
  by: string;
  /** The name of who did it, where it is a member. */
  name: string | null;
  scope: 'workspace' | 'user';
  at: string;
}

/** Writes down how a rule holds from now on. Versions are numbered per rule, from 1. */
export async function noteVersion(
  { db, workspaceId, actor }: Scope,
  { ruleId, userId, what, text }: { ruleId: string; userId: string; what: string; text: string },
): Promise<number> {
  // Two at the same moment are given two numbers.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`rule:${workspaceId}:${ruleId}`}, 0))`.execute(
    db,
  );
  const { rows } = await sql<{ version: number }>`
    insert into rule_versions (workspace_id, rule_id, version, user_id, what, text, by)
    select ${workspaceId}::uuid, ${ruleId}, coalesce(max(version), 0) + 1, ${userId}, ${what}, ${text}, ${actor}
    from rule_versions where rule_id = ${ruleId}
    returning version`.execute(db);
  return rows[0]!.version;
}

/** The versions that the actor may see, the latest first: everybody's and their own. */
export async function versionsOf(
  { db, actor }: Scope,
  ruleId: string,
  most = 200,
): Promise<RuleVersion[]> {
  const { rows } = await sql<RuleVersion>`
    select v.version, v.what, v.by, m.name, v.at,
      case when v.user_id = ${EVERYBODY} then 'workspace' else 'user' end as scope
    from rule_versions v left join members m on m.user_id = v.by
    where v.rule_id = ${ruleId} and v.user_id in (${EVERYBODY}, ${actor})
    order by v.version desc limit ${most}`.execute(db);
  return rows;
}

/** How many times each rule was changed, as far as the actor may see. */
export async function versionCounts({ db, actor }: Scope): Promise<Map<string, number>> {
  const { rows } = await sql<{ ruleId: string; version: number }>`
    select rule_id, max(version) as version from rule_versions
    where user_id in (${EVERYBODY}, ${actor}) group by 1`.execute(db);
  return new Map(rows.map(({ ruleId, version }) => [ruleId, version]));
}

export async function textOfVersion(
  { db, actor }: Scope,
  ruleId: string,
  version: number,
): Promise<string> {
  const row = await db
    .selectFrom('ruleVersions')
    .select('text')
    .where('ruleId', '=', ruleId)
    .where('version', '=', version)
    .where('userId', 'in', [EVERYBODY, actor])
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such version.');
  return row.text;
}
