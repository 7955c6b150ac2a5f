import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { NewToken, Token } from '#domain/token.ts';
import { changed } from './changes.ts';
import type { DB } from './schema.ts';
import type { Scope } from './scope.ts';
import { hashOf } from './secrets.ts';

const columns = [
  ...(['id', 'name', 'scopes', 'hint', 'createdBy', 'createdAt'] as const),
  ...(['lastUsedAt', 'expiresAt'] as const),
] as const;

/** The token itself is in this answer and nowhere else. */
export async function createToken(
  scope: Scope,
  { name, scopes, expiresAt }: NewToken,
): Promise<Token & { token: string }> {
  const { db, workspaceId, actor } = scope;
  const token = `tl_${randomBytes(32).toString('base64url')}`;
  const row = await db
    .insertInto('apiTokens')
    .values({
      ...{ workspaceId, name, expiresAt, createdBy: actor, tokenHash: hashOf(token) },
      ...{ hint: token.slice(-4), scopes: JSON.stringify(scopes) },
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
  changed(scope, 'settings');
  return { ...(row as Token), token };
}

export async function listTokens({ db }: Scope): Promise<Token[]> {
  const rows = await db
    .selectFrom('apiTokens')
    .select(columns)
    .where('revokedAt', 'is', null)
    .orderBy('id', 'desc')
    .execute();
  return rows as Token[];
}

export async function revokeToken(scope: Scope, id: string): Promise<void> {
  const revoked = await scope.db
    .updateTable('apiTokens')
    .set({ revokedAt: sql<string>`now()` })
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (!revoked) throw new Refusal('not-found', 'There is no such token.');
  changed(scope, 'settings');
}

/** What a token opens, if it still does. Acts as the owner: the token says whose data it is. */
export async function openToken(
  db: Kysely<DB>,
  token: string,
): Promise<{ id: string; workspaceId: string; scopes: string[] } | undefined> {
  const found = await db
    .selectFrom('apiTokens')
    .select(['id', 'workspaceId', 'scopes', 'lastUsedAt'])
    .where('tokenHash', '=', hashOf(token))
    .where('revokedAt', 'is', null)
    .where((is) => is.or([is('expiresAt', 'is', null), is('expiresAt', '>', sql<string>`now()`)]))
    .executeTakeFirst();
  if (!found) return undefined;
  const { lastUsedAt, ...token_ } = found;
  if (!lastUsedAt || Date.now() - Date.parse(lastUsedAt) > MINUTE) await noteUse(db, found.id);
  return { ...token_, scopes: token_.scopes as string[] };
}

const MINUTE = 60_000;

/** At most once a minute: a row written with every call would be what the calls wait for. */
async function noteUse(db: Kysely<DB>, id: string): Promise<void> {
  await db
    .updateTable('apiTokens')
    .set({ lastUsedAt: sql<string>`now()` })
    .where('id', '=', id)
    .where((is) =>
      is.or([
        is('lastUsedAt', 'is', null),
        is('lastUsedAt', '<', sql<string>`now() - interval '1 minute'`),
      ]),
    )
    .execute();
}
