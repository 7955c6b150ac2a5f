import { sql } from 'kysely';
import { expect } from 'vitest';
import { isOpen } from '#api/route.ts';
import { routes } from '#api/routes.ts';
import { mayDo, type Permission, permissions, roles } from '#domain/permissions.ts';
import { test } from '#tests/db.ts';
import { call, seed, tablesOf } from './isolation.ts';

const all = routes.filter((route) => !isOpen(route));

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
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and table_schema = 'public'
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
  'post /risk/backtest',
  'post /rules/try',
  'post /rules/backtest',
  'post /notifications/read',
  'post /notifications/:id/read',
  'patch /notifications/digest',
  'post /analytics/track',
  'post /views',
  'patch /views/:id',
  'delete /views/:id',
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
