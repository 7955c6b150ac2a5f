import { filesToErase, noteErased } from '#db/analysis-changes.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import type { Deps } from './deps.ts';

/** Erases the files that came more than 30 days ago; what was found in them stays. Answers how many. */
export async function eraseFiles({ db, blobs, now }: Deps, workspaceId: string): Promise<number> {
  function inside<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
    return inWorkspace(db, { workspaceId, actor: 'engine' }, work);
  }
  const old = await inside((scope) => filesToErase(scope, now()));
  for (const { id, blob } of old) {
    await blobs.remove(blob);
    await inside((scope) => noteErased(scope, id));
  }
  return old.length;
}
