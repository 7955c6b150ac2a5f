import { sql } from 'kysely';
import { healthOf } from '#domain/customer.ts';
import type { CompanyPage } from '#domain/record.ts';
import { listAddresses } from './addresses.ts';
import { companyColumns } from './company-list.ts';
import { contactRows } from './contact-list.ts';
import { living, ownerOf, tagsOf } from './record-columns.ts';
import { dealsOf, leadsOf, noSuch } from './record-deals.ts';
import type { Scope } from './scope.ts';

/** One company with everything its page shows, its health as of now. */
export async function getCompany(
  scope: Scope,
  id: string,
  now = new Date().toISOString(),
): Promise<CompanyPage> {
  const company = await scope.db
    .selectFrom('companies as co')
    .select(companyColumns)
    .select(['co.notes', 'co.fields'])
    .select([ownerOf('co').as('owner'), tagsOf('company', 'co').as('tags')])
    .select(lastActivity.as('lastActivityAt'))
    .where('co.id', '=', id)
    .where(living('co'))
    .executeTakeFirst();
  if (!company) throw await noSuch(scope, 'company', id);
  const of = { companyId: id };
  const people = await keyContacts(scope, id);
  return {
    ...(company as Omit<typeof company, 'fields'> & { fields: Record<string, unknown> }),
    ...healthOf(company.lastActivityAt, now),
    contacts: await contactRows(scope, people.ids),
    contactCount: people.count,
    leads: await leadsOf(scope, of),
    ...(await dealsOf(scope, of)),
    addresses: await listAddresses(scope, id),
  };
}

/** When something last happened with the company `co`, a lead of it or a deal of it. */
export const lastActivity = sql<string | null>`greatest(co.last_activity_at,
  (select max(l.last_activity_at) from leads l where l.company_id = co.id and l.deleted_at is null),
  (select max(d.last_activity_at) from deals d where d.company_id = co.id and d.deleted_at is null))`;

async function keyContacts(
  { db }: Scope,
  companyId: string,
): Promise<{ ids: string[]; count: number }> {
  const { rows } = await sql<{ id: string; count: number }>`
    select c.id, count(*) over () as count from contacts c
    where c.company_id = ${companyId} and ${living('c')}
    order by greatest(c.last_activity_at,
      (select max(l.last_activity_at) from leads l where l.contact_id = c.id)) desc nulls last, c.id limit 20`.execute(
    db,
  );
  return { ids: rows.map(({ id }) => id), count: rows[0]?.count ?? 0 };
}
