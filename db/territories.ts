import type { TerritoryRule } from '#domain/assignment.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';

/** The rules that say who may be given which leads, in their order. */
export async function listTerritories({ db }: Scope): Promise<TerritoryRule[]> {
  const rows = await db
    .selectFrom('territories')
    .select(['name', 'condition', 'memberIds', 'needs'])
    .orderBy('position')
    .orderBy('id')
    .execute();
  return rows as unknown as TerritoryRule[];
}

/** Sets all of them at once. */
export async function setTerritories(scope: Scope, rules: TerritoryRule[]): Promise<void> {
  const { db, workspaceId } = scope;
  const members = await db.selectFrom('members').select('userId').execute();
  const known = new Set(members.map(({ userId }) => userId));
  const faults = rules.flatMap(({ memberIds }, index) =>
    memberIds
      .filter((id) => !known.has(id))
      .map(() => ({ field: `items[${index}].memberIds`, message: 'There is no such member.' })),
  );
  if (faults.length > 0) throw new Refusal('invalid', 'Not all of them are members.', faults);
  await db.deleteFrom('territories').execute();
  const rows = rules.map((rule, position) => ({ workspaceId, position, ...rule }));
  await insertRows(scope, 'territories', rows as never, ['id']);
  changed(scope, 'settings');
}
