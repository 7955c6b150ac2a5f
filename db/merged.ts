import { sql } from 'kysely';
import type { Mergeable } from '#domain/duplicate.ts';
import { tables } from './merge-parts.ts';
import type { Scope } from './scope.ts';

/** Somebody who stands for others by now, and what one of those was known by. */
export interface StandsFor {
  id: string;
  email: string | null;
  phone: string | null;
}

/** Those who stand for whoever had these addresses or numbers before they were merged. */
export async function standingFor(
  { db }: Scope,
  { emails, phones }: { emails: string[]; phones: string[] },
): Promise<StandsFor[]> {
  if (emails.length + phones.length === 0) return [];
  const { rows } = await sql<StandsFor>`
    with recursive up as (
      select merged_into as id, email_normalized as email, phone_e164 as phone from contacts
      where merged_into is not null and email_normalized = any(${emails}::text[])
      union
      select merged_into, email_normalized, phone_e164 from contacts
      where merged_into is not null and phone_e164 = any(${phones}::text[])
      union
      select c.merged_into, up.email, up.phone from up join contacts c on c.id = up.id
      where c.merged_into is not null)
    select up.id, up.email, up.phone from up join contacts c on c.id = up.id
    where c.merged_into is null and c.deleted_at is null`.execute(db);
  return rows;
}

/** A record and all that were merged into it, however many times: what happened with any of them happened with it. */
export async function withMerged({ db }: Scope, record: Mergeable, id: string): Promise<string[]> {
  const table = sql.table(tables[record]);
  const { rows } = await sql<{ id: string }>`
    with recursive all_of_it as (
      select ${id}::uuid as id
      union select r.id from ${table} r join all_of_it a on r.merged_into = a.id)
    select id from all_of_it`.execute(db);
  return rows.map((row) => row.id);
}
