import { sql } from 'kysely';
import type { Mergeable } from '#domain/duplicate.ts';
import { columnsOf, type Watched } from './row-changes.ts';
import type { Scope } from './scope.ts';

/** What belongs to a contact or a company, by table: the column that says whose it is, and what else changes. */
interface Part {
  table: string;
  column: string;
  /** Beside the column itself. */
  also?: string[];
  /** Only these of the table's rows. */
  where?: ReturnType<typeof sql>;
  /** Also those that name only a lead of theirs. */
  ofLeads?: boolean;
}

const parts: Record<Mergeable, Part[]> = {
  contact: [
    { table: 'leads', column: 'contact_id', also: leadColumns() },
    { table: 'enrolments', column: 'contact_id' },
    { table: 'touches', column: 'contact_id' },
    { table: 'messages', column: 'contact_id' },
    { table: 'consents', column: 'contact_id' },
    { table: 'deals', column: 'contact_id' },
    // Those of a lead that is closed go over to the other lead.
    { table: 'tasks', column: 'contact_id', also: ['lead_id'], ofLeads: true },
    { table: 'attachments', column: 'record_id', where: sql`record = 'contact'` },
  ],
  company: [
    { table: 'contacts', column: 'company_id', also: ['identity'] },
    { table: 'leads', column: 'company_id', also: leadColumns() },
    { table: 'deals', column: 'company_id' },
    { table: 'tasks', column: 'company_id' },
    { table: 'addresses', column: 'company_id', also: ['is_default'] },
    { table: 'attachments', column: 'record_id', where: sql`record = 'company'` },
  ],
};

export const tables = { contact: 'contacts', company: 'companies' } as const;

/** How many of each thing belong to a record. */
export async function countParts(
  { db }: Scope,
  record: Mergeable,
  id: string,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { table, column, where } of parts[record]) {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from ${sql.table(table)}
      where ${sql.id(column)} = ${id} and ${where ?? sql`true`}`.execute(db);
    if (rows[0]!.count > 0) counts[table] = rows[0]!.count;
  }
  return counts;
}

/** The rows of both that a merge touches, with the columns it may change. */
export async function partsOf(
  scope: Scope,
  record: Mergeable,
  { keptId, mergedId }: { keptId: string; mergedId: string },
): Promise<Watched[]> {
  const table = tables[record];
  const columns = await columnsOf(scope, table);
  const watched: Watched[] = [{ table, ids: [keptId, mergedId], columns }];
  for (const { table, column, also = [], where, ofLeads } of parts[record]) {
    const leads = sql`or lead_id in (select id from leads where contact_id = ${mergedId})`;
    // The words a lead is found by change with the one that stays as well.
    const whose = also.includes('search') ? [keptId, mergedId] : [mergedId];
    const { rows } = await sql<{ id: string }>`
      select id from ${sql.table(table)}
      where (${sql.id(column)} = any(${whose}::uuid[]) ${ofLeads ? leads : sql``})
        and ${where ?? sql`true`}`.execute(scope.db);
    watched.push({ table, ids: rows.map(({ id }) => id), columns: [column, ...also] });
  }
  return watched;
}

/** Hands everything of the merged one to the one that stays. */
export async function moveParts(
  { db }: Scope,
  record: Mergeable,
  { keptId, mergedId }: { keptId: string; mergedId: string },
): Promise<void> {
  for (const { table, column, where } of parts[record]) {
    await sql`update ${sql.table(table)} set ${sql.id(column)} = ${keptId}
      where ${sql.id(column)} = ${mergedId} and ${where ?? sql`true`}`.execute(db);
  }
}

function leadColumns(): string[] {
  return ['status', 'search', 'updated_at', 'last_activity_at'];
}
