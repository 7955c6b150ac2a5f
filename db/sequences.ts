import { type Kysely, sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { Definition } from '#domain/sequence.ts';
import { changed } from './changes.ts';
import type { DB } from './schema.ts';
import type { Scope } from './scope.ts';

const columns = [
  ...(['id', 'name', 'class', 'draft', 'draftRev', 'liveVersion', 'liveId'] as const),
  ...(['pausedAt', 'archivedAt', 'createdAt', 'updatedAt'] as const),
] as const;

export async function createSequence(scope: Scope, draft: Draft): Promise<{ id: string }> {
  const { db, workspaceId, actor } = scope;
  const { name, class: kind = 'custom' } = draft;
  const sequence = await db
    .insertInto('sequences')
    .values({ workspaceId, name, class: kind, draft: JSON.stringify(draft), createdBy: actor })
    .returning('id')
    .executeTakeFirstOrThrow();
  changed(scope, 'sequences');
  return sequence;
}

/** A draft may be half done: only its name is asked for. */
export interface Draft {
  name: string;
  class?: string;
}

export async function getSequence({ db }: Scope, id: string, lock = false) {
  const sequence = await db
    .selectFrom('sequences')
    .select(columns)
    .where('id', '=', id)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
  if (!sequence) throw new Refusal('not-found', 'There is no such sequence.');
  return sequence;
}

/** Saves a draft, unless somebody else saved another one since `rev`. */
export async function saveDraft(
  scope: Scope,
  id: string,
  draft: Draft,
  rev?: number,
): Promise<{ draftRev: number }> {
  const before = await getSequence(scope, id, true);
  if (rev !== undefined && rev !== before.draftRev)
    throw new Refusal('conflict', 'Somebody else has changed this draft meanwhile.');
  const saved = await scope.db
    .updateTable('sequences')
    .set({
      draft: JSON.stringify(draft),
      draftRev: before.draftRev + 1,
      ...(before.liveId ? {} : { name: draft.name, class: draft.class ?? 'custom' }),
      updatedAt: sql`now()`,
    })
    .where('id', '=', id)
    .returning('draftRev')
    .executeTakeFirstOrThrow();
  changed(scope, 'sequences');
  return saved;
}

/** Makes the next version, which never changes. Who is inside stays on theirs. */
export async function publishSequence(
  scope: Scope,
  id: string,
  definition: Definition,
): Promise<{ version: number; versionId: string }> {
  const { db, workspaceId, actor } = scope;
  const { liveVersion } = await getSequence(scope, id, true);
  const number = (liveVersion ?? 0) + 1;
  const version = await db
    .insertInto('sequenceVersions')
    .values({
      ...{ workspaceId, sequenceId: id, number, publishedBy: actor },
      definition: JSON.stringify(definition),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .updateTable('sequences')
    .set({
      ...{ liveVersion: number, liveId: version.id, updatedAt: sql`now()` },
      ...{ name: definition.name, class: definition.class },
      entry: JSON.stringify(definition.entry),
    })
    .where('id', '=', id)
    .execute();
  changed(scope, 'sequences');
  return { version: number, versionId: version.id };
}

/** Nobody new comes in while it is paused; who is inside walks on. */
export async function pauseSequence(scope: Scope, id: string, paused: boolean): Promise<void> {
  await getSequence(scope, id);
  await scope.db
    .updateTable('sequences')
    .set({ pausedAt: paused ? sql`coalesce(paused_at, now())` : null })
    .where('id', '=', id)
    .execute();
  changed(scope, 'sequences');
}

export async function archiveSequence(scope: Scope, id: string): Promise<void> {
  await getSequence(scope, id);
  await scope.db
    .updateTable('sequences')
    .set({ archivedAt: sql`now()`, pausedAt: sql`coalesce(paused_at, now())` })
    .where('id', '=', id)
    .execute();
  changed(scope, 'sequences');
}

/** Every sequence with how many people stand where. */
export async function listSequences({ db }: Scope) {
  const rows = await db
    .selectFrom('sequences')
    .select(columns)
    .select(
      sql<Record<string, number>>`coalesce((
        select json_object_agg(status, n) from (
          select status, count(*)::int as n from enrolments e
          where e.sequence_id = sequences.id group by status) s), '{}')`.as('people'),
    )
    .select(
      sql<number>`(select count(*)::int from enrolments e
        where e.sequence_id = sequences.id and e.reason = 'replied')`.as('replied'),
    )
    .where('archivedAt', 'is', null)
    .orderBy('name')
    .orderBy('id')
    .execute();
  return rows.map(({ draft, ...row }) => ({ ...row, draft: draft as unknown as Definition }));
}

/** How many people stand at each step of a sequence now. */
export async function peopleAtSteps({ db }: Scope, id: string): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('enrolments')
    .select(({ fn }) => ['stepId', fn.countAll<number>().as('people')])
    .where('sequenceId', '=', id)
    .where('status', 'in', ['active', 'paused', 'blocked'])
    .groupBy('stepId')
    .execute();
  return Object.fromEntries(
    rows.flatMap(({ stepId, people }) => (stepId ? [[stepId, people]] : [])),
  );
}

/** Its versions, the latest first. */
export function listVersions({ db }: Scope, id: string) {
  return db
    .selectFrom('sequenceVersions')
    .select(['id', 'number', 'definition', 'publishedAt', 'publishedBy'])
    .where('sequenceId', '=', id)
    .orderBy('number', 'desc')
    .execute();
}

const versions = new Map<string, Definition>();

/** A version's definition. It never changes, so it is read once per process. */
export async function definitionOf(
  { db }: { db: Kysely<DB> },
  versionId: string,
): Promise<Definition> {
  const known = versions.get(versionId);
  if (known) return known;
  const row = await db
    .selectFrom('sequenceVersions')
    .select('definition')
    .where('id', '=', versionId)
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such version.');
  if (versions.size > 500) versions.clear();
  const definition = row.definition as unknown as Definition;
  versions.set(versionId, definition);
  return definition;
}
