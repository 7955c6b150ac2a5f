import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { Scope } from './scope.ts';

const nouns = {
  members: { key: 'user_id', noun: 'member' },
  connections: { key: 'id', noun: 'connection' },
  sequences: { key: 'id', noun: 'sequence' },
};

/** Refuses what names, in one of its fields, something that this workspace does not have; nothing named is fine. */
export async function refuseUnknown(
  { db }: Scope,
  table: keyof typeof nouns,
  id: string | null | undefined,
  field: string,
): Promise<void> {
  if (id === null || id === undefined) return;
  const { key, noun } = nouns[table];
  const { rows } = await sql`
    select from ${sql.table(table)} where ${sql.ref(key)} = ${id} limit 1`.execute(db);
  if (rows.length > 0) return;
  const message = `There is no such ${noun}.`;
  throw new Refusal('invalid', message, [{ field, message }]);
}
