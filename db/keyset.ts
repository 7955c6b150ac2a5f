import { type RawBuilder, sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';

/** By what a list is ordered: an expression that is never null, and its type. */
export interface Order {
  by: RawBuilder<unknown>;
  type: 'uuid' | 'text' | 'bigint' | 'timestamptz';
  descending: boolean;
}

export interface Key {
  id: string;
  /** What it is ordered by, as the database writes it: exact to the microsecond. */
  value: string;
}

export interface Page {
  ids: string[];
  next: string | null;
}

/** What comes after a cursor, in an order; everything without one. */
export function after(
  { by, type, descending }: Order,
  cursor: string | undefined,
): RawBuilder<unknown> {
  const key = cursorFrom(cursor, type);
  if (!key) return sql`true`;
  const past = sql.raw(descending ? '<' : '>');
  if (type === 'uuid') return sql`id ${past} ${key.id}::uuid`;
  return sql`(${by}, id) ${past} (${key.value}::${sql.raw(type)}, ${key.id}::uuid)`;
}

export function orderBy({ by, type, descending }: Order): RawBuilder<unknown> {
  const way = sql.raw(descending ? 'desc' : 'asc');
  return type === 'uuid' ? sql`id ${way}` : sql`${by} ${way}, id ${way}`;
}

/** One row more than the page was fetched, so as to know whether another follows. */
export function pageOfKeys(rows: Key[], limit: number): Page {
  const page = rows.slice(0, limit);
  return {
    ids: page.map(({ id }) => id),
    next: rows.length > limit ? cursorTo(page.at(-1)!) : null,
  };
}

/** The ids of a page as rows `page` to join to; ordered by `page.n` they stay as they are. */
export function inOrder(ids: string[]) {
  return sql<{ id: string; n: number }>`unnest(${ids}::uuid[]) with ordinality`.as<'page'>(
    sql`page (id, n)`,
  );
}

export function cursorTo({ value, id }: Key): string {
  return Buffer.from(JSON.stringify([value, id])).toString('base64url');
}

/** A cursor that we did not make is refused, and so is one of another order. */
export function cursorFrom(cursor: string | undefined, type: Order['type']): Key | undefined {
  if (!cursor) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, quoted, id] = /^\[("(?:[^"\\]|\\.)*"),"([0-9a-f-]{36})"\]$/.exec(text) ?? [];
  const value = quoted && read(quoted);
  if (id && uuid.test(id) && value !== undefined && fits[type].test(value)) return { id, value };
  const message = 'This is no cursor of ours.';
  throw new Refusal('invalid', message, [{ field: 'cursor', message }]);
}

/** The pattern that finds a text wherever it stands. */
export function patternOf(text: string): string {
  return `%${text
    .trim()
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&')}%`;
}

function read(quoted: string): string | undefined {
  try {
    const value = JSON.parse(quoted) as string;
    return value.includes('\u0000') ? undefined : value;
  } catch {
    return undefined;
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const fits = {
  uuid,
  text: /^/,
  bigint: /^-?\d{1,18}$/,
  timestamptz: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?$/,
};
