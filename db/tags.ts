import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { meetGoals } from './goals.ts';
import { followTags, type Tagged } from './lead-entry.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';

/**
 * Puts tags on leads; one that is there already stays as it is, one that was taken off comes back. Unless `later`,
 * what the tag does at once and the sequences that wait for it follow in the same transaction.
 */
export async function applyTags(
  scope: Scope,
  wishes: { leadId: string; slug: string }[],
  { later = false } = {},
): Promise<Tagged[]> {
  if (wishes.length === 0) return [];
  await refuseUnknown(scope, [...new Set(wishes.map(({ slug }) => slug))]);
  const { db, workspaceId, actor } = scope;
  const once = new Map(wishes.map((wish) => [`${wish.leadId} ${wish.slug}`, wish]));
  const given = [...once.values()];
  const { rows: tagged } = await sql<Tagged>`
    insert into lead_tags (workspace_id, lead_id, slug, applied_by)
    select ${workspaceId}::uuid, lead_id, slug, ${actor}
    from unnest(${given.map(({ leadId }) => leadId)}::uuid[], ${given.map(({ slug }) => slug)}::text[]) t (lead_id, slug)
    on conflict (workspace_id, lead_id, slug) do update
      set removed_at = null, applied_at = now(), applied_by = excluded.applied_by, times = lead_tags.times + 1
      where lead_tags.removed_at is not null
    returning lead_id, slug, times`.execute(db);
  await insertRows(
    scope,
    'activities',
    tagged.map(({ leadId, slug, times }) => ({
      ...{ workspaceId, leadId, actor, kind: 'tag_applied', title: `Tagged ${slug}` },
      ...{ data: { slug, times }, key: `tag:${leadId}:${slug}:${times}` },
    })),
    ['id'],
  );
  if (!later) {
    await followTags(scope, tagged);
    await meetGoals(scope, [...new Set(tagged.map(({ leadId }) => leadId))]);
  }
  changed(scope, 'leads');
  return tagged;
}

/** Takes a tag off a lead; one that is not there is off already. */
export async function removeTag(scope: Scope, leadId: string, slug: string): Promise<void> {
  const { db, workspaceId, actor } = scope;
  const { numUpdatedRows } = await db
    .updateTable('leadTags')
    .set({ removedAt: sql`now()` })
    .where('leadId', '=', leadId)
    .where('slug', '=', slug)
    .where('removedAt', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  const line = {
    kind: 'tag_removed',
    title: `Tag ${slug} taken off`,
    data: JSON.stringify({ slug }),
  };
  await db
    .insertInto('activities')
    .values({ workspaceId, actor, leadId, ...line })
    .execute();
  await meetGoals(scope, [leadId]);
  changed(scope, 'leads');
}

async function refuseUnknown({ db }: Scope, slugs: string[]): Promise<void> {
  const rows = await db
    .selectFrom('tags')
    .select(['slug', 'active'])
    .where('slug', 'in', slugs)
    .execute();
  const active = new Set(rows.filter(({ active }) => active).map(({ slug }) => slug));
  const faults = slugs
    .filter((slug) => !active.has(slug))
    .map((slug) => ({ field: 'slug', message: `There is no active tag “${slug}”.` }));
  if (faults.length > 0) throw new Refusal('invalid', faults[0]!.message, faults);
}
