import { type Kysely, sql } from 'kysely';
import type { Member, MemberChange } from '#domain/member.ts';
import type { Role } from '#domain/permissions.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import type { DB } from './schema.ts';
import type { Scope } from './scope.ts';

const columns = [
  ...(['userId', 'name', 'email', 'role', 'capacity', 'awayUntil'] as const),
  ...(['skills', 'joinedAt'] as const),
] as const;

/** A workspace that someone belongs to. */
export interface Membership {
  workspace: { id: string; name: string; timezone: string; currency: string; demo: boolean };
  role: Role;
}

/** Where a user belongs, the one they were in last first. Acts as the owner: nobody is in a workspace yet. */
export async function membershipsOf(db: Kysely<DB>, userId: string): Promise<Membership[]> {
  const rows = await db
    .selectFrom('members')
    .innerJoin('workspaces', 'workspaces.id', 'members.workspaceId')
    .select(['id', 'workspaces.name', 'timeZone as timezone', 'currency', 'demo', 'role'])
    .where('userId', '=', userId)
    .orderBy('activeAt', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(({ role, ...workspace }) => ({ workspace, role: role as Role }));
}

/** Makes a workspace the one that its member finds from now on. Acts as the owner. */
export async function enterWorkspace(
  db: Kysely<DB>,
  userId: string,
  workspaceId: string,
): Promise<void> {
  const entered = await db
    .updateTable('members')
    .set({ activeAt: sql<string>`clock_timestamp()` })
    .where('userId', '=', userId)
    .where('workspaceId', '=', workspaceId)
    .returning('userId')
    .executeTakeFirst();
  if (!entered) throw new Refusal('not-found', 'There is no such workspace.');
}

export async function listMembers({ db }: Scope): Promise<Member[]> {
  const rows = await db.selectFrom('members').select(columns).orderBy('joinedAt').execute();
  return rows as Member[];
}

export async function getMember({ db }: Scope, userId: string, lock = false): Promise<Member> {
  const row = await db
    .selectFrom('members')
    .select(columns)
    .where('userId', '=', userId)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such member.');
  return row as Member;
}

export async function changeMember(
  scope: Scope,
  userId: string,
  { skills, ...given }: MemberChange,
): Promise<Member> {
  const member = await getMember(scope, userId, true);
  if (given.role && given.role !== member.role) await mayRank(scope, member, given.role);
  const change = { ...given, ...(skills && { skills: JSON.stringify(skills) }) };
  if (Object.keys(change).length === 0) return member;
  await scope.db.updateTable('members').set(change).where('userId', '=', userId).execute();
  changed(scope, 'settings');
  return getMember(scope, userId);
}

/** Whoever is removed has no way in from the next call on; what they did stays. */
export async function removeMember(scope: Scope, userId: string): Promise<void> {
  const member = await getMember(scope, userId, true);
  await mayRank(scope, member);
  await scope.db.deleteFrom('members').where('userId', '=', userId).execute();
  changed(scope, 'settings');
}

/** Only owners make and unmake owners, and one always stays. */
async function mayRank(scope: Scope, member: Member, role?: Role): Promise<void> {
  const { db, actor } = scope;
  const owners = await db
    .selectFrom('members')
    .select('userId')
    .where('role', '=', 'owner')
    .forUpdate()
    .execute();
  const isOwner = owners.some(({ userId }) => userId === actor);
  if ((member.role === 'owner' || role === 'owner') && !isOwner) {
    throw new Refusal('forbidden', 'Only an owner can do this to an owner.');
  }
  if (member.role === 'owner' && owners.length === 1) {
    throw new Refusal('conflict', 'A workspace needs an owner. Make someone else one first.');
  }
}
