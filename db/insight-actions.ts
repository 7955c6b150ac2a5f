import { sql } from 'kysely';
import type { Insight, InsightAction } from '#domain/insight.ts';
import { InsightSettings } from '#domain/insight-settings.ts';
import { Refusal } from '#domain/refusal.ts';
import { assignLeads } from './assignment.ts';
import { changed } from './changes.ts';
import { enrol } from './entering.ts';
import { factsOf, peopleOf } from './facts.ts';
import { findInsight } from './insights.ts';
import { doToLeads } from './lead-bulk.ts';
import { refuseUnknown } from './named.ts';
import { settingsOf } from './overrides.ts';
import type { Scope } from './scope.ts';

/** What was done about an insight. */
export interface Acted {
  did: string;
  taskId?: string;
  enrolmentId?: string;
  leadIds?: string[];
}

/** Puts an insight off until an instant, for a reason that is kept. */
export async function snoozeInsight(
  scope: Scope,
  insight: string,
  { until, reason }: { until: string; reason: string },
): Promise<void> {
  const { db, workspaceId, actor } = scope;
  const row = { snoozedUntil: until, reason, actor, at: sql<string>`now()` };
  await db
    .insertInto('insightMarks')
    .values({ workspaceId, insight, ...row })
    .onConflict((there) => there.columns(['workspaceId', 'insight']).doUpdateSet(row))
    .execute();
  changed(scope, 'insights');
}

/**
 * Does what an insight proposes, or what somebody would rather do about it, and lets it rest. Done by two at once,
 * it is done by the first; the other is told.
 */
export async function actOnInsight(
  scope: Scope,
  id: string,
  { now, instead }: { now: string; instead?: InsightAction | undefined },
): Promise<Acted> {
  await takeTurn(scope, id);
  const insight = await findInsight(scope, id, now);
  if (!insight) throw await goneOrSeenTo(scope, id, now);
  const acted = await doIt(scope, instead ?? insight, now);
  const { action } = await settingsOf(scope, 'insights', InsightSettings);
  const until = new Date(Date.parse(now) + action.restDays * 24 * 60 * 60 * 1000).toISOString();
  await snoozeInsight(scope, id, { until, reason: acted.did });
  return acted;
}

/** Who acts on the same insight waits until the other has. */
async function takeTurn({ db, workspaceId }: Scope, id: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${workspaceId}:${id}`}, 0))`.execute(
    db,
  );
}

async function goneOrSeenTo({ db }: Scope, id: string, now: string): Promise<Refusal> {
  const mark = await db
    .selectFrom('insightMarks')
    .select('reason')
    .where('insight', '=', id)
    .where('snoozedUntil', '>', now)
    .executeTakeFirst();
  if (mark) return new Refusal('conflict', `Somebody has seen to this: ${mark.reason}`);
  return new Refusal('not-found', 'There is no such insight, or not any more.');
}

function doIt(scope: Scope, action: Insight | InsightAction, now: string): Promise<Acted> {
  switch (action.action_type) {
    case 'start_sequence':
      return startSequence(scope, action.action_payload);
    case 'create_task':
      return createTask(scope, action.action_payload);
    case 'assign':
      return assign(scope, action.action_payload, now);
  }
}

type Payload<Type extends InsightAction['action_type']> = Extract<
  InsightAction,
  { action_type: Type }
>['action_payload'];

async function startSequence(
  scope: Scope,
  { leadId, sequenceId }: Payload<'start_sequence'>,
): Promise<Acted> {
  const entered = await enrol(scope, { sequenceId, leadIds: [leadId], enteredBy: scope.actor });
  const { refused, enrolmentId } = entered[0]!;
  if (refused) throw new Refusal('conflict', refused);
  return { did: 'A sequence follows up', enrolmentId: enrolmentId!, leadIds: [leadId] };
}

async function createTask(
  scope: Scope,
  { dealId, leadId, kind, title, dueAt, assigneeId }: Payload<'create_task'>,
): Promise<Acted> {
  const { db, workspaceId, actor } = scope;
  await refuseUnknown(scope, 'members', assigneeId ?? undefined, 'assigneeId');
  await refuseMissing(scope, 'deals', dealId);
  await refuseMissing(scope, 'leads', leadId);
  const { id } = await db
    .insertInto('tasks')
    .values({
      ...{ workspaceId, dealId, leadId, kind, title, dueAt, because: 'an insight asked for it' },
      ...{ assigneeId: assigneeId ?? actor, createdBy: actor },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  changed(scope, 'today', 'deals', 'leads', 'activities');
  return { did: `Task: ${title}`, taskId: id };
}

async function refuseMissing(
  { db }: Scope,
  table: 'deals' | 'leads',
  id: string | null,
): Promise<void> {
  if (!id) return;
  const { rows } = await sql`
    select from ${sql.table(table)} where id = ${id} and deleted_at is null`.execute(db);
  if (rows.length > 0) return;
  const field = table === 'deals' ? 'dealId' : 'leadId';
  const message = `There is no such ${field.replace('Id', '')}.`;
  throw new Refusal('invalid', message, [{ field: `action_payload.${field}`, message }]);
}

async function assign(
  scope: Scope,
  { leadIds, ownerId }: Payload<'assign'>,
  now: string,
): Promise<Acted> {
  if (ownerId) {
    await refuseUnknown(scope, 'members', ownerId, 'ownerId');
    const done = await doToLeads(scope, leadIds, { action: 'assign', ownerId });
    const given = done.flatMap(({ leadId, refused }) => (refused ? [] : leadId));
    return { did: `${given.length} leads assigned`, leadIds: given };
  }
  const people = await peopleOf(scope, leadIds);
  const leads = [...people].map(([leadId, person]) => ({ leadId, facts: factsOf(person) }));
  const assigned = await assignLeads(scope, leads, now);
  if (assigned.length === 0) throw new Refusal('conflict', 'Nobody has room for them.');
  await sql`
    update leads l set owner_id = n.owner, updated_at = now()
    from unnest(${assigned.map(({ leadId }) => leadId)}::uuid[],
      ${assigned.map(({ ownerId }) => ownerId)}::text[]) n (id, owner)
    where l.id = n.id`.execute(scope.db);
  changed(scope, 'leads', 'today');
  const given = assigned.map(({ leadId }) => leadId);
  return { did: `${given.length} leads assigned`, leadIds: given };
}
