import { sql } from 'kysely';
import type { ContactRow } from '#domain/contact.ts';
import { inOrder } from './keyset.ts';
import { living, ownerOf, tagsOf } from './record-columns.ts';
import { pageOfRecords, type RecordFilter, recordSorts } from './record-page.ts';
import type { Scope } from './scope.ts';

export const contactSorts = recordSorts;

export interface ContactFilter extends RecordFilter {
  company?: string;
}

export const contactColumns = [
  ...(['c.id', 'c.companyId', 'c.firstName', 'c.lastName', 'c.title', 'c.email'] as const),
  ...(['c.emailKind', 'c.phone', 'c.phoneE164', 'c.phoneType', 'c.smsEligible'] as const),
  ...(['c.smsVerified', 'c.linkedin', 'c.timeZone', 'c.zoneSource', 'c.city', 'c.region'] as const),
  ...(['c.country', 'c.doNotContact', 'c.ownerId', 'c.lastActivityAt'] as const),
  ...(['c.createdAt', 'c.updatedAt'] as const),
] as const;

/** Full name, else company, else address. */
export const nameOfContact = sql<string>`coalesce(
  nullif(concat_ws(' ', c.first_name, c.last_name), ''), co.name, co.domain, c.email, '')`;

export const companyOfContact = sql<ContactRow['company']>`case when co.id is not null then
  json_build_object('id', co.id, 'name', coalesce(co.name, co.domain)) end`;

/** A page of contacts, and where the next one begins. */
export async function listContacts(
  scope: Scope,
  filter: ContactFilter,
): Promise<{ items: ContactRow[]; next: string | null }> {
  const { ids, next } = await pageOfRecords(
    scope,
    {
      record: 'contact',
      table: 'contacts',
      name: sql`name_normalized`,
      own: [['company_id', filter.company]],
    },
    filter,
  );
  return { items: await contactRows(scope, ids), next };
}

/** What a list says of these contacts, in this order. */
export async function contactRows({ db }: Scope, ids: string[]): Promise<ContactRow[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom(inOrder(ids))
    .innerJoin('contacts as c', 'c.id', 'page.id')
    .leftJoin('companies as co', (on) => on.onRef('co.id', '=', 'c.companyId').on(living('co')))
    .select(contactColumns)
    .select([nameOfContact.as('name'), companyOfContact.as('company')])
    .select([ownerOf('c').as('owner'), tagsOf('contact', 'c').as('tags')])
    .select(
      sql<number>`(select count(*) from deals d
        where d.contact_id = c.id and d.status = 'open' and d.deleted_at is null)`.as('openDeals'),
    )
    .orderBy('page.n')
    .execute();
}
