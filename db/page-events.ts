import type { PageEvent } from '#domain/page-event.ts';
import type { Scope } from './scope.ts';

/** Keeps what was done in a page, not who did it. */
export async function keepPageEvent(
  { db, workspaceId }: Scope,
  { name, properties }: PageEvent,
): Promise<void> {
  await db
    .insertInto('pageEvents')
    .values({ workspaceId, name, properties: JSON.stringify(properties) })
    .execute();
}
