import { type RawBuilder, sql } from 'kysely';
import type { CompanyRow } from '#domain/company.ts';
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
import { lifetimeOf, living, ownerOf, tagsOf } from './record-columns.ts';
import type { Scope } from './scope.ts';

export const companySorts = ['newest', 'oldest', 'name', 'updated'] as const;

export interface CompanyFilter {
  q?: string;
  /** A user's id, `me`, or `none`. */
  owner?: string;
  tag?: string;
  industry?: string;
  status?: string;
  /** What a search finds is always shown newest first. */
  sort?: (typeof companySorts)[number];
  limit: number;
  cursor?: string;
}

const orders: Record<(typeof companySorts)[number], Order> = {
  newest: { by: sql`id`, type: 'uuid', descending: true },
  oldest: { by: sql`id`, type: 'uuid', descending: false },
  name: { by: sql`coalesce(name_normalized, '')`, type: 'text', descending: false },
  updated: { by: sql`updated_at`, type: 'timestamptz', descending: true },
};

export const companyColumns = [
  ...(['co.id', 'co.name', 'co.domain', 'co.website', 'co.linkedin', 'co.mapsUrl'] as const),
  ...(['co.placeId', 'co.phone', 'co.industry', 'co.icp', 'co.size', 'co.status'] as const),
  ...(['co.line1', 'co.city', 'co.region', 'co.postalCode', 'co.country', 'co.ownerId'] as const),
  ...(['co.lastActivityAt', 'co.createdAt', 'co.updatedAt'] as const),
] as const;

/** A page of companies, and where the next one begins. */
export async function listCompanies(
  scope: Scope,
  filter: CompanyFilter,
): Promise<{ items: CompanyRow[]; next: string | null }> {
  const owner = filter.owner === 'me' ? scope.actor : filter.owner;
  const given = { ...filter, owner };
  const { ids, next } = await (filter.q?.trim() ? found(scope, given) : sorted(scope, given));
  return { items: await companyRows(scope, ids), next };
}

/** What a list says of these companies, in this order. */
export async function companyRows({ db }: Scope, ids: string[]): Promise<CompanyRow[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom(
      sql<{ id: string; n: number }>`unnest(${ids}::uuid[]) with ordinality`.as<'page'>(
        sql`page (id, n)`,
      ),
    )
    .innerJoin('companies as co', 'co.id', 'page.id')
    .select(companyColumns)
    .select([ownerOf('co').as('owner'), tagsOf('company', 'co').as('tags')])
    .select([
      sql<number>`(select count(*) from contacts c where c.company_id = co.id and ${living('c')})`.as(
        'contactCount',
      ),
      sql<number>`(${open('count(*)')})`.as('openDeals'),
      sql<number>`(${open('coalesce(sum(d.amount_cents), 0)::bigint')})`.as('openCents'),
      lifetimeOf('co.id').as('lifetimeCents'),
    ])
    .orderBy('page.n')
    .execute();
}

function open(what: string) {
  return sql`select ${sql.raw(what)} from deals d
    where d.company_id = co.id and d.status = 'open' and d.deleted_at is null`;
}

async function sorted({ db }: Scope, filter: CompanyFilter): Promise<Page> {
  const order = orders[filter.sort ?? 'newest'];
  const { owner, tag, industry, status, limit, cursor } = filter;
  const where: RawBuilder<unknown>[] = [
    ...[sql`merged_into is null and deleted_at is null`, after(order, cursor)],
    ...(owner ? [owner === 'none' ? sql`owner_id is null` : sql`owner_id = ${owner}`] : []),
    ...(industry ? [sql`industry = ${industry}`] : []),
    ...(status ? [sql`status = ${status}`] : []),
    ...(tag
      ? [sql`id in (select record_id from record_tags where record = 'company' and slug = ${tag})`]
      : []),
  ];
  const { rows } = await sql<Key>`
    select id, (${order.by})::text as value from companies where ${sql.join(where, sql` and `)}
    order by ${orderBy(order)} limit ${limit + 1}`.execute(db);
  return pageOfKeys(rows, limit);
}

async function found({ db }: Scope, filter: CompanyFilter): Promise<Page> {
  const { q, owner = null, tag = null, industry = null, status = null, limit, cursor } = filter;
  const before = cursorFrom(cursor, 'uuid')?.id ?? null;
  const { rows } = await sql<Key>`
    select id, id::text as value from companies_found(${patternOf(q!)}, ${limit + 1}, ${before}::uuid,
      ${owner}, ${tag}, ${industry}, ${status}) as found (id)`.execute(db);
  return pageOfKeys(rows, limit);
}
