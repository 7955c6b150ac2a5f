import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import type { Scope } from './scope.ts';

const gone = ['recordTags', 'deals', 'leads', 'sequences', 'contacts', 'companies'] as const;

/** Removes a workspace of made-up people, and nothing that anybody worked for. */
export async function removeDemo(scope: Scope): Promise<void> {
  const { demo } = await scope.db.selectFrom('workspaces').select('demo').executeTakeFirstOrThrow();
  if (!demo) throw new Refusal('conflict', 'This is not the demo workspace; its data stays.');
  // What refers to something goes before it: the workspace alone would fall over its own contacts.
  await scope.db.updateTable('leads').set({ dealId: null }).execute();
  for (const table of gone) await scope.db.deleteFrom(table).execute();
  await scope.db.deleteFrom('workspaces').where('id', '=', scope.workspaceId).execute();
  changed(scope, 'leads', 'today', 'sequences', 'settings');
}
