import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { SavedView, SavedViewChange, SavedViewInput } from '#domain/saved-view.ts';
import { changed } from './changes.ts';
import { refuseOlder } from './conflicts.ts';
import type { Scope } from './scope.ts';

const columns = [
  ...(['id', 'list', 'name', 'query', 'columns', 'grouping', 'sums', 'ownerId'] as const),
  ...(['isShared', 'position', 'updatedAt'] as const),
] as const;

/** My views of a list and those that others share, in their order. */
export async function listViews(
  { db, actor }: Scope,
  list: SavedView['list'],
): Promise<SavedView[]> {
  const rows = await db
    .selectFrom('savedViews')
    .select(columns)
    .select(sql<boolean>`owner_id = ${actor}`.as('isMine'))
    .where('list', '=', list)
    .where((where) => where.or([where('ownerId', '=', actor), where('isShared', '=', true)]))
    .orderBy('position')
    .orderBy('id')
    .execute();
  return rows as unknown as SavedView[];
}

export async function saveView(scope: Scope, input: SavedViewInput): Promise<SavedView> {
  const { db, workspaceId, actor } = scope;
  const { rows } = await sql<{ id: string }>`
    insert into saved_views (workspace_id, list, name, query, columns, grouping, sums, owner_id, is_shared, position)
    select ${workspaceId}::uuid, ${input.list}, ${input.name}, ${input.query}, ${JSON.stringify(input.columns)}::jsonb,
      ${input.grouping}, ${JSON.stringify(input.sums)}::jsonb, ${actor}, ${input.isShared},
      coalesce((select max(position) + 1 from saved_views where list = ${input.list}), 0)
    returning id`.execute(db);
  changed(scope, 'settings');
  return getView(scope, rows[0]!.id);
}

/** Changes a view of one's own; who looked at an older one is refused and shown both. */
export async function changeView(
  scope: Scope,
  id: string,
  { updatedAt, ...change }: SavedViewChange,
): Promise<SavedView> {
  const before = await lockOwn(scope, id);
  refuseOlder(before, { updatedAt, ...change }, 'view');
  const { columns, sums, ...plain } = change;
  await scope.db
    .updateTable('savedViews')
    .set({
      ...plain,
      ...(columns && { columns: JSON.stringify(columns) }),
      ...(sums && { sums: JSON.stringify(sums) }),
      updatedAt: sql`now()`,
    })
    .where('id', '=', id)
    .execute();
  changed(scope, 'settings');
  return getView(scope, id);
}

export async function deleteView(scope: Scope, id: string): Promise<void> {
  await lockOwn(scope, id);
  await scope.db.deleteFrom('savedViews').where('id', '=', id).execute();
  changed(scope, 'settings');
}

async function getView({ db, actor }: Scope, id: string): Promise<SavedView> {
  const view = await db
    .selectFrom('savedViews')
    .select(columns)
    .select(sql<boolean>`owner_id = ${actor}`.as('isMine'))
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return view as unknown as SavedView;
}

/** What others keep to themselves is not there; what they share is theirs to change. */
async function lockOwn({ db, actor }: Scope, id: string) {
  const view = await db
    .selectFrom('savedViews')
    .select(columns)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!view || (view.ownerId !== actor && !view.isShared)) {
    throw new Refusal('not-found', 'There is no such view.');
  }
  if (view.ownerId !== actor) {
    throw new Refusal('forbidden', 'This view belongs to somebody else: save one of your own.');
  }
  return view;
}
