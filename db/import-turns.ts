import { sql } from 'kysely';
import type { ImportColumn, ImportOptions } from '#domain/import.ts';
import type { Cursor } from './imports.ts';
import type { Scope } from './scope.ts';

/** All that a worker needs in order to read on. */
export interface Reading {
  blob: string;
  format: 'csv' | 'xlsx';
  delimiter: string;
  columns: ImportColumn[];
  mapping: Record<string, string>;
  options: ImportOptions;
  cursor: Cursor;
}

/** An import that has not moved for this long does not hold up the next one. */
const STILL = sql`interval '2 minutes'`;

/** Whether this import may read now: those of one workspace take turns, the oldest first. */
export async function turnOf(
  { db }: Scope,
  importId: string,
): Promise<({ is: 'go' } & Reading) | { is: 'waits' } | { is: 'over' }> {
  const row = await db
    .selectFrom('imports')
    .select(['status', 'blob', 'format', 'delimiter', 'columns', 'mapping', 'options', 'cursor'])
    .select(
      sql<boolean>`exists (select from imports other
        where other.status = 'running' and other.moved_at > now() - ${STILL}
          and (other.started_at, other.id) < (imports.started_at, imports.id))`.as('isBehind'),
    )
    .where('id', '=', importId)
    .executeTakeFirst();
  if (row?.status !== 'running') return { is: 'over' };
  if (row.isBehind) return { is: 'waits' };
  return { is: 'go', ...(row as unknown as Reading) };
}
