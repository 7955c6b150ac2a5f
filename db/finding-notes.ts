import { sql } from 'kysely';
import type { FindingComment } from '#domain/result.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';

/** Which finding: what was found on a line of an analysis. */
export interface FindingKey {
  id: string;
  line: number;
  ruleId: string;
}

/** A finding, and by what it is known in the next analysis. */
export interface FoundFinding extends FindingKey {
  subject: string;
  deal: string;
  dealId: string | null;
  message: string;
  taskId: string | null;
}

export async function getFinding({ db }: Scope, key: FindingKey): Promise<FoundFinding> {
  const { rows } = await sql<Omit<FoundFinding, keyof FindingKey>>`
    select d.subject, d.name as deal, d.deal_id, f.message, f.task_id
    from findings f join analysis_deals d on d.analysis_id = f.analysis_id and d.line = f.line
    where f.analysis_id = ${key.id} and f.line = ${key.line} and f.rule_id = ${key.ruleId}`.execute(
    db,
  );
  const [row] = rows;
  if (!row) throw new Refusal('not-found', 'There is no such finding.');
  return { ...key, ...row };
}

/** Sets a finding aside until then: in this analysis and in the next ones, for everybody. */
export async function snoozeFinding(
  scope: Scope,
  key: FindingKey,
  { until, reason, now }: { until: string; reason: string; now: string },
): Promise<void> {
  const { db, workspaceId, actor } = scope;
  const { subject, ruleId } = await getFinding(scope, key);
  if (Date.parse(until) <= Date.parse(now)) {
    const message = 'Choose a moment that is to come.';
    throw new Refusal('invalid', message, [{ field: 'until', message }]);
  }
  const row = { snoozedUntil: until, reason, snoozedBy: actor, snoozedAt: sql<string>`now()` };
  await db
    .insertInto('findingSnoozes')
    .values({ workspaceId, subject, ruleId, ...row })
    .onConflict((conflict) =>
      conflict.columns(['workspaceId', 'subject', 'ruleId']).doUpdateSet(row),
    )
    .execute();
  changed(scope, 'analyses');
}

export async function wakeFinding(scope: Scope, key: FindingKey): Promise<void> {
  const { subject, ruleId } = await getFinding(scope, key);
  await scope.db
    .deleteFrom('findingSnoozes')
    .where('subject', '=', subject)
    .where('ruleId', '=', ruleId)
    .execute();
  changed(scope, 'analyses');
}

/** What was said about a rule on a deal, the oldest first, whichever analysis it was said of. */
export async function listComments(scope: Scope, key: FindingKey): Promise<FindingComment[]> {
  const { subject, ruleId } = await getFinding(scope, key);
  const { rows } = await sql<FindingComment>`
    select c.id, c.body as text, c.mentions, c.actor, c.at, m.name as actor_name
    from finding_comments c left join members m on m.user_id = c.actor
    where c.subject = ${subject} and c.rule_id = ${ruleId} order by c.id limit 500`.execute(
    scope.db,
  );
  return rows;
}

/** Says something about a finding, and tells those who are mentioned. */
export async function addComment(
  scope: Scope,
  key: FindingKey,
  { text, mentions }: { text: string; mentions: string[] },
): Promise<FindingComment> {
  const { db, workspaceId, actor } = scope;
  const finding = await getFinding(scope, key);
  const told = await membersAmong(scope, mentions);
  const { subject, ruleId } = finding;
  const { id } = await db
    .insertInto('findingComments')
    .values({ workspaceId, subject, ruleId, body: text, mentions: told, actor })
    .returning('id')
    .executeTakeFirstOrThrow();
  await tellMentioned(scope, finding, { commentId: id, told });
  changed(scope, 'analyses');
  return (await listComments(scope, key)).find((one) => one.id === id)!;
}

async function membersAmong({ db }: Scope, ids: string[]): Promise<string[]> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return [];
  const rows = await db
    .selectFrom('members')
    .select('userId')
    .where('userId', 'in', wanted)
    .execute();
  if (rows.length === wanted.length) return wanted;
  const message = 'There is no such member.';
  throw new Refusal('invalid', message, [{ field: 'mentions', message }]);
}

async function tellMentioned(
  scope: Scope,
  { id, line, deal }: FoundFinding,
  { commentId, told }: { commentId: string; told: string[] },
): Promise<void> {
  const { db, workspaceId, actor } = scope;
  const others = told.filter((userId) => userId !== actor);
  if (others.length === 0) return;
  const member = await db
    .selectFrom('members')
    .select('name')
    .where('userId', '=', actor)
    .executeTakeFirst();
  const rows = others.map((userId) => ({
    ...{ workspaceId, userId, kind: 'mention', key: `mention:${commentId}` },
    title: `${member?.name ?? 'Somebody'} mentioned you on ${deal}`,
    href: `/reviews/${id}?open=${line}`,
  }));
  await insertRows(scope, 'notifications', rows, ['id']);
  changed(scope, 'notifications');
}
