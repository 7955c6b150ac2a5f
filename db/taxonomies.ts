import { firstTags, firstTerms } from '#domain/taxonomy.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';

/** The words a new workspace begins with: tags, stages and company statuses. Done twice, it changes nothing. */
export async function seedWorkspace(scope: Scope): Promise<void> {
  const { workspaceId } = scope;
  const tags = firstTags.map((tag) => ({ workspaceId, ...tag }));
  await insertRows(scope, 'tags', tags as never, ['slug']);
  const terms = firstTerms.map((term) => ({ workspaceId, ...term }));
  await insertRows(scope, 'taxonomyTerms', terms, ['slug']);
}
