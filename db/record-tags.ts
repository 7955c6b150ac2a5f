import { Refusal } from '#domain/refusal.ts';
import { changed, type Topic } from './changes.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';

/** What carries tags that start nothing; those of leads stand in db/tags.ts. */
export type Tagged = 'company' | 'contact' | 'deal';

const topics: Record<Tagged, Topic> = { company: 'companies', contact: 'contacts', deal: 'deals' };

/** Puts a tag on records; where it is already, it stays. A tag that is unknown or out of use is refused. */
export async function tagRecords(
  scope: Scope,
  record: Tagged,
  { ids, slug }: { ids: string[]; slug: string },
): Promise<string[]> {
  const tag = await scope.db
    .selectFrom('tags')
    .select('active')
    .where('slug', '=', slug)
    .executeTakeFirst();
  if (!tag?.active) {
    const message = `There is no active tag “${slug}”.`;
    throw new Refusal('invalid', message, [{ field: 'slug', message }]);
  }
  const { workspaceId, actor } = scope;
  const rows = ids.map((recordId) => ({ workspaceId, record, recordId, slug, appliedBy: actor }));
  const made = await insertRows(scope, 'recordTags', rows, ['recordId']);
  changed(scope, topics[record]);
  return made.map(({ recordId }) => recordId);
}

/** Takes a tag off records; answers those that had it. */
export async function untagRecords(
  scope: Scope,
  record: Tagged,
  { ids, slug }: { ids: string[]; slug: string },
): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await scope.db
    .deleteFrom('recordTags')
    .where('record', '=', record)
    .where('recordId', 'in', ids)
    .where('slug', '=', slug)
    .returning('recordId')
    .execute();
  changed(scope, topics[record]);
  return rows.map(({ recordId }) => recordId);
}
