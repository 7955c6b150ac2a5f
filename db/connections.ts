import { sql } from 'kysely';
import type { Connection } from '#domain/connection.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import type { Scope } from './scope.ts';
import { seal, unseal } from './secrets.ts';

const columns = [
  ...(['id', 'source', 'name', 'settings', 'active', 'lastEventAt', 'lastProblem'] as const),
  ...(['createdBy', 'createdAt'] as const),
] as const;

type Values = Record<string, unknown>;

/** A connection as what talks to its system needs it. */
export interface OpenConnection {
  id: string;
  source: string;
  settings: Values;
  secrets: Values;
}

export async function createConnection(
  scope: Scope,
  given: { source: string; name: string; settings: Values; secrets: Values },
  key: Buffer,
): Promise<Connection> {
  const { db, workspaceId, actor } = scope;
  const { source, name, settings, secrets } = given;
  changed(scope, 'settings');
  const row = await db
    .insertInto('connections')
    .values({
      ...{ workspaceId, createdBy: actor, source, name },
      settings: JSON.stringify(settings),
      secrets: seal(JSON.stringify(secrets), key),
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
  return row as Connection;
}

export async function listConnections({ db }: Scope): Promise<Connection[]> {
  const rows = await db
    .selectFrom('connections')
    .select(columns)
    .where('removedAt', 'is', null)
    .orderBy('id')
    .execute();
  return rows as Connection[];
}

export async function getConnection({ db }: Scope, id: string, lock = false): Promise<Connection> {
  const row = await db
    .selectFrom('connections')
    .select(columns)
    .where('id', '=', id)
    .where('removedAt', 'is', null)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such connection.');
  return row as Connection;
}

/** The active connections of one system, or of all, with their secrets. */
export async function openConnections(
  { db }: Scope,
  { key, source, id }: { key: Buffer; source?: string; id?: string },
): Promise<OpenConnection[]> {
  let query = db
    .selectFrom('connections')
    .select(['id', 'source', 'settings', 'secrets'])
    .where('active', '=', true)
    .where('removedAt', 'is', null)
    .orderBy('id');
  if (source) query = query.where('source', '=', source);
  if (id) query = query.where('id', '=', id);
  const rows = await query.execute();
  return rows.map(({ id, source, settings, secrets }) => ({
    ...{ id, source, settings: settings as Values },
    secrets: JSON.parse(unseal(secrets, key)) as Values,
  }));
}

/** What is sealed in a connection, for who changes it. */
export async function secretsOf({ db }: Scope, id: string, key: Buffer): Promise<Values> {
  const { secrets } = await db
    .selectFrom('connections')
    .select('secrets')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return JSON.parse(unseal(secrets, key)) as Values;
}

export async function updateConnection(
  scope: Scope,
  id: string,
  change: { name?: string; active?: boolean; settings?: Values; secrets?: Values },
  key: Buffer,
): Promise<Connection> {
  const { name, active, settings, secrets } = change;
  await getConnection(scope, id, true);
  changed(scope, 'settings');
  const row = await scope.db
    .updateTable('connections')
    .set({
      lastProblem: null,
      ...(name !== undefined && { name }),
      ...(active !== undefined && { active }),
      ...(settings && { settings: JSON.stringify(settings) }),
      ...(secrets && { secrets: seal(JSON.stringify(secrets), key) }),
    })
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirstOrThrow();
  return row as Connection;
}

/** Its door is shut and its secrets are gone; what it delivered stays. */
export async function removeConnection(scope: Scope, id: string): Promise<void> {
  await getConnection(scope, id, true);
  changed(scope, 'settings');
  await scope.db
    .updateTable('connections')
    .set({ removedAt: sql<string>`now()`, active: false, secrets: '' })
    .where('id', '=', id)
    .execute();
}
