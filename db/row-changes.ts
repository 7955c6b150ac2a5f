import { sql } from 'kysely';
import type { Scope } from './scope.ts';

type Values = Record<string, unknown>;

/** What became of one row: the columns that changed, as JSON, under the names they have in SQL. */
export interface RowChange {
  id: string;
  before: Values;
  after: Values;
}

export interface Watched {
  table: string;
  ids: string[];
  columns: string[];
}

/** Does something and answers what it did to these columns of these rows, by table. */
export async function watching(
  scope: Scope,
  which: Watched[],
  work: () => Promise<void>,
): Promise<Record<string, RowChange[]>> {
  const before = await Promise.all(which.map((one) => valuesOf(scope, one)));
  await work();
  const changes: Record<string, RowChange[]> = {};
  for (const [at, one] of which.entries()) {
    const now = await valuesOf(scope, one);
    const changed = [...before[at]!].flatMap(([id, was]) => differing(id, was, now.get(id)));
    if (changed.length > 0) changes[one.table] = changed;
  }
  return changes;
}

/** Gives rows the values they had; a value that somebody changed since stays. */
export async function restoreRows(
  { db }: Scope,
  table: string,
  changes: RowChange[],
): Promise<string[]> {
  const columns = [...new Set(changes.flatMap(({ before }) => Object.keys(before)))];
  if (columns.length === 0) return [];
  const sets = columns.map((column) => {
    const [name, key] = [sql.id(column), sql.lit(column)];
    return sql`${name} = case when r.before ? ${key} and to_jsonb(t)->${key} is not distinct from r.after->${key}
      then (jsonb_populate_record(null::${sql.table(table)}, r.before)).${name} else t.${name} end`;
  });
  const { rows } = await sql<{ id: string }>`
    update ${sql.table(table)} t set ${sql.join(sets)}
    from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) r (id uuid, before jsonb, after jsonb)
    where t.id = r.id returning t.id`.execute(db);
  return rows.map(({ id }) => id);
}

/** The columns of a table that can be written, but for its key. */
export async function columnsOf({ db }: Scope, table: string): Promise<string[]> {
  const { rows } = await sql<{ column: string }>`
    select attname as column from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attgenerated = ''
      and attname not in ('id', 'workspace_id')`.execute(db);
  return rows.map(({ column }) => column);
}

async function valuesOf(
  { db }: Scope,
  { table, ids, columns }: Watched,
): Promise<Map<string, Values>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; values: Values }>`
    select t.id, (select jsonb_object_agg(key, value) from jsonb_each(to_jsonb(t))
      where key = any(${columns}::text[])) as values
    from ${sql.table(table)} t where t.id = any(${ids}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, values }) => [id, values]));
}

function differing(id: string, was: Values, is: Values | undefined): RowChange[] {
  if (!is) return [];
  const keys = Object.keys(was).filter(
    (key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]),
  );
  if (keys.length === 0) return [];
  return [{ id, before: pick(was, keys), after: pick(is, keys) }];
}

function pick(values: Values, keys: string[]): Values {
  return Object.fromEntries(keys.map((key) => [key, values[key]]));
}
