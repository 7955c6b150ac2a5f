import { readFile } from 'node:fs/promises';
import { type Kysely, sql } from 'kysely';
import { parse } from 'yaml';
import type { DB } from './schema.ts';

const folder = new URL('../rules/', import.meta.url);
/** The files that are judged by inside a transaction, where only the database can be asked. */
const names = ['risk', 'insights', 'forecast'] as const;

/** Takes what these files of rules/ say into the database, so that a query can judge by it. */
export async function takeRuleFiles(db: Kysely<DB>): Promise<void> {
  for (const name of names) {
    const text = await readFile(new URL(`${name}.yaml`, folder), 'utf8');
    const settings = JSON.stringify(parse(text));
    await sql`
      insert into rule_files (name, settings) values (${name}, ${settings}::jsonb)
      on conflict (name) do update set settings = excluded.settings, read_at = now()
      where rule_files.settings <> excluded.settings`.execute(db);
  }
}
