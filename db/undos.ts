import { sql } from 'kysely';
import { changed, type Topic } from './changes.ts';
import { columnsOf, type RowChange, watching } from './row-changes.ts';
import type { Scope } from './scope.ts';

export type Undoable = 'lead' | 'company' | 'contact' | 'deal';

/** The tags that one record got and lost. */
export interface TagChange {
  id: string;
  added: string[];
  removed: string[];
}

/** What a change did, and so what taking it back does. */
export interface Undo {
  changes: Record<string, RowChange[]>;
  tags: TagChange[];
}

export const tableOf = {
  ...({ lead: 'leads', company: 'companies' } as const),
  ...({ contact: 'contacts', deal: 'deals' } as const),
} as const;

export const topicsOf: Record<Undoable, Topic[]> = {
  lead: ['leads', 'today'],
  company: ['companies', 'contacts'],
  contact: ['contacts', 'companies', 'leads', 'today'],
  deal: ['deals', 'forecast', 'insights'],
};

/** What is computed from the rest is computed again, and is not put back. */
const computed = new Set([
  ...['search', 'risk_score', 'risk_band', 'risk_factors', 'health_score', 'assessed_at'],
  ...['score', 'score_base', 'score_factors', 'scored_at'],
]);

/**
 * Does something to many records and keeps what it replaced, so that it can be taken back. Answers by which id;
 * nothing when nothing changed.
 */
export async function withUndo<T>(
  scope: Scope,
  { record, what, ids }: { record: Undoable; what: string; ids: string[] },
  work: () => Promise<T>,
): Promise<{ done: T; undoId: string | null }> {
  const columns = (await columnsOf(scope, tableOf[record])).filter((name) => !computed.has(name));
  const tagged = await tagsOf(scope, record, ids);
  const watched = [{ table: tableOf[record], ids, columns }, ...(await beside(scope, record, ids))];
  let done: T | undefined;
  const changes = await watching(scope, watched, async () => {
    done = await work();
  });
  const tags = changesOf(tagged, await tagsOf(scope, record, ids));
  const undoId = await recordUndo(scope, { record, what, changes, tags });
  return { done: done as T, undoId };
}

/** Keeps what a change replaced. */
async function recordUndo(
  scope: Scope,
  { record, what, changes, tags }: { record: Undoable; what: string } & Undo,
): Promise<string | null> {
  if (Object.keys(changes).length === 0 && tags.length === 0) return null;
  const { db, workspaceId, actor } = scope;
  const before = JSON.stringify({ changes, tags });
  const { id } = await db
    .insertInto('undos')
    .values({ workspaceId, record, what, before, actor })
    .returning('id')
    .executeTakeFirstOrThrow();
  changed(scope, ...topicsOf[record]);
  return id;
}

/** What goes with a record when it is deleted. */
async function beside({ db }: Scope, record: Undoable, ids: string[]) {
  if (record === 'company' || record === 'deal') return [];
  const { rows: leads } = await sql<{ id: string }>`
    select id from leads where ${sql.id(record === 'lead' ? 'id' : 'contact_id')} = any(${ids}::uuid[])`.execute(
    db,
  );
  const leadIds = leads.map(({ id }) => id);
  // A task of a walk that ended stays cancelled, as the walk stays ended.
  const { rows: tasks } = await sql<{ id: string }>`
    select id from tasks where (lead_id = any(${leadIds}::uuid[])
        ${record === 'contact' ? sql`or contact_id = any(${ids}::uuid[])` : sql``})
      and enrolment_id is null and done_at is null and cancelled_at is null`.execute(db);
  return [
    { table: 'tasks', ids: tasks.map(({ id }) => id), columns: ['cancelled_at', 'outcome'] },
    ...(record === 'contact'
      ? [{ table: 'leads', ids: leadIds, columns: ['deleted_at', 'updated_at'] }]
      : []),
  ];
}

/** The tags that stand on each record. */
export async function tagsOf(
  { db }: Scope,
  record: Undoable,
  ids: string[],
): Promise<Map<string, string[]>> {
  const { rows } = await (
    record === 'lead'
      ? sql<{ id: string; slug: string }>`select lead_id as id, slug from lead_tags
          where lead_id = any(${ids}::uuid[]) and removed_at is null`
      : sql<{ id: string; slug: string }>`select record_id as id, slug from record_tags
          where record = ${record} and record_id = any(${ids}::uuid[])`
  ).execute(db);
  return new Map(
    ids.map((id) => [id, rows.filter((row) => row.id === id).map(({ slug }) => slug)]),
  );
}

function changesOf(before: Map<string, string[]>, after: Map<string, string[]>): TagChange[] {
  return [...before].flatMap(([id, had]) => {
    const has = after.get(id) ?? [];
    const added = has.filter((slug) => !had.includes(slug));
    const removed = had.filter((slug) => !has.includes(slug));
    return added.length + removed.length > 0 ? [{ id, added, removed }] : [];
  });
}
