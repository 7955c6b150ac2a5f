import { columnOf, type ReasonCount, type TouchState } from '#domain/touch.ts';
import { fits, type LedgerFilter } from './ledger.ts';
import type { Scope } from './scope.ts';

/** Why touches did not go out, the most frequent reason first; their counts add up to the balance without accepted. */
export async function reasonsNotSent({ db }: Scope, filter: LedgerFilter): Promise<ReasonCount[]> {
  const rows = await db
    .selectFrom('touches as t')
    .select(({ fn }) => ['t.state', 't.reason', fn.countAll<number>().as('count')])
    .where(fits(filter))
    .where('t.state', 'not in', ['accepted', 'delivered', 'bounced'])
    .groupBy(['t.state', 't.reason'])
    .execute();
  const counts = new Map<string, ReasonCount>();
  for (const { state, reason, count } of rows) {
    const column = columnOf(state as TouchState) as ReasonCount['column'];
    const named = reason ?? state;
    const key = `${column} ${named}`;
    counts.set(key, { column, reason: named, count: (counts.get(key)?.count ?? 0) + count });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}
