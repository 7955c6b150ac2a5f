import { sql } from 'kysely';
import type { Mergeable } from '#domain/duplicate.ts';
import type { Merge } from '#domain/merge.ts';
import { tables } from './merge-parts.ts';
import type { Scope } from './scope.ts';

/** The last merges, the newest first. */
export async function listMerges(
  { db }: Scope,
  of: { record: Mergeable; keptId?: string; id?: string },
): Promise<Merge[]> {
  const table = sql.table(tables[of.record]);
  const name =
    of.record === 'contact'
      ? sql`coalesce(nullif(concat_ws(' ', r.first_name, r.last_name), ''), r.email, r.phone, '')`
      : sql`coalesce(r.name, r.domain, '')`;
  const { rows } = await sql<Merge>`
    select m.id, m.record, m.kept_id, m.merged_id, m.actor, m.at, m.undone_at,
      (select ${name} from ${table} r where r.id = m.kept_id) as kept_name,
      (select ${name} from ${table} r where r.id = m.merged_id) as merged_name,
      (select coalesce(jsonb_object_agg(name, count), '{}') from (
        select t.key as name, count(*) as count from jsonb_each(m.moved->'changes') t, jsonb_array_elements(t.value) r
        where t.key <> ${tables[of.record]} and jsonb_exists_any(r->'before', '{contact_id,company_id,record_id}')
        group by t.key) moved) as moves,
      jsonb_array_length(m.moved->'stopped') as stopped
    from merges m where m.record = ${of.record}
      and ${of.keptId ? sql`m.kept_id = ${of.keptId}` : sql`true`}
      and ${of.id ? sql`m.id = ${of.id}` : sql`true`}
    order by m.id desc limit 50`.execute(db);
  return rows;
}
