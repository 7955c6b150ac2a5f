import { type RawBuilder, sql } from 'kysely';
import { DealWish } from '#domain/deal-filter.ts';
import { Refusal } from '#domain/refusal.ts';
import { conditionsOf } from './deal-conditions.ts';
import type { Scope } from './scope.ts';

/** Which deals are looked at; without any of them the whole pipeline. */
export interface DealRange {
  now: string;
  dealIds?: string[] | undefined;
  pipelineId?: string | null | undefined;
  /** A saved view of deals. */
  viewId?: string | null | undefined;
  /** The id after which the page begins. */
  after?: string | null | undefined;
  most?: number | undefined;
}

/** For how long a closed deal is still looked at, in days. */
export const CLOSED_DAYS = 30;
const MOST = 2000;

/** The ids of a page, in their order, and the `after` of the next one. */
export async function dealsInRange(
  scope: Scope,
  range: DealRange,
): Promise<{ ids: string[]; next: string | null }> {
  const { after, most = MOST } = range;
  const where = await conditions(scope, range);
  if (after) where.push(sql`d.id > ${after}::uuid`);
  const { rows } = await sql<{ id: string }>`
    select d.id from deals d where ${sql.join(where, sql` and `)} order by d.id limit ${most + 1}`.execute(
    scope.db,
  );
  const ids = rows.slice(0, most).map(({ id }) => id);
  return { ids, next: rows.length > most ? ids.at(-1)! : null };
}

/** How many deals there are in a range. */
export async function countInRange(scope: Scope, range: DealRange): Promise<number> {
  const where = await conditions(scope, range);
  const { rows } = await sql<{ count: number }>`
    select count(*) from deals d where ${sql.join(where, sql` and `)}`.execute(scope.db);
  return rows[0]!.count;
}

/** What deals `d` must be to stand beside the others of a range: open ones, each by its id or not. */
export async function openInRange(scope: Scope, range: DealRange): Promise<RawBuilder<unknown>> {
  const all = await conditions(scope, { ...range, dealIds: undefined });
  return sql`${sql.join(all, sql` and `)} and d.status = 'open'`;
}

async function conditions(scope: Scope, { now, dealIds, pipelineId, viewId }: DealRange) {
  if (dealIds) return [sql`d.deleted_at is null`, sql`d.id = any(${dealIds}::uuid[])`];
  const where = viewId
    ? await conditionsOfView(scope, viewId, now)
    : conditionsOf({}, me(scope, now));
  if (pipelineId) where.push(sql`d.pipeline_id = ${pipelineId}::uuid`);
  const since = sql`${now}::timestamptz - make_interval(hours => ${CLOSED_DAYS * 24})`;
  where.push(sql`(d.status = 'open' or d.won_at > ${since} or d.lost_at > ${since})`);
  return where;
}

/** A view is seen as who made it sees it: their `me` is them. */
async function conditionsOfView({ db }: Scope, viewId: string, now: string) {
  const view = await db
    .selectFrom('savedViews')
    .select(['query', 'ownerId', 'list'])
    .where('id', '=', viewId)
    .executeTakeFirst();
  if (!view || view.list !== 'deals')
    throw new Refusal('not-found', 'There is no such view of deals.');
  const wish = DealWish.safeParse(Object.fromEntries(new URLSearchParams(view.query)));
  if (!wish.success)
    throw new Refusal('invalid', 'This view asks for something that deals do not have any more.');
  return conditionsOf(wish.data, { me: view.ownerId, now });
}

function me({ actor }: Scope, now: string) {
  return { me: actor, now };
}
