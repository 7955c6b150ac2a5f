import { sql } from 'kysely';
import type { Tagged } from './record-tags.ts';

/** Who owns the record `alias`, as JSON. */
export function ownerOf(alias: string) {
  return sql<{ id: string; name: string } | null>`(
    select json_build_object('id', m.user_id, 'name', m.name) from members m
    where m.user_id = ${sql.ref(`${alias}.owner_id`)})`;
}

/** The tags of the record `alias`, the oldest first. */
export function tagsOf(record: Tagged, alias: string) {
  return sql<string[]>`array(
    select t.slug from record_tags t where t.record = ${record} and t.record_id = ${sql.ref(`${alias}.id`)}
    order by t.applied_at, t.slug)`;
}

/** What a company bought so far: its won deals. Delivered orders join them here when there are any. */
export function lifetimeOf(companyId: string) {
  return sql<number>`coalesce((select sum(d.amount_cents) from deals d
    where d.company_id = ${sql.ref(companyId)} and d.status = 'won' and d.deleted_at is null), 0)::bigint`;
}

/** An instant as it travels, from inside JSON. */
export function utc(column: string) {
  return sql`to_char(${sql.ref(column)} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** Neither deleted nor merged into another. */
export function living(alias: string) {
  return sql<boolean>`${sql.ref(`${alias}.merged_into`)} is null and ${sql.ref(`${alias}.deleted_at`)} is null`;
}
