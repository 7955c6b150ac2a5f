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

/**
 * Lets Postgres look at what an analysis of so many deals wrote, if that is a good part of all there is. Until it has,
 * it believes that an analysis that it never saw has one row, and joins its findings to its deals one by one.
 */
export async function noticeAnalysis(db: Kysely<DB>, deals: number): Promise<void> {
  if (deals < 1000) return;
  const { rows } = await sql<{ deals: number }>`
    select reltuples as deals from pg_class where oid = 'public.analysis_deals'::regclass`.execute(
    db,
  );
  if (deals < rows[0]!.deals / 20) return;
  await sql`analyze analysis_deals`.execute(db);
  await sql`analyze findings`.execute(db);
}

/** Asks about all rows of an analysis by hash: rows that came a moment ago are believed to be few, and would be joined each with each. */
export async function byHash<T>(db: Kysely<DB>, ask: () => Promise<T>): Promise<T> {
  await sql`set local enable_nestloop = off`.execute(db);
  const answer = await ask();
  await sql`set local enable_nestloop = on`.execute(db);
  return answer;
}
