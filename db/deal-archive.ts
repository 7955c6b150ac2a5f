import { sql } from 'kysely';
import { changed } from './changes.ts';
import type { Scope } from './scope.ts';

const AT_ONCE = 1000;

/** Puts away what was closed more than a year ago, and answers how much; it is still found when it is asked for. */
export async function archiveDeals(scope: Scope, now = new Date().toISOString()): Promise<number> {
  const { db, actor } = scope;
  for (let all = 0; ;) {
    const { rows } = await sql<{ count: number }>`
      with old as (
        select id from deals
        where status <> 'open' and archived_at is null and deleted_at is null
          and coalesce(won_at, lost_at) < ${now}::timestamptz - interval '1 year'
        order by id limit ${AT_ONCE} for no key update skip locked),
      put as (
        update deals d set archived_at = ${now}::timestamptz from old where d.id = old.id
        returning d.workspace_id, d.id),
      told as (
        insert into deal_events (workspace_id, deal_id, kind, after, actor, at)
        select workspace_id, id, 'archived', '{}', ${actor}, ${now}::timestamptz from put)
      select count(*) as count from put`.execute(db);
    const { count } = rows[0]!;
    all += count;
    if (count > 0) changed(scope, 'deals');
    if (count < AT_ONCE) return all;
  }
}
