import { sql } from 'kysely';
import type { Mergeable, Twin } from '#domain/duplicate.ts';
import type { Scope } from './scope.ts';

/** What a person needs to know of each to tell whether two are one. */
export async function twinsOf(
  { db }: Scope,
  record: Mergeable,
  ids: string[],
): Promise<Map<string, Twin>> {
  if (ids.length === 0) return new Map();
  const { rows } = await (record === 'contact' ? people(ids) : firms(ids)).execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}

function people(ids: string[]) {
  return sql<Twin>`
    select c.id, coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email, c.phone, co.name, '') as name,
      c.email, null as domain, c.phone, coalesce(co.name, co.domain) as company, c.title, c.city, c.region,
      m.name as owner, c.created_at, c.updated_at,
      (select count(*) from leads l where l.contact_id = c.id and l.deleted_at is null) as leads,
      (select count(*) from deals d where d.contact_id = c.id and d.deleted_at is null) as deals
    from contacts c left join companies co on co.id = c.company_id left join members m on m.user_id = c.owner_id
    where c.id = any(${ids}::uuid[])`;
}

function firms(ids: string[]) {
  return sql<Twin>`
    select co.id, coalesce(co.name, co.domain, '') as name, null as email, co.domain, co.phone,
      null as company, co.industry as title, co.city, co.region, m.name as owner, co.created_at, co.updated_at,
      (select count(*) from leads l where l.company_id = co.id and l.deleted_at is null) as leads,
      (select count(*) from deals d where d.company_id = co.id and d.deleted_at is null) as deals
    from companies co left join members m on m.user_id = co.owner_id
    where co.id = any(${ids}::uuid[])`;
}
