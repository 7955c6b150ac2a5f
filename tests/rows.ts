import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { DB } from '#db/schema.ts';

/** What the checks of some columns ask for. */
const special: Record<string, unknown> = {
  first_id: '00000000-0000-7000-8000-000000000001',
  second_id: '00000000-0000-7000-8000-000000000002',
  month: '2026-01-01',
};

/** Puts a row into each table of this workspace that has none yet; the tables that took none. */
export async function fill(db: Kysely<DB>, workspaceId: string): Promise<string[]> {
  const empty: string[] = [];
  for (const table of await emptyTables(db, workspaceId)) {
    const columns = await neededIn(db, table);
    const given = columns.map(({ name, kind, allowed }) =>
      name === 'workspace_id' ? workspaceId : (allowed ?? special[name] ?? valueOf(kind)),
    );
    await db
      .transaction()
      .execute(async (db) => {
        // What a row refers to need not be there: only whose it is matters here.
        await sql`set local session_replication_role = replica`.execute(db);
        await sql`
        insert into ${sql.table(table)} (${sql.join(columns.map(({ name }) => sql.ref(name)))})
        values (${sql.join(given)})`.execute(db);
      })
      .catch((error: Error) => empty.push(`${table}: ${error.message}`));
  }
  return empty;
}

async function emptyTables(db: Kysely<DB>, workspaceId: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    join pg_attribute on attrelid = pg_class.oid and attname = 'workspace_id'
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
      and not relispartition order by 1`.execute(db);
  const empty = [];
  for (const { name } of rows) {
    const { rows: some } = await sql`
      select from ${sql.table(name)} where workspace_id = ${workspaceId} limit 1`.execute(db);
    if (some.length === 0) empty.push(name);
  }
  return empty;
}

interface Column {
  name: string;
  kind: string;
  /** The first word of those that its check admits. */
  allowed: string | null;
}

async function neededIn(db: Kysely<DB>, table: string): Promise<Column[]> {
  const { rows } = await sql<Column>`
    select attname as name, format_type(atttypid, null) as kind,
      (select substring(pg_get_constraintdef(oid) from '''([^'']+)''::text')
       from pg_constraint where conrelid = attrelid and contype = 'c' and conkey = array[attnum]
         and pg_get_constraintdef(oid) like '%ARRAY[%' limit 1) as allowed
    from pg_attribute where attrelid = ${table}::regclass and attnum > 0 and not attisdropped
      and (attname = 'workspace_id'
        or attnotnull and not atthasdef and attidentity = '' and attgenerated = '')`.execute(db);
  return rows;
}

function valueOf(kind: string): unknown {
  if (kind === 'uuid') return randomUUID();
  if (/^timestamp|^date/.test(kind)) return '2026-01-15T12:00:00Z';
  if (/^json/.test(kind)) return '{}';
  if (/int|numeric|double|real/.test(kind)) return 1;
  if (kind === 'boolean') return false;
  if (kind === 'bytea') return Buffer.from('x');
  if (kind.endsWith('[]')) return '{}';
  return 'theirs';
}
