import { sql } from 'kysely';
import { expect } from 'vitest';
import { inWorkspace } from '#db/scope.ts';
import { dealTables } from './isolation-deals.ts';
import { recordTables } from './isolation-records.ts';
import { reviewTables } from './isolation-reviews.ts';
import { ruleTables } from './isolation-rules.ts';
import { fill } from './rows.ts';
import { type Calling, type Reply, serving } from './serve.ts';

type Db = Parameters<typeof serving>[0];

/** By the folder of a path: which table's ids stand in it. What is missing here fails. */
export const tableOf: Record<string, string> = {
  leads: 'leads',
  imports: 'imports',
  sequences: 'sequences',
  enrolments: 'enrolments',
  touches: 'touches',
  messages: 'messages',
  templates: 'templates',
  senders: 'senders',
  connections: 'connections',
  deliveries: 'deliveries',
  members: 'members',
  invitations: 'invitations',
  tokens: 'api_tokens',
  tasks: 'tasks',
  notifications: 'notifications',
  tags: 'tags',
  taxonomies: 'taxonomy_terms',
  sandbox: 'sandbox_messages',
  companies: 'companies',
  contacts: 'contacts',
  workspaces: 'workspaces',
  ...dealTables,
  ...reviewTables,
  ...recordTables,
  ...ruleTables,
  ...{ undo: 'undos', views: 'saved_views', merges: 'merges', duplicates: 'contacts' },
  analyze: 'analyses',
};
/** Their ids are words that every workspace has of its own, or that are the house's: another's cannot even be named. */
export const words = new Set(['on', 'tags', 'taxonomies', 'today', 'insights', 'schedules']);

export function folderOf(path: string): string {
  const parts = path.replace(/^\/v1/, '').split('/').slice(1);
  return parts[parts.findIndex((part) => part.startsWith(':')) - 1]!;
}

export function call(system: Calling, method: string, path: string, body: unknown = {}) {
  if (method === 'get') return system.get(path);
  if (method === 'delete') return system.del(path);
  return system[method as 'post' | 'put' | 'patch'](path, body === 'x' ? '"x"' : body);
}

/** Something of every table: what a person makes through the API, and a bare row of the rest. */
export async function seed(db: Db, workspaceId: string, serve: Calling): Promise<void> {
  await serve.post('/api/leads', { email: 'ann@acme.example', company: 'Acme', tags: ['hot'] });
  await serve.post('/api/invitations', { email: 'bob@people.example' });
  await serve.post('/api/tokens', { name: 'Theirs', scopes: ['leads:read'] });
  await serve.post('/api/connections', { source: 'generic', settings: {} });
  const steps = [{ id: 'a', kind: 'email', subject: 'Hello', body: 'Hello there' }];
  await serve.post('/api/sequences', { definition: { name: 'Theirs', steps } });
  expect(await fill(db, workspaceId)).toEqual([]);
}

export async function strangersAt(db: Db) {
  const row = await db
    .insertInto('workspaces')
    .values({ name: 'Others' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const who = { workspaceId: row.id, actor: 'stranger' };
  // What a new workspace has of its own must not hide what it sees of another.
  await inWorkspace(db, who, () => Promise.resolve());
  return { ...(await serving(db, who)), workspaceId: row.id };
}

export async function tablesOf(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'
      and table_name not like 'kysely_%' order by 1`.execute(db);
  return rows.map(({ name }) => name);
}

async function tenantTables(db: Db, column: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = ${column} order by 1`.execute(db);
  return rows.map(({ name }) => name);
}

export async function idsOf(db: Db, workspaceId: string) {
  const withId = new Set(await tenantTables(db, 'id'));
  const ids: Record<string, string> = { workspaces: workspaceId };
  for (const table of (await tenantTables(db, 'workspace_id')).filter((one) => withId.has(one))) {
    const { rows } = await sql<{ id: string }>`
      select id::text from ${sql.table(table)} where workspace_id = ${workspaceId} limit 1`.execute(
      db,
    );
    if (rows[0]) ids[table] = rows[0].id;
  }
  for (const [table, key] of Object.entries({ members: 'user_id', templates: 'name' })) {
    const { rows } = await sql<{ id: string }>`
      select ${sql.ref(key)} as id from ${sql.table(table)}
      where workspace_id = ${workspaceId} limit 1`.execute(db);
    if (rows[0]) ids[table] = rows[0].id;
  }
  return ids;
}

/** Of every table, everything that this workspace has in it. */
export async function contentsOf(db: Db, workspaceId: string, only?: string[]) {
  const contents: Record<string, unknown> = {};
  for (const table of only ?? (await tenantTables(db, 'workspace_id'))) {
    const { rows } = await sql<{ all: string }>`
      select md5(string_agg(row::text, ',' order by row::text)) as all
      from ${sql.table(table)} row where workspace_id = ${workspaceId}`.execute(db);
    contents[table] = rows[0]!.all;
  }
  return contents;
}

/**
 * The same call with an id of the other workspace and with one that nobody has: what tells them apart, or lets
 * something through. Nothing is what it should be.
 */
export async function toldApart(
  theirs: string,
  ask: (id: string) => Promise<Reply>,
): Promise<{ known: Reply; difference: string | undefined }> {
  const unknown = crypto.randomUUID();
  const answers = [];
  for (const id of [theirs, unknown]) {
    const reply = await ask(id);
    answers.push({ reply, said: `${reply.status} ${plain(reply.body).replaceAll(id, '<id>')}` });
  }
  const [known, other] = answers.map(({ said }) => said);
  const difference = known === other ? undefined : `${known} and ${other}`;
  return { known: answers[0]!.reply, difference };
}

function plain(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}
