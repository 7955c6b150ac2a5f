import { type Kysely, sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { DB } from './schema.ts';
import type { Scope } from './scope.ts';
import { hashOf, seal, unseal } from './secrets.ts';

/** A call that its caller may repeat: who called what, under which key, with which body. */
export interface Call {
  route: string;
  key: string;
  body: unknown;
}

export interface Answered {
  status: number;
  reply: unknown;
}

/** How long who repeats a call waits for its answer, in milliseconds: not for long, as it holds a connection. */
const PATIENCE = '1000';

const DAY = sql<string>`now() - interval '24 hours'`;

/** What was answered to this call before. Holds the key until the transaction ends, so that two at once are one. */
export async function answeredBefore(
  { db, workspaceId }: Scope,
  { route, key, body }: Call,
  secret: Buffer,
): Promise<Answered | undefined> {
  await hold(db, `${workspaceId} ${route} ${key}`);
  const found = await db
    .selectFrom('idempotencyKeys')
    .select(['bodyHash', 'status', 'reply'])
    .where('route', '=', route)
    .where('key', '=', key)
    .where('createdAt', '>', DAY)
    .executeTakeFirst();
  if (!found) return undefined;
  if (found.bodyHash !== hashOf(bodyOf(body))) {
    throw new Refusal('invalid', 'This Idempotency-Key was used with another body.');
  }
  const reply = JSON.parse(unseal(found.reply, secret)) as { reply?: unknown };
  return { status: found.status, reply: reply.reply };
}

/** Keeps an answer in the transaction of what it answers, so that it survives with it. */
export async function rememberAnswer(
  { db, workspaceId }: Scope,
  { route, key, body }: Call,
  { status, reply }: Answered,
  secret: Buffer,
): Promise<void> {
  const row = {
    ...{ status, bodyHash: hashOf(bodyOf(body)), reply: seal(JSON.stringify({ reply }), secret) },
    createdAt: sql<string>`now()`,
  };
  await db
    .insertInto('idempotencyKeys')
    .values({ workspaceId, route, key, ...row })
    .onConflict((conflict) => conflict.columns(['workspaceId', 'route', 'key']).doUpdateSet(row))
    .execute();
}

/** Forgets what nobody may ask for any more. Acts as the owner, for all workspaces. */
export async function forgetAnswers(db: Kysely<DB>): Promise<void> {
  await db.deleteFrom('idempotencyKeys').where('createdAt', '<', DAY).execute();
}

/** The first of those who come at once; the others wait for its answer a moment. */
async function hold(db: Scope['db'], name: string): Promise<void> {
  const lock = sql`hashtextextended(${name}, 0)`;
  const { rows } = await sql<{ held: boolean }>`
    select pg_try_advisory_xact_lock(${lock}) as held`.execute(db);
  if (rows[0]?.held) return;
  await sql`select set_config('lock_timeout', ${PATIENCE}, true)`.execute(db);
  await sql`select pg_advisory_xact_lock(${lock})`.execute(db).catch((error: unknown) => {
    if ((error as { code?: string }).code !== '55P03') throw error;
    throw new Refusal('conflict', 'A call with this Idempotency-Key is being answered.');
  });
  await sql`select set_config('lock_timeout', '0', true)`.execute(db);
}

function bodyOf(body: unknown): string {
  return JSON.stringify(body) ?? '';
}
