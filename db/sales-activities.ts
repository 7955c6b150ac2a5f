import { sql } from 'kysely';
import { activityTypeOf, type SalesActivity } from '#domain/activity.ts';
import type { Scope } from './scope.ts';

/** The feed as other systems read it, what was written down last first, and how many lines there are. */
export async function salesActivities(
  scope: Scope,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ total_count: number; activities: SalesActivity[] }> {
  const { rows } = await sql<Row>`
    select a.id, a.kind, a.title, a.at, d.id as deal_id, d.name as deal_name, d.amount_cents,
      (select m.name from members m where m.user_id = a.actor) as by
    from (select * from activities order by id desc limit ${limit} offset ${offset}) a
      left join lateral (select id, name, amount_cents from deals where id = a.deal_id limit 1) d on true
    order by a.id desc`.execute(scope.db);
  return { total_count: await countActivities(scope), activities: rows.map(shown) };
}

interface Row {
  id: string;
  kind: string;
  title: string;
  at: string;
  dealId: string | null;
  dealName: string | null;
  amountCents: number | null;
  by: string | null;
}

function shown({ id, kind, title, at, dealId, dealName, amountCents, by }: Row): SalesActivity {
  return {
    ...{ id, type: activityTypeOf(kind), description: by ? `${title}, by ${by}` : title },
    ...{ deal_id: dealId, deal_name: dealName, timestamp: at },
    deal_value: amountCents === null ? null : amountCents / 100,
  };
}

/** No transaction that writes activities is open for longer, in milliseconds. */
const SETTLED = 10 * 60 * 1000;
const counted = new Map<string, { below: string; count: number }>();

/**
 * How many activities a workspace has. They are only ever added, in the order of their ids: what is older than any
 * open transaction was counted once and for all, and only what came since is counted again.
 */
async function countActivities({ db, workspaceId }: Scope): Promise<number> {
  const before = counted.get(workspaceId) ?? { below: zero, count: 0 };
  const below = firstId(Date.now() - SETTLED);
  const { rows } = await sql<{ settled: number; fresh: number }>`
    select (select count(*) from activities where id >= ${before.below}::uuid and id < ${below}::uuid) as settled,
      (select count(*) from activities where id >= ${below}::uuid) as fresh`.execute(db);
  const { settled, fresh } = rows[0]!;
  const count = before.count + settled;
  counted.set(workspaceId, { below, count });
  return count + fresh;
}

const zero = '00000000-0000-0000-0000-000000000000';

/** The first id that can be made at an instant. */
function firstId(ms: number): string {
  const time = ms.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}
