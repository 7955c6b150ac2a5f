import { type Insertable, type Selectable, sql } from 'kysely';
import type { DB } from './schema.ts';
import type { Scope } from './scope.ts';

/** A row that is there, or will be: what is missing can be filled in, what is there stays. */
export interface Known<Table extends keyof DB> {
  row: Partial<Selectable<DB[Table]>>;
  isNew: boolean;
  /** What this transaction adds to a row that was there. */
  added: Partial<Selectable<DB[Table]>>;
}

export function known<Table extends keyof DB>(
  row: Partial<Selectable<DB[Table]>>,
  isNew = false,
): Known<Table> {
  return { row, isNew, added: {} };
}

/** Fills in what is missing and answers whether there was anything to fill in. */
export function fill<Table extends keyof DB>(
  { row, isNew, added }: Known<Table>,
  values: Partial<Selectable<DB[Table]>>,
): boolean {
  let filled = false;
  for (const [key, value] of Object.entries(values) as [keyof typeof row, never][]) {
    if (value === undefined || value === null || value === '' || hasValue(row[key])) continue;
    row[key] = value;
    if (!isNew) added[key] = value;
    filled = true;
  }
  return filled;
}

/** Many rows in one statement, in their order; one that another row forbids is left out. Answers those that went in. */
export async function insertRows<
  Table extends keyof DB,
  Column extends keyof Selectable<DB[Table]> & string,
>(
  { db }: Scope,
  table: Table,
  rows: Insertable<DB[Table]>[],
  returning: readonly Column[],
): Promise<Pick<Selectable<DB[Table]>, Column>[]> {
  if (rows.length === 0) return [];
  const names = sql.join(columnsOf(rows).map((column) => sql.ref(column)));
  const { rows: inserted } = await sql<Pick<Selectable<DB[Table]>, Column>>`
    insert into ${sql.table(table)} (${names})
    select ${names} from json_populate_recordset(null::${sql.table(table)}, ${asJson(rows)}::json)
    on conflict do nothing
    returning ${sql.join(returning.map((column) => sql.ref(column)))}`.execute(db);
  return inserted;
}

/** Fills in many rows in one statement; a value that somebody else has written meanwhile stays. */
export async function fillRows<Table extends 'companies' | 'contacts' | 'leads'>(
  { db }: Scope,
  table: Table,
  all: Known<Table>[],
): Promise<void> {
  const rows = all
    .filter(({ added }) => Object.keys(added).length > 0)
    .map(({ row, added }) => ({ id: (row as { id?: string }).id, ...added }));
  const columns = columnsOf(rows).filter((column) => column !== 'id');
  if (rows.length === 0) return;
  const sets = columns.map(
    (column) => sql`${sql.ref(column)} = coalesce(old.${sql.ref(column)}, new.${sql.ref(column)})`,
  );
  await sql`
    update ${sql.table(table)} old set ${sql.join([...sets, sql`updated_at = now()`])}
    from json_populate_recordset(null::${sql.table(table)}, ${asJson(rows)}::json) new
    where old.id = new.id`.execute(db);
}

function hasValue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function columnsOf(rows: object[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

function asJson(rows: object[]): string {
  return JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [snake(key), value])),
    ),
  );
}

/** As the camel-case plugin spells it: `phoneE164` is `phone_e164`. */
function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
