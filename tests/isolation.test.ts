import { sql } from 'kysely';
import { expect } from 'vitest';
import { isOpen } from '#api/route.ts';
import { routes } from '#api/routes.ts';
import { inWorkspace } from '#db/scope.ts';
import { mayDo, type Permission, permissions, roles } from '#domain/permissions.ts';
import { test } from '#tests/db.ts';
import { fill } from '#tests/rows.ts';
import { type Calling, serving } from '#tests/serve.ts';

/** By the folder of a path: which table's ids stand in it. What is missing here fails. */
const tableOf: Record<string, string> = {
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
};
/** Their ids are words that every workspace has of its own, so another's cannot even be named. */
const words = new Set(['tags', 'taxonomies', 'today']);

const all = routes.filter((route) => !isOpen(route));
const withIds = all.filter(({ path }) => path.includes('/:'));

test('every route with an id is among those that are tried with the ids of others', () => {
  const missing = withIds
    .map(({ path }) => folderOf(path))
    .filter((folder) => !words.has(folder) && !tableOf[folder]);
  expect(missing).toEqual([]);
});

test('no route shows, changes or tells apart what belongs to another workspace', async ({
  db,
  who,
  serve,
  inside,
}) => {
  await seed(db, who.workspaceId, serve);
  const ids = await idsOf(db, who.workspaceId);
  const before = await contentsOf(db, who.workspaceId);
  const other = await strangersAt(db);
  const told: string[] = [];
  for (const { method, path } of withIds) {
    const folder = folderOf(path);
    if (words.has(folder)) continue;
    const theirs = ids[tableOf[folder]!];
    if (!theirs) throw new Error(`Nothing of ${folder} is there to be tried.`);
    const answers = [];
    for (const id of [theirs, crypto.randomUUID()]) {
      const at = `/api${path.replace(/:\w+/, id).replaceAll(/:\w+/g, '1')}`;
      const { status, body } = await call(other.system, method, at);
      answers.push({ status, body: JSON.stringify(body).replaceAll(id, '<id>') });
    }
    const [known, unknown] = answers as [Answer, Answer];
    const same = known.status === unknown.status && known.body === unknown.body;
    // A body that the route does not take may be refused first; it says nothing about the id.
    if (!same || ![404, 422].includes(known.status)) {
      told.push(
        `${method} ${path}: ${known.status} ${known.body} and ${unknown.status} ${unknown.body}`,
      );
    }
  }
  await other.stop();
  expect(told).toEqual([]);
  expect(await contentsOf(db, who.workspaceId)).toEqual(before);
  await inside(async (scope) => {
    const { rows } = await sql`select id from leads`.execute(scope.db);
    expect(rows.length).toBeGreaterThan(0);
  });
}, 60_000);

test('ids in a body that are not of this workspace change nothing of another', async ({
  db,
  who,
  serve,
}) => {
  await seed(db, who.workspaceId, serve);
  const ids = await idsOf(db, who.workspaceId);
  const before = await contentsOf(db, who.workspaceId);
  const other = await strangersAt(db);
  const theirs = Object.values(ids);
  const lead = ids['leads']!;
  const named = { ...namedIds(ids), leadIds: [lead], ids: theirs, lead, enrolmentIds: theirs };
  for (const { method, path } of all.filter(({ method }) => method !== 'get')) {
    const at = `/api${path.replaceAll(/:\w+/g, crypto.randomUUID())}`;
    const { status } = await call(other.system, method, at, named);
    expect(status, `${method} ${path}`).toBeLessThan(500);
  }
  await other.stop();
  expect(await contentsOf(db, who.workspaceId)).toEqual(before);
}, 60_000);

test('without a workspace the role of the app sees no row of any table, however full they are', async ({
  db,
  who,
  serve,
}) => {
  await seed(db, who.workspaceId, serve);
  const tables = await tablesOf(db);
  expect(tables.length).toBeGreaterThan(20);
  const seen = await db.transaction().execute(async (db) => {
    await sql`select set_config('role', 'throughline_app', true)`.execute(db);
    const counts = [];
    for (const table of tables) {
      const { rows } = await sql<{
        count: number;
      }>`select count(*) from ${sql.table(table)}`.execute(db);
      counts.push(rows[0]!.count);
    }
    return counts;
  });
  expect(seen.every((count) => count === 0)).toBe(true);
});

