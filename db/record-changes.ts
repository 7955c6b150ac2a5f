import { type Selectable, sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { DB } from './schema.ts';
import type { Scope } from './scope.ts';

/** The living company or contact, locked; one that is deleted or merged is not there. */
export async function lockRecord<Table extends 'companies' | 'contacts'>(
  { db }: Scope,
  table: Table,
  id: string,
): Promise<Selectable<DB[Table]>> {
  const row = await db
    .selectFrom(table as 'companies')
    .selectAll()
    .where('id', '=', id)
    .where('mergedInto', 'is', null)
    .where('deletedAt', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', `There is no such ${ones[table]}.`);
  return row as never;
}

const ones = { companies: 'company', contacts: 'contact' } as const;

/** Takes it out of every list. */
export async function markDeleted(
  { db }: Scope,
  table: 'companies' | 'contacts',
  id: string,
): Promise<void> {
  await db
    .updateTable(table)
    .set({ deletedAt: sql`now()`, updatedAt: sql`now()` })
    .where('id', '=', id)
    .execute();
}

export async function refuseOpenDeals(
  { db }: Scope,
  of: { companyId: string } | { contactId: string },
): Promise<void> {
  const [column, id] =
    'companyId' in of
      ? (['companyId', of.companyId] as const)
      : (['contactId', of.contactId] as const);
  const { count } = await db
    .selectFrom('deals')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where(column, '=', id)
    .where('status', '=', 'open')
    .where('deletedAt', 'is', null)
    .executeTakeFirstOrThrow();
  if (count === 0) return;
  const deals = count === 1 ? 'an open deal' : `${count} open deals`;
  throw new Refusal(
    'conflict',
    `There ${count === 1 ? 'is' : 'are'} ${deals} with it. Close or move ${count === 1 ? 'it' : 'them'} first.`,
  );
}

/** Who makes a record owns it; a system owns nothing. */
export async function memberOf({ db, actor }: Scope): Promise<string | null> {
  const member = await db
    .selectFrom('members')
    .select('userId')
    .where('userId', '=', actor)
    .executeTakeFirst();
  return member?.userId ?? null;
}

/** Which of the fields that are told of are other than before. */
export function differing<Told extends { field: string }>(
  tracked: readonly Told[],
  before: object,
  after: object,
): Told[] {
  const [was, is] = [before, after] as Record<string, unknown>[];
  return tracked.filter(({ field }) => is![field] !== undefined && is![field] !== was![field]);
}

/** An empty field of a form is nothing. */
export function blankAsNull<T extends object>(values: T): T {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, value === '' ? null : value]),
  ) as T;
}
