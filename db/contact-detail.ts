import { sql } from 'kysely';
import type { ContactPage } from '#domain/record.ts';
import { contactColumns, nameOfContact } from './contact-list.ts';
import { living, ownerOf, tagsOf } from './record-columns.ts';
import { dealsOf, leadsOf, noSuch } from './record-deals.ts';
import type { Scope } from './scope.ts';

/** One person with everything their page shows. */
export async function getContact(scope: Scope, id: string): Promise<ContactPage> {
  const contact = await scope.db
    .selectFrom('contacts as c')
    .leftJoin('companies as co', (on) => on.onRef('co.id', '=', 'c.companyId').on(living('co')))
    .select(contactColumns)
    .select(['c.notes', 'c.fields'])
    .select([nameOfContact.as('name'), company.as('company')])
    .select([
      ownerOf('c').as('owner'),
      tagsOf('contact', 'c').as('tags'),
      suppressed.as('suppressed'),
    ])
    .where('c.id', '=', id)
    .where(living('c'))
    .executeTakeFirst();
  if (!contact) throw await noSuch(scope, 'contact', id);
  return {
    ...(contact as Omit<typeof contact, 'fields'> & { fields: Record<string, unknown> }),
    leads: await leadsOf(scope, { contactId: id }),
    ...(await dealsOf(scope, { contactId: id })),
  };
}

const company = sql<ContactPage['company']>`case when co.id is not null then json_build_object(
  'id', co.id, 'name', coalesce(co.name, co.domain), 'domain', co.domain, 'industry', co.industry,
  'status', co.status) end`;

const suppressed = sql<ContactPage['suppressed']>`(
  select coalesce(json_agg(json_build_object('channel', s.channel, 'reason', s.reason) order by s.channel), '[]')
  from suppressions s where s.lifted_at is null and s.address in (c.email_normalized, c.phone_e164))`;
