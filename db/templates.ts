import { sql } from 'kysely';
import type { Template } from '#domain/message-template.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import type { Scope } from './scope.ts';

const columns = ['name', 'channel', 'subject', 'body'] as const;

export async function listTemplates({ db }: Scope): Promise<Template[]> {
  const rows = await db.selectFrom('templates').select(columns).orderBy('name').execute();
  return rows as Template[];
}

/** Writes a template; versions that were published with it keep the words they had. */
export async function saveTemplate(scope: Scope, template: Template): Promise<Template> {
  const { db, workspaceId, actor } = scope;
  const row = { ...template, updatedBy: actor };
  await db
    .insertInto('templates')
    .values({ workspaceId, ...row })
    .onConflict((conflict) =>
      conflict.columns(['workspaceId', 'name']).doUpdateSet({ ...row, updatedAt: sql`now()` }),
    )
    .execute();
  changed(scope, 'sequences');
  return template;
}

export async function removeTemplate(scope: Scope, name: string): Promise<void> {
  const { numDeletedRows } = await scope.db
    .deleteFrom('templates')
    .where('name', '=', name)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw new Refusal('not-found', 'There is no such template.');
  changed(scope, 'sequences');
}

/** What a sequence may name and must exist. */
export interface Named {
  tags: Set<string>;
  senders: Set<string>;
  sequences: Set<string>;
  members: Set<string>;
}

export async function namedThings({ db }: Scope): Promise<Named> {
  const { rows } = await sql<{ kind: keyof Named; name: string }>`
    select 'tags' as kind, slug as name from tags where active
    union all select 'senders', id::text from senders where active
    union all select 'senders', address from senders where active
    union all select 'sequences', id::text from sequences where archived_at is null
    union all select 'members', user_id from members`.execute(db);
  const named = { tags: new Set<string>(), senders: new Set<string>() };
  const all: Named = { ...named, sequences: new Set<string>(), members: new Set<string>() };
  for (const { kind, name } of rows) all[kind].add(name);
  return all;
}
