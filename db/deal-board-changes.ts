import { sql } from 'kysely';
import type { Board } from '#domain/deal-board.ts';
import type { DealWish } from '#domain/deal-filter.ts';
import type { Clock } from './deal-board-cards.ts';
import { conditionsOf } from './deal-conditions.ts';
import type { Scope } from './scope.ts';

const [before, after] = [
  sql`(e.before->>'amountCents')::bigint`,
  sql`(e.after->>'amountCents')::bigint`,
];

/** What has become of these deals since Monday, read from their events. */
export async function changesSince(
  { db, actor }: Scope,
  { asked, now, clock }: { asked: DealWish; now: string; clock: Clock },
): Promise<Board['since']> {
  const where = sql.join(conditionsOf(asked, { me: actor, now }), sql` and `);
  const { rows } = await sql<Board['since']>`
    select ${clock.weekAt}::timestamptz as at,
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
    from deal_events e join deals d on d.id = e.deal_id and ${where}
    where e.at >= ${clock.weekAt}::timestamptz`.execute(db);
  return rows[0]!;
}
