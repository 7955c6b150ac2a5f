import { sql, type UpdateObject } from 'kysely';
import type { Import, ImportColumn, ImportOptions } from '#domain/import.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { gatherDue } from './import-intake.ts';
import { refuseUnknown } from './named.ts';
import { startLater } from './outbox.ts';
import type { DB } from './schema.ts';
import type { Scope } from './scope.ts';

const columns = [
  ...(['id', 'fileName', 'bytes', 'format', 'encoding', 'delimiter', 'headerLine'] as const),
  ...([
    'columns',
    'mapping',
    'options',
    'status',
    'problem',
    'rows',
    'created',
    'matched',
  ] as const),
  ...(['rejected', 'readBytes', 'enrolled', 'createdBy', 'createdAt', 'startedAt'] as const),
  'finishedAt',
] as const;

/** Where reading goes on. */
export interface Cursor {
  byte: number;
  line: number;
}

interface NewImport {
  fileName: string;
  blob: string;
  bytes: number;
  format: string;
  encoding: string;
  delimiter: string;
  headerLine: number | null;
  columns: ImportColumn[];
  mapping: Record<string, string>;
  cursor: Cursor;
}

export async function createImport(scope: Scope, given: NewImport): Promise<Import> {
  const { db, workspaceId, actor } = scope;
  const { columns: described, mapping, cursor, ...rest } = given;
  changed(scope, 'imports');
  const row = await db
    .insertInto('imports')
    .values({
      ...{ workspaceId, createdBy: actor, ...rest },
      columns: asJson(described),
      mapping: asJson(mapping),
      cursor: asJson(cursor),
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
  return row as Import;
}

export async function listImports(
  { db }: Scope,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: Import[]; next: string | null }> {
  let query = db
    .selectFrom('imports')
    .select(columns)
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (cursor) query = query.where('id', '<', cursor);
  const rows = (await query.execute()) as Import[];
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? items.at(-1)!.id : null };
}

export async function getImport({ db }: Scope, id: string, lock = false): Promise<Import> {
  const row = await db
    .selectFrom('imports')
    .select(columns)
    .where('id', '=', id)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such import.');
  return row as Import;
}

/** Lets an import run with the mapping that the user left. */
export async function startImport(
  scope: Scope,
  id: string,
  { mapping, options }: { mapping: Record<string, string>; options: ImportOptions },
): Promise<Import> {
  const { status } = await getImport(scope, id, true);
  if (status !== 'mapping') throw new Refusal('conflict', `This import is ${status} already.`);
  await refuseUnknown(scope, 'sequences', options.sequenceId, 'options.sequenceId');
  const { workspaceId } = scope;
  const input = [{ workspaceId, importId: id }];
  await startLater(scope, { workflow: 'importLeads', workflowId: `import:${id}`, input });
  return update(scope, id, {
    mapping: asJson(mapping),
    options: asJson(options),
    sequenceId: options.sequenceId ?? null,
    status: 'running',
    startedAt: now,
    movedAt: now,
  });
}

/** Stops an import where it is; what has come in stays. Answers the blob too when nobody reads it. */
export async function cancelImport(
  scope: Scope,
  id: string,
): Promise<{ found: Import; unread: string | undefined }> {
  const { status } = await getImport(scope, id, true);
  if (status !== 'mapping' && status !== 'running') {
    throw new Refusal('conflict', `This import is ${status} already.`);
  }
  await gatherDue(scope, id);
  const found = await update(scope, id, { status: 'cancelled', finishedAt: now });
  const { blob } = await scope.db
    .selectFrom('imports')
    .select('blob')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return { found, unread: status === 'mapping' ? blob : undefined };
}

const now = sql<string>`now()`;

/** Changes an import that the caller has locked, and tells the page. */
export async function update(
  scope: Scope,
  id: string,
  values: UpdateObject<DB, 'imports'>,
): Promise<Import> {
  changed(scope, 'imports');
  const row = await scope.db
    .updateTable('imports')
    .set(values)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirstOrThrow();
  return row as Import;
}

function asJson(value: unknown): string {
  return JSON.stringify(value);
}
