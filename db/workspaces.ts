import type { Kysely } from 'kysely';
import type { NewWorkspace, Workspace, WorkspaceChange } from '#domain/workspace.ts';
import { Refusal } from '#domain/refusal.ts';
import type { User } from './auth.ts';
import { changed } from './changes.ts';
import type { DB } from './schema.ts';
import { inWorkspace, type Scope } from './scope.ts';
import { seedWorkspace } from './taxonomies.ts';

const columns = [
  ...(['id', 'name', 'timeZone as timezone', 'currency', 'defaultRegion'] as const),
  ...(['settings', 'demo', 'createdAt'] as const),
] as const;

/** How the installation sends mail for workspaces that have connected nothing. */
export interface HouseMail {
  provider: 'resend' | 'smtp';
  address: string;
}

/** A workspace that this user owns, with the words and the senders that it begins with. */
export function createWorkspace(
  db: Kysely<DB>,
  owner: User,
  { timezone, ...given }: NewWorkspace,
  mail?: HouseMail,
): Promise<Workspace> {
  const workspaceId = crypto.randomUUID();
  return inWorkspace(db, { workspaceId, actor: owner.id }, async (scope) => {
    const row = { id: workspaceId, timeZone: timezone, ...given };
    await scope.db.insertInto('workspaces').values(row).execute();
    const { id: userId, name, email } = owner;
    const member = { workspaceId, userId, name, email, role: 'owner' };
    await scope.db.insertInto('members').values(member).execute();
    await seedWorkspace(scope);
    await scope.db
      .insertInto('senders')
      .values([
        { workspaceId, userId, name, channel: 'email', address: email, ...mail },
        { workspaceId, userId, name, channel: 'sms', address: '+12025550100' },
      ])
      .execute();
    return getWorkspace(scope);
  });
}

export async function getWorkspace({ db, workspaceId }: Scope): Promise<Workspace> {
  const row = await db
    .selectFrom('workspaces')
    .select(columns)
    .where('id', '=', workspaceId)
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such workspace.');
  return row as Workspace;
}

export async function changeWorkspace(
  scope: Scope,
  { timezone, settings, ...given }: WorkspaceChange,
): Promise<Workspace> {
  const before = await getWorkspace(scope);
  const change = {
    ...given,
    ...(timezone && { timeZone: timezone }),
    ...(settings && { settings: JSON.stringify({ ...before.settings, ...settings }) }),
  };
  if (Object.keys(change).length === 0) return before;
  await scope.db
    .updateTable('workspaces')
    .set(change)
    .where('id', '=', scope.workspaceId)
    .execute();
  changed(scope, 'settings');
  return getWorkspace(scope);
}
