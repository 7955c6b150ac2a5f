import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { AnalysisOptions, ColumnMapping } from '#domain/analysis.ts';
import type { Scope } from './scope.ts';

/** How the columns of a source were read the last time. */
export interface ColumnSet {
  name: string;
  mapping: ColumnMapping;
  options: AnalysisOptions;
  usedAt: string;
}

/** The same for the same names in any order. */
export function signatureOf(names: string[]): string {
  const all = names.toSorted();
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 32);
}

/** The set that files with these columns were read by last. */
export async function rememberedColumns(
  { db }: Scope,
  names: string[],
): Promise<ColumnSet | undefined> {
  const row = await db
    .selectFrom('columnSets')
    .select(['name', 'mapping', 'options', 'usedAt'])
    .where('signature', '=', signatureOf(names))
    .orderBy('usedAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row as ColumnSet | undefined;
}

/** Keeps how columns are read under the name of their source; the latest word counts. */
export async function rememberColumns(
  { db, workspaceId, actor }: Scope,
  name: string,
  names: string[],
  { mapping, options }: { mapping: ColumnMapping; options: AnalysisOptions },
): Promise<void> {
  const [mappingText, optionsText] = [JSON.stringify(mapping), JSON.stringify(options)];
  await sql`
    insert into column_sets (workspace_id, name, signature, mapping, options, created_by)
    values (${workspaceId}, ${name}, ${signatureOf(names)}, ${mappingText}, ${optionsText}, ${actor})
    on conflict (workspace_id, lower(name)) do update set
      signature = excluded.signature, mapping = excluded.mapping, options = excluded.options,
      used_at = now()`.execute(db);
}