test('every tenant table has row-level security and is held to its workspace', async ({ db }) => {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    join information_schema.columns on table_name = relname and column_name = 'workspace_id'
    where relnamespace = 'public'::regnamespace and relkind = 'r' and table_schema = 'public'
      and (not relrowsecurity or not exists (
        select from pg_policies where tablename = relname
          and qual ilike '%workspace_id = current_workspace()%'))`.execute(db);
  expect(rows).toEqual([]);
});

test('every route names a permission that there is, and one that changes things is closed to a viewer', () => {
  for (const { method, path, needs } of all) {
    expect(permissions, `${method} ${path}`).toHaveProperty([needs]);
    if (method !== 'get' && !harmless.has(`${method} ${path}`)) {
      expect(mayDo('viewer', needs as Permission), `${method} ${path}`).toBe(false);
    }
  }
});
/** They calculate, or change what only the viewer sees. */
const harmless = new Set([
  'post /sequences/:id/lint',
  'post /sequences/lint',
  'post /sequences/:id/preview',
  'post /sequences/:id/simulate',
  'post /sequences/preview',
  'post /notifications/read',
  'post /notifications/:id/read',
]);

test('each role may call what its permissions say, route by route', async ({ db, serve }) => {
  const owner = await serve.signedUp();
  const calls = all.map(({ method, path, needs }) => ({
    method,
    path,
    needs: needs as Permission,
  }));
  for (const role of roles) {
    await db.updateTable('members').set({ role }).where('userId', '=', owner.userId).execute();
    for (const { method, path, needs } of calls) {
      const at = `/api${path.replaceAll(/:\w+/g, crypto.randomUUID())}`;
      const { status, body } = await call(owner, method, at, 'x');
      const refused = status === 403;
      expect({ role, method, path, refused }, JSON.stringify(body)).toEqual({
        ...{ role, method, path },
        refused: !mayDo(role, needs),
      });
    }
  }
}, 120_000);

test('a token may call what its scopes say, route by route', async ({ serve }) => {
  for (const scope of Object.keys(permissions) as Permission[]) {
    const system = serve.as({ authorization: `Bearer ${await serve.token([scope])}` });
    for (const { method, path, needs } of all) {
      const at = `/api${path.replaceAll(/:\w+/g, crypto.randomUUID())}`;
      const { status } = await call(system, method, at, 'x');
      expect({ scope, method, path, refused: status === 403 || status === 401 }).toEqual({
        ...{ scope, method, path },
        refused: needs !== scope,
      });
    }
  }
}, 120_000);

interface Answer {
  status: number;
  body: string;
}

function folderOf(path: string): string {
  const parts = path.replace(/^\/v1/, '').split('/').slice(1);
  return parts[parts.findIndex((part) => part.startsWith(':')) - 1]!;
}

function call(system: Calling, method: string, path: string, body: unknown = {}) {
  if (method === 'get') return system.get(path);
  if (method === 'delete') return system.del(path);
  return system[method as 'post' | 'put' | 'patch'](path, body === 'x' ? '"x"' : body);
}

/** Something of every table: what a person makes through the API, and a bare row of the rest. */
async function seed(
  db: Parameters<typeof serving>[0],
  workspaceId: string,
  serve: Calling,
): Promise<void> {
  await serve.post('/api/leads', { email: 'ann@acme.example', company: 'Acme', tags: ['hot'] });
  await serve.post('/api/invitations', { email: 'bob@people.example' });
  await serve.post('/api/tokens', { name: 'Theirs', scopes: ['leads:read'] });
  await serve.post('/api/connections', { source: 'generic', settings: {} });
  const steps = [{ id: 'a', kind: 'email', subject: 'Hello', body: 'Hello there' }];
  await serve.post('/api/sequences', { definition: { name: 'Theirs', steps } });
  expect(await fill(db, workspaceId)).toEqual([]);
}

async function strangersAt(db: Parameters<typeof serving>[0]) {
  const row = await db
    .insertInto('workspaces')
    .values({ name: 'Others' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const who = { workspaceId: row.id, actor: 'stranger' };
  // What a new workspace has of its own must not hide what it sees of another.
  await inWorkspace(db, who, () => Promise.resolve());
  const api = await serving(db, who);
  return { system: api, stop: () => api.stop() };
}

async function tablesOf(db: Parameters<typeof serving>[0]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'
      and table_name not like 'kysely_%' order by 1`.execute(db);
  return rows.map(({ name }) => name);
}

async function tenantTables(db: Parameters<typeof serving>[0], column: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = ${column} order by 1`.execute(db);
  return rows.map(({ name }) => name);
}

async function idsOf(db: Parameters<typeof serving>[0], workspaceId: string) {
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
async function contentsOf(db: Parameters<typeof serving>[0], workspaceId: string) {
  const contents: Record<string, unknown> = {};
  for (const table of await tenantTables(db, 'workspace_id')) {
    const { rows } = await sql<{ all: string }>`
      select md5(string_agg(row::text, ',' order by row::text)) as all
      from ${sql.table(table)} row where workspace_id = ${workspaceId}`.execute(db);
    contents[table] = rows[0]!.all;
  }
  return contents;
}

function namedIds(ids: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ids).map(([table, id]) => [
      `${table
        .replace(/ies$/, 'y')
        .replace(/s$/, '')
        .replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())}Id`,
      id,
    ]),
  );
}
