import { sql } from 'kysely';
import type { Notification } from '#domain/notification.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import type { Scope } from './scope.ts';

/** What this person was told, the newest first. */
export async function listNotifications(
  { db, actor }: Scope,
  { unread, limit, cursor }: { unread?: boolean; limit: number; cursor?: string },
): Promise<{ items: Notification[]; next: string | null; unread: number }> {
  const rows = await db
    .selectFrom('notifications')
    .select(['id', 'kind', 'title', 'href', 'leadId', 'readAt', 'at'])
    .where('userId', '=', actor)
    .$if(unread === true, (all) => all.where('readAt', 'is', null))
    .$if(cursor !== undefined, (all) => all.where('id', '<', cursor!))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const { count } = await db
    .selectFrom('notifications')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('userId', '=', actor)
    .where('readAt', 'is', null)
    .executeTakeFirstOrThrow();
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? items.at(-1)!.id : null, unread: count };
}

export async function readNotification(scope: Scope, id: string): Promise<void> {
  const { numUpdatedRows } = await scope.db
    .updateTable('notifications')
    .set({ readAt: sql`coalesce(read_at, now())` })
    .where('id', '=', id)
    .where('userId', '=', scope.actor)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new Refusal('not-found', 'There is no such notification.');
  changed(scope, 'notifications');
}

export async function readAllNotifications(scope: Scope): Promise<void> {
  await scope.db
    .updateTable('notifications')
    .set({ readAt: sql`now()` })
    .where('userId', '=', scope.actor)
    .where('readAt', 'is', null)
    .execute();
  changed(scope, 'notifications');
}
