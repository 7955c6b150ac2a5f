import { type Kysely, sql } from 'kysely';
import type { DB } from './schema.ts';

const growing = [
  'companies',
  'contacts',
  'leads',
  'activities',
  'analysis_deals',
  'findings',
] as const;

/**
 * Lets Postgres look at tables that a crowd has just begun to fill. Until it has, it checks each foreign key by
 * whatever index comes first, and every row costs more than the one before; it would look by itself a minute later.
 */
export async function noticeGrowth(db: Kysely<DB>): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relname in (${sql.join(growing)}) and relnamespace = 'public'::regnamespace
      and reltuples < 5000`.execute(db);
  for (const { name } of rows) await sql`analyze ${sql.id(name)}`.execute(db);
}
