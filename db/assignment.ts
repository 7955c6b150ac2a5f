import { sql } from 'kysely';
import { assignAll, type Assigned, type Candidate } from '#domain/assignment.ts';
import type { Facts } from '#domain/condition.ts';
import { changed } from './changes.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';
import { listTerritories } from './territories.ts';

/**
 * Chooses an owner for each lead by territory, skills and turn, and tells them; the caller writes it on the lead with
 * what else it has to write there. Crowds at once take turns here.
 */
export async function assignLeads(
  scope: Scope,
  leads: { leadId: string; facts: Facts }[],
  now: string,
): Promise<Assigned[]> {
  if (leads.length === 0) return [];
  const candidates = await lockCandidates(scope);
  const territories = await listTerritories(scope);
  const assigned = assignAll(leads, { candidates, territories, now });
  const names = new Map(candidates.map(({ userId, name }) => [userId, name]));
  await noteTurns(scope, assigned);
  await tell(scope, assigned, names);
  return assigned;
}

/** Who may be given leads, locked until the end: two crowds never count the same room. */
async function lockCandidates({ db }: Scope): Promise<Candidate[]> {
  await db.selectFrom('members').select('userId').orderBy('userId').forNoKeyUpdate().execute();
  const { rows } = await sql<Candidate>`
    select m.user_id, m.name, m.role = 'owner' as is_owner, m.capacity, m.away_until, m.skills,
      to_char(m.last_assigned_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as last_assigned_at,
      (select count(*) from (select from leads l
        where l.owner_id = m.user_id and l.is_open limit m.capacity) held) as open
    from members m where m.role <> 'viewer'`.execute(db);
  return rows;
}

/** To the microsecond, so that the line within one crowd is the line afterwards. */
async function noteTurns({ db }: Scope, assigned: Assigned[]): Promise<void> {
  const last = new Map(assigned.map(({ ownerId }, turn) => [ownerId, turn]));
  await sql`
    update members m set last_assigned_at = statement_timestamp() + n.turn * interval '1 microsecond'
    from unnest(${[...last.keys()]}::text[], ${[...last.values()]}::int[]) n (user_id, turn)
    where m.user_id = n.user_id`.execute(db);
}

async function tell(scope: Scope, assigned: Assigned[], names: Map<string, string>): Promise<void> {
  const { workspaceId, actor } = scope;
  const lines = assigned.map(({ leadId, ownerId, because }) => ({
    ...{ workspaceId, actor, leadId, kind: 'assigned', body: because },
    ...{ title: `Assigned to ${names.get(ownerId)}`, data: { ownerId } },
  }));
  await insertRows(scope, 'activities', lines, ['id']);
  await notifyOwners(scope, assigned);
}

/** One word for each new owner, however many leads they were given; nobody is told what they did themselves. */
export async function notifyOwners(
  scope: Scope,
  assigned: Pick<Assigned, 'leadId' | 'ownerId'>[],
): Promise<void> {
  const { workspaceId, actor } = scope;
  const byOwner = Map.groupBy(assigned, ({ ownerId }) => ownerId);
  byOwner.delete(actor);
  const rows = [...byOwner].map(([userId, theirs]) => ({
    ...{ workspaceId, userId, kind: 'assigned' },
    ...(theirs.length === 1
      ? { title: 'A lead was assigned to you', href: `/leads/${theirs[0]!.leadId}` }
      : { title: `${theirs.length} leads were assigned to you`, href: '/leads?view=mine' }),
    leadId: theirs.length === 1 ? theirs[0]!.leadId : null,
  }));
  await insertRows(scope, 'notifications', rows, ['id']);
  if (rows.length > 0) changed(scope, 'notifications');
}
