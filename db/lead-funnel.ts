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
    with been as (
      select l.id, l.won_at, array_agg(a.data ->> 'to') || l.status as statuses
      from leads l left join activities a on a.lead_id = l.id and a.kind = 'status_changed'
      where l.status <> 'spam' and l.deleted_at is null group by l.workspace_id, l.id)
    select count(*) as new,
      count(*) filter (where statuses && array['contacted', 'qualified', 'converted']) as contacted,
      count(*) filter (where statuses && array['qualified', 'converted']) as qualified,
      count(*) filter (where 'converted' = any(statuses)) as converted,
      count(*) filter (where won_at is not null) as won
    from been`.execute(db);
  return rows[0]!;
}
