import { sql } from 'kysely';
import type { Scope } from './scope.ts';

/** How far leads came, from the history of their statuses: one that went on counts where it has been. Spam never counts. */
export async function funnelOf({ db }: Scope): Promise<{
  new: number;
  contacted: number;
  qualified: number;
  converted: number;
  won: number;
}> {
  const { rows } = await sql<Awaited<ReturnType<typeof funnelOf>>>`
    select count(*) as new, count(contacted_at) as contacted, count(qualified_at) as qualified,
      count(*) filter (where status = 'converted' or converted_at is not null) as converted,
      count(*) filter (where won_at is not null) as won
    from leads where status <> 'spam' and deleted_at is null`.execute(db);
  return rows[0]!;
}
