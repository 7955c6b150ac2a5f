import { sql } from 'kysely';
import type { CompanyRow } from '#domain/company.ts';
import { inOrder } from './keyset.ts';
import { lifetimeOf, living, ownerOf, tagsOf } from './record-columns.ts';
import { pageOfRecords, type RecordFilter, recordSorts } from './record-page.ts';
import type { Scope } from './scope.ts';

export const companySorts = recordSorts;

export interface CompanyFilter extends RecordFilter {
  industry?: string;
  status?: string;
}

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
  const { ids, next } = await pageOfRecords(
    scope,
    {
      record: 'company',
      table: 'companies',
      name: sql`coalesce(name_normalized, '')`,
      own: [
        ['industry', filter.industry],
        ['status', filter.status],
      ],
    },
    filter,
  );
  return { items: await companyRows(scope, ids), next };
}

/** What a list says of these companies, in this order. */
export async function companyRows({ db }: Scope, ids: string[]): Promise<CompanyRow[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom(inOrder(ids))
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
