import { type RawBuilder, sql } from 'kysely';
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
import type { Scope } from './scope.ts';

export const recordSorts = ['newest', 'oldest', 'name', 'updated'] as const;

export interface RecordFilter {
  q?: string;
  /** A user's id, `me`, or `none`. */
  owner?: string;
  tag?: string;
  /** What a search finds is always shown newest first. */
  sort?: (typeof recordSorts)[number];
  limit: number;
  cursor?: string;
}

interface Kind {
  record: 'company' | 'contact';
  table: 'companies' | 'contacts';
  /** What they are ordered by as their name: never null. */
  name: RawBuilder<unknown>;
  /** What else they are filtered by, as the search of the table takes it. */
  own: [column: string, value: string | undefined][];
}

/** A page of the companies or the contacts that fit, and where the next one begins. */
export function pageOfRecords(scope: Scope, kind: Kind, filter: RecordFilter): Promise<Page> {
  const given = { ...filter, owner: filter.owner === 'me' ? scope.actor : filter.owner };
  return filter.q?.trim() ? found(scope, kind, given) : sorted(scope, kind, given);
}

/** How many there are in all. */
export async function countRecords({ db }: Scope, table: Kind['table']): Promise<{ all: number }> {
  const { rows } = await sql<{ all: number }>`
    select count(*) as all from ${sql.table(table)} where merged_into is null and deleted_at is null`.execute(
    db,
  );
  return rows[0]!;
}

type Given = Omit<RecordFilter, 'owner'> & { owner: string | undefined };

async function sorted({ db }: Scope, { record, table, name, own }: Kind, given: Given) {
  const { sort = 'newest', owner, tag, limit, cursor } = given;
  const order = sort === 'name' ? byName(name) : orders[sort];
  const where: RawBuilder<unknown>[] = [
    ...[sql`merged_into is null and deleted_at is null`, after(order, cursor)],
    ...(owner ? [owner === 'none' ? sql`owner_id is null` : sql`owner_id = ${owner}`] : []),
    ...own.flatMap(([column, value]) => (value ? [sql`${sql.ref(column)} = ${value}`] : [])),
    ...(tag
      ? [sql`id in (select record_id from record_tags where record = ${record} and slug = ${tag})`]
      : []),
  ];
  const { rows } = await sql<Key>`
    select id, (${order.by})::text as value from ${sql.table(table)} where ${sql.join(where, sql` and `)}
    order by ${orderBy(order)} limit ${limit + 1}`.execute(db);
  return pageOfKeys(rows, limit);
}

async function found({ db }: Scope, { table, own }: Kind, given: Given) {
  const { q, owner = null, tag = null, limit, cursor } = given;
  const before = cursorFrom(cursor, 'uuid')?.id ?? null;
  const rest = [owner, tag, ...own.map(([, value = null]) => value)];
  const { rows } = await sql<Key>`
    select id, id::text as value from ${sql.raw(`${table}_found`)}(${patternOf(q!)}, ${limit + 1},
      ${before}::uuid, ${sql.join(rest)}) as found (id)`.execute(db);
  return pageOfKeys(rows, limit);
}

const orders: Record<'newest' | 'oldest' | 'updated', Order> = {
  newest: { by: sql`id`, type: 'uuid', descending: true },
  oldest: { by: sql`id`, type: 'uuid', descending: false },
  updated: { by: sql`updated_at`, type: 'timestamptz', descending: true },
};

function byName(by: RawBuilder<unknown>): Order {
  return { by, type: 'text', descending: false };
}
