import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import type { Scope } from './scope.ts';

/** Puts a tag on deals; where it is already, it stays. */
export async function tagDeals(scope: Scope, ids: string[], slug: string): Promise<void> {
  const { db, workspaceId, actor } = scope;
  const tag = await db
    .selectFrom('tags')
    .select('active')
    .where('slug', '=', slug)
    .executeTakeFirst();
  if (!tag?.active) {
    const message = tag ? `The tag “${slug}” is not in use.` : `There is no tag “${slug}”.`;
    throw new Refusal('invalid', message, [{ field: 'slug', message }]);
  }
  await sql`
    insert into record_tags (workspace_id, record, record_id, slug, applied_by)
    select ${workspaceId}::uuid, 'deal', id, ${slug}, ${actor} from deals
    where id = any(${ids}::uuid[]) and deleted_at is null
    on conflict do nothing`.execute(db);
  changed(scope, 'deals');
}

/** Takes a tag off deals; where it is not, it is off already. */
export async function untagDeals(scope: Scope, ids: string[], slug: string): Promise<void> {
  await scope.db
    .deleteFrom('recordTags')
    .where('record', '=', 'deal')
    .where('slug', '=', slug)
    .where(sql<boolean>`record_id = any(${ids}::uuid[])`)
    .execute();
  changed(scope, 'deals');
}
