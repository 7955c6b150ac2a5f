import { sql } from 'kysely';
import type { Deal } from '#domain/deal.ts';
import { shownDeals } from './deal-columns.ts';
import { pageOfDeals, type PageWish } from './deal-page.ts';
import type { Scope } from './scope.ts';

/** A page of deals, and where the next one begins. */
export async function listDeals(
  scope: Scope,
  filter: PageWish,
  now = new Date().toISOString(),
): Promise<{ items: Deal[]; next: string | null }> {
  const { ids, next } = await pageOfDeals(scope, filter, now);
  return { items: await dealsInOrder(scope, ids), next };
}

/** Deals as they are shown, in the order of their ids here. */
export async function dealsInOrder(scope: Scope, ids: string[]): Promise<Deal[]> {
  if (ids.length === 0) return [];
  const rows = await shownDeals(scope)
    .where(sql<boolean>`d.id = any(${ids}::uuid[])`)
    .orderBy(sql`array_position(${ids}::uuid[], d.id)`)
    .execute();
  return rows as Deal[];
}
