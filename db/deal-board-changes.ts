import { sql } from 'kysely';
import type { Board } from '#domain/deal-board.ts';
import type { DealWish } from '#domain/deal-filter.ts';
import { conditionsOf } from './deal-conditions.ts';
import type { Scope } from './scope.ts';

const [before, after] = [
  sql`(e.before->>'amountCents')::bigint`,
  sql`(e.after->>'amountCents')::bigint`,
];

/** What has become of these deals since Monday, read from their events. */
export async function changesSince(
  { db, actor }: Scope,
  asked: DealWish,
  now: string,
): Promise<Board['since']> {
  const where = sql.join(conditionsOf(asked, { me: actor, now }), sql` and `);
  const { rows } = await sql<Board['since']>`
    select s.at,
      coalesce(sum(case
        when e.kind = 'created' and e.after->>'status' = 'open' then ${after}
        when e.kind in ('won', 'lost') and e.before->>'status' = 'open' then -${before}
        when e.kind = 'reopened' then ${after}
        when e.kind in ('changed', 'line_added', 'line_changed', 'line_removed') and d.status = 'open'
          then ${after} - ${before} end), 0)::bigint as change_cents,
      count(*) filter (where e.kind = 'created') as added,
      count(*) filter (where e.kind = 'changed'
        and e.after->>'expectedCloseOn' > e.before->>'expectedCloseOn') as pushed,
      count(*) filter (where e.kind = 'won') as won,
      count(*) filter (where e.kind = 'lost') as lost
    from (select date_trunc('week', ${now}::timestamptz at time zone time_zone) at time zone time_zone as at
      from workspaces where id = current_workspace()) s
    left join (deal_events e join deals d on d.id = e.deal_id and ${where}) on e.at >= s.at
    group by s.at`.execute(db);
  return rows[0]!;
}
