import { type RawBuilder, sql } from 'kysely';
import type { ContactRow } from '#domain/contact.ts';
import {
  after,
  cursorFrom,
  type Key,
  type Order,
  orderBy,
  type Page,
  pageOfKeys,
  patternOf,
} from './keyset.ts';
import { living, ownerOf, tagsOf } from './record-columns.ts';
import type { Scope } from './scope.ts';

export const contactSorts = ['newest', 'oldest', 'name', 'updated'] as const;

export interface ContactFilter {
  q?: string;
  /** A user's id, `me`, or `none`. */
  owner?: string;
  tag?: string;
  company?: string;
  /** What a search finds is always shown newest first. */
  sort?: (typeof contactSorts)[number];
  limit: number;
  cursor?: string;
}

const orders: Record<(typeof contactSorts)[number], Order> = {
  newest: { by: sql`id`, type: 'uuid', descending: true },
  oldest: { by: sql`id`, type: 'uuid', descending: false },
  name: { by: sql`name_normalized`, type: 'text', descending: false },
  updated: { by: sql`updated_at`, type: 'timestamptz', descending: true },
};

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
  const owner = filter.owner === 'me' ? scope.actor : filter.owner;
  const given = { ...filter, owner };
  const { ids, next } = await (filter.q?.trim() ? found(scope, given) : sorted(scope, given));
  return { items: await contactRows(scope, ids), next };
}

/** What a list says of these contacts, in this order. */
export async function contactRows({ db }: Scope, ids: string[]): Promise<ContactRow[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom(
      sql<{ id: string; n: number }>`unnest(${ids}::uuid[]) with ordinality`.as<'page'>(
        sql`page (id, n)`,
      ),
    )
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

async function sorted({ db }: Scope, filter: ContactFilter): Promise<Page> {
  const order = orders[filter.sort ?? 'newest'];
  const { owner, tag, company, limit, cursor } = filter;
  const where: RawBuilder<unknown>[] = [
    ...[sql`merged_into is null and deleted_at is null`, after(order, cursor)],
    ...(owner ? [owner === 'none' ? sql`owner_id is null` : sql`owner_id = ${owner}`] : []),
    ...(company ? [sql`company_id = ${company}`] : []),
    ...(tag
      ? [sql`id in (select record_id from record_tags where record = 'contact' and slug = ${tag})`]
      : []),
  ];
  const { rows } = await sql<Key>`
    select id, (${order.by})::text as value from contacts where ${sql.join(where, sql` and `)}
    order by ${orderBy(order)} limit ${limit + 1}`.execute(db);
  return pageOfKeys(rows, limit);
}

async function found({ db }: Scope, filter: ContactFilter): Promise<Page> {
  const { q, owner = null, tag = null, company = null, limit, cursor } = filter;
  const before = cursorFrom(cursor, 'uuid')?.id ?? null;
  const { rows } = await sql<Key>`
    select id, id::text as value from contacts_found(${patternOf(q!)}, ${limit + 1}, ${before}::uuid,
      ${owner}, ${tag}, ${company}) as found (id)`.execute(db);
  return pageOfKeys(rows, limit);
}
