import { sql } from 'kysely';
import type { Duplicate, DuplicateSettings, LikenessReason, Mergeable } from '#domain/duplicate.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { likelyPairs, type Pair } from './duplicate-pairs.ts';
import { cursorFrom, cursorTo } from './keyset.ts';
import { living } from './record-columns.ts';
import type { Scope } from './scope.ts';
import { twinsOf } from './twins.ts';

/** Who may be the double of this one, the likeliest first; nothing is written. */
export async function doublesOf(
  scope: Scope,
  record: Mergeable,
  id: string,
  settings: DuplicateSettings,
): Promise<Omit<Duplicate, 'foundAt'>[]> {
  const pairs = await likelyPairs(scope, record, [id], { settings });
  const best = pairs.toSorted((a, b) => b.score - a.score).slice(0, 20);
  const twins = await twinsOf(scope, record, best.flatMap(sidesOf));
  return best.flatMap(({ firstId, secondId, ...likeness }) => {
    const first = twins.get(id);
    const second = twins.get(firstId === id ? secondId : firstId);
    return first && second ? [{ record, ...likeness, first, second }] : [];
  });
}

/** Puts pairs before people, unless somebody has said of one what it is. Answers how many wait. */
export async function notePairs(scope: Scope, record: Mergeable, pairs: Pair[]): Promise<number> {
  const { db, workspaceId } = scope;
  if (pairs.length === 0) return 0;
  const { rows } = await sql`
    insert into duplicates (workspace_id, record, first_id, second_id, score, reasons)
    select ${workspaceId}::uuid, ${record}, "firstId", "secondId", score, reasons
    from json_to_recordset(${JSON.stringify(pairs)}::json)
      pair ("firstId" uuid, "secondId" uuid, score real, reasons jsonb)
    on conflict (workspace_id, record, first_id, second_id) do update
      set score = excluded.score, reasons = excluded.reasons where duplicates.status = 'open'
    returning first_id`.execute(db);
  return rows.length;
}

/** The queue: pairs that wait for a person, the likeliest first. */
export async function listDuplicates(
  scope: Scope,
  { record, limit, cursor }: { record: Mergeable; limit: number; cursor?: string },
): Promise<{ items: Duplicate[]; next: string | null }> {
  const after = cursorFrom(cursor, 'text');
  const [score, secondId] = after?.value.split(' ') ?? [];
  if (after && !(Number.isFinite(Number(score)) && /^[0-9a-f-]{36}$/.test(secondId ?? ''))) {
    throw new Refusal('invalid', 'This is no cursor of ours.');
  }
  const past = after
    ? sql`(-score, first_id, second_id) > (${-Number(score)}::real, ${after.id}::uuid, ${secondId}::uuid)`
    : sql`true`;
  const { rows } = await sql<Pair & { foundAt: string }>`
    select first_id, second_id, score, reasons, found_at from duplicates d
    where record = ${record} and status = 'open' and ${past} and (
      select count(*) from ${sql.table(record === 'contact' ? 'contacts' : 'companies')} r
      where r.id in (d.first_id, d.second_id) and r.merged_into is null and r.deleted_at is null) = 2
    order by score desc, first_id, second_id limit ${limit + 1}`.execute(scope.db);
  const page = rows.slice(0, limit);
  const twins = await twinsOf(scope, record, page.flatMap(sidesOf));
  const items = page.map(({ firstId, secondId, score, reasons, foundAt }) => ({
    ...{ record, score, foundAt, reasons: reasons as unknown as LikenessReason[] },
    ...{ first: twins.get(firstId)!, second: twins.get(secondId)! },
  }));
  const last = page.at(-1);
  const more = rows.length > limit && last;
  const next = more
    ? cursorTo({ id: last.firstId, value: `${last.score} ${last.secondId}` })
    : null;
  return { items, next };
}

/** How many pairs wait for a person. */
export async function countDuplicates({ db }: Scope): Promise<Record<Mergeable, number>> {
  const { rows } = await sql<Record<Mergeable, number>>`
    select (${waiting('contact')}) as contact, (${waiting('company')}) as company`.execute(db);
  return rows[0]!;
}

function waiting(record: Mergeable) {
  const table = sql.table(record === 'contact' ? 'contacts' : 'companies');
  return sql`select count(*) from duplicates d
    join ${table} a on a.id = d.first_id and ${living('a')}
    join ${table} b on b.id = d.second_id and ${living('b')}
    where d.record = ${record} and d.status = 'open'`;
}

/** Two that are two: nobody is asked again. */
export async function dismissDuplicate(
  scope: Scope,
  { record, first, second }: { record: Mergeable; first: string; second: string },
): Promise<void> {
  const settled = await settlePair(scope, record, [first, second], 'dismissed');
  if (!settled) throw new Refusal('not-found', 'There is no such pair that waits for an answer.');
  changed(scope, record === 'contact' ? 'contacts' : 'companies');
}

/** Writes down what a pair came to. Answers whether it waited for that. */
export async function settlePair(
  { db, actor }: Scope,
  record: Mergeable,
  pair: string[],
  status: 'dismissed' | 'merged' | 'open',
): Promise<boolean> {
  const [firstId, secondId] = pair.toSorted();
  const { numUpdatedRows } = await db
    .updateTable('duplicates')
    .set({
      status,
      settledBy: status === 'open' ? null : actor,
      settledAt: status === 'open' ? null : sql`now()`,
    })
    .where('record', '=', record)
    .where('firstId', '=', firstId!)
    .where('secondId', '=', secondId!)
    .where('status', '=', status === 'open' ? 'merged' : 'open')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

function sidesOf({ firstId, secondId }: Pair): string[] {
  return [firstId, secondId];
}
