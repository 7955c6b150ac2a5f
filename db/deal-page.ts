import { type RawBuilder, sql } from 'kysely';
import type { DealFilter } from '#domain/deal-filter.ts';
import { Refusal } from '#domain/refusal.ts';
import { conditionsOf, type Wish } from './deal-conditions.ts';
import type { Scope } from './scope.ts';

/** A page of deals, archived or not. */
export type PageWish = Omit<DealFilter, 'archived'> & Wish;

interface Page {
  ids: string[];
  next: string | null;
}

const sorts = {
  newest: { column: 'id', type: 'uuid', descending: true },
  oldest: { column: 'id', type: 'uuid', descending: false },
  amount: { column: 'amount_cents', type: 'bigint', descending: true },
  close: { column: 'expected_close_on', type: 'date', descending: false },
  risk: { column: 'risk_score', type: 'real', descending: true },
  quiet: { column: 'last_activity_at', type: 'timestamptz', descending: false },
  updated: { column: 'updated_at', type: 'timestamptz', descending: true },
} as const;

/** The ids of one page of deals, in order; those that lack the value they are sorted by come last. */
export async function pageOfDeals(
  { db, actor }: Scope,
  filter: PageWish,
  now: string,
): Promise<Page> {
  const { column, type, descending } = sorts[filter.sort];
  const after = cursorFrom(filter);
  const key = sql.ref(column);
  const order = sql.raw(descending ? 'desc' : 'asc');
  const past = sql.raw(descending ? '<' : '>');
  const where = conditionsOf(filter, { me: actor, now });
  const most = filter.limit + 1;

  async function rows(
    extra: RawBuilder<unknown>[],
    by: RawBuilder<unknown>,
    { limit, offset = 0 }: { limit: number; offset?: number },
  ): Promise<Key[]> {
    const { rows } = await sql<Key>`
      select id, ${key}::text as value from deals d where ${sql.join([...where, ...extra], sql` and `)}
      order by ${by} limit ${limit} offset ${offset}`.execute(db);
    return rows;
  }

  const byId = sql`id ${order}`;
  if (filter.offset > 0) {
    const by = column === 'id' ? byId : sql`${key} ${order} nulls last, ${byId}`;
    return cut(await rows([], by, { limit: most, offset: filter.offset }), filter);
  }
  const pastId = after ? [sql`id ${past} ${after.id}::uuid`] : [];
  if (column === 'id') return cut(await rows(pastId, byId, { limit: most }), filter);
  const pastValue = after
    ? [sql`(${key}, id) ${past} (${after.value}::${sql.raw(type)}, ${after.id}::uuid)`]
    : [sql`${key} is not null`];
  const valued =
    after?.value === null
      ? []
      : await rows(pastValue, sql`${key} ${order}, ${byId}`, { limit: most });
  if (valued.length === most) return cut(valued, filter);
  const inTail = after?.value === null ? pastId : [];
  const limit = most - valued.length;
  const tail = await rows([sql`${key} is null`, ...inTail], byId, { limit });
  return cut([...valued, ...tail], filter);
}

interface Key {
  id: string;
  /** Of the column that sorts, as the database writes it. */
  value: string | null;
}

function cut(rows: Key[], { limit }: PageWish): Page {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const isMore = rows.length > limit && last;
  const cursor = isMore && Buffer.from(JSON.stringify([last.value, last.id])).toString('base64url');
  return { ids: page.map(({ id }) => id), next: cursor || null };
}

/** A cursor that we did not make is refused, and so is one of another order. */
function cursorFrom({ cursor, sort }: PageWish): Key | undefined {
  if (!cursor) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, value, id] = /^\[(null|"[^"\\]*"),"([0-9a-f-]{36})"\]$/.exec(text) ?? [];
  const read = value && (JSON.parse(value) as string | null);
  if (!id || !uuid.test(id) || read === undefined || (read && !fits[sorts[sort].type].test(read))) {
    const message = 'This is no cursor of ours.';
    throw new Refusal('invalid', message, [{ field: 'cursor', message }]);
  }
  return { value: read as string | null, id };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const fits = {
  uuid,
  bigint: /^\d{1,15}$/,
  real: /^\d(\.\d{1,12})?(e-\d{1,2})?$/,
  date: /^\d{4}-\d\d-\d\d$/,
  timestamptz: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?$/,
};
