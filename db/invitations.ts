import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Invitation, NewInvitation, OpenInvitation } from '#domain/member.ts';
import { Refusal } from '#domain/refusal.ts';
import type { User } from './auth.ts';
import { changed } from './changes.ts';
import type { DB } from './schema.ts';
import { inWorkspace, type Scope } from './scope.ts';
import { hashOf } from './secrets.ts';

const columns = ['id', 'email', 'role', 'invitedBy', 'expiresAt', 'createdAt'] as const;
const WEEK = sql<string>`now() + interval '7 days'`;

/** The token of the link is in this answer and nowhere else. */
export async function createInvitation(
  scope: Scope,
  { email, role }: NewInvitation,
): Promise<{ invitation: Invitation; token: string }> {
  const { db, workspaceId, actor } = scope;
  const there = await db
    .selectFrom('members')
    .select('userId')
    .where('email', '=', email)
    .executeTakeFirst();
  if (there) throw new Refusal('conflict', 'This person is a member already.');
  // Only the newest link of a person opens anything.
  await db
    .updateTable('invitations')
    .set({ revokedAt: sql<string>`now()` })
    .where('email', '=', email)
    .where('acceptedAt', 'is', null)
    .where('revokedAt', 'is', null)
    .execute();
  const token = randomBytes(24).toString('base64url');
  const row = await db
    .insertInto('invitations')
    .values({
      ...{ workspaceId, email, role, invitedBy: actor },
      ...{ tokenHash: hashOf(token), expiresAt: WEEK },
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
  changed(scope, 'settings');
  return { invitation: row as Invitation, token };
}

/** Those that can still be accepted. */
export async function listInvitations({ db }: Scope): Promise<Invitation[]> {
  const rows = await db
    .selectFrom('invitations')
    .select(columns)
    .where('acceptedAt', 'is', null)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', sql<string>`now()`)
    .orderBy('id', 'desc')
    .execute();
  return rows as Invitation[];
}

export async function revokeInvitation(scope: Scope, id: string): Promise<void> {
  const revoked = await scope.db
    .updateTable('invitations')
    .set({ revokedAt: sql<string>`now()` })
    .where('id', '=', id)
    .where('acceptedAt', 'is', null)
    .where('revokedAt', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (!revoked) throw new Refusal('not-found', 'There is no such invitation.');
  changed(scope, 'settings');
}

/** What a link opens. Acts as the owner: who holds it belongs nowhere yet. */
export async function readInvitation(db: Kysely<DB>, token: string): Promise<OpenInvitation> {
  const found = await findOpen(db, token);
  const [workspace, host] = await Promise.all([
    db
      .selectFrom('workspaces')
      .select('name')
      .where('id', '=', found.workspaceId)
      .executeTakeFirst(),
    db
      .selectFrom('members')
      .select('name')
      .where('workspaceId', '=', found.workspaceId)
      .where('userId', '=', found.invitedBy)
      .executeTakeFirst(),
  ]);
  const { role, email } = found;
  return {
    ...{ workspace: workspace?.name ?? '', email, invitedBy: host?.name ?? null },
    role: role as OpenInvitation['role'],
  };
}

/** Makes the invited person, and nobody else, a member. Answers of which workspace. */
export async function acceptInvitation(
  db: Kysely<DB>,
  token: string,
  { id: userId, name, email }: User,
): Promise<string> {
  const { id, workspaceId, role, email: invited } = await findOpen(db, token);
  if (email !== invited) {
    throw new Refusal('forbidden', 'This invitation is for another e-mail address.');
  }
  await inWorkspace(db, { workspaceId, actor: userId }, async (scope) => {
    const taken = await scope.db
      .updateTable('invitations')
      .set({ acceptedAt: sql<string>`now()` })
      .where('id', '=', id)
      .where('acceptedAt', 'is', null)
      .where('revokedAt', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (!taken) throw none();
    await scope.db
      .insertInto('members')
      .values({ workspaceId, userId, name, email, role })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    changed(scope, 'settings');
  });
  return workspaceId;
}

async function findOpen(db: Kysely<DB>, token: string) {
  const found = await db
    .selectFrom('invitations')
    .select(['id', 'workspaceId', 'email', 'role', 'invitedBy'])
    .where('tokenHash', '=', hashOf(token))
    .where('acceptedAt', 'is', null)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', sql<string>`now()`)
    .executeTakeFirst();
  if (!found) throw none();
  return found;
}

function none(): Refusal {
  return new Refusal('not-found', 'This invitation is not there, was used, or has ended.');
}
