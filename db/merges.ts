import { sql, type Updateable } from 'kysely';
import type { Mergeable } from '#domain/duplicate.ts';
import { identityOf, personKey } from '#domain/identity.ts';
import { type Merge, mergeFields, mergeOf, type MergeWish } from '#domain/merge.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { settlePair } from './duplicates.ts';
import { listMerges } from './merge-list.ts';
import { moveParts, partsOf, tables } from './merge-parts.ts';
import {
  type Added,
  closeSecondLead,
  endDoubleWalks,
  keepSuppressions,
  refreshLeads,
} from './merge-people.ts';
import { type RowChange, watching } from './row-changes.ts';
import { insertRows } from './rows.ts';
import type { Contacts } from './schema.ts';
import type { Scope } from './scope.ts';

type Row = Record<string, unknown>;

/** What a merge keeps so that it can be taken back. */
export interface Moved extends Added {
  changes: Record<string, RowChange[]>;
}

/** Makes two one, in one transaction: everything of the merged one is the other's from now on. Answers the merge. */
export async function mergeRecords(scope: Scope, wish: MergeWish): Promise<Merge> {
  const { record, keptId, mergedId, fields } = wish;
  const { db, workspaceId, actor } = scope;
  refuseUnknownFields(record, fields);
  const { kept, merged } = await lockBoth(scope, record, { keptId, mergedId });
  const { values } = mergeOf(record, kept, merged, fields);
  const mergeId = await newId(scope);
  const added: Added = { leadTags: [], recordTags: [], suppressions: [], stopped: [] };
  const parts = await partsOf(scope, record, { keptId, mergedId });
  const changes = await watching(scope, parts, async () => {
    if (record === 'contact') {
      Object.assign(added, await closeSecondLead(scope, { mergeId, keptId, mergedId }));
    }
    await sql`update ${sql.table(tables[record])} set merged_into = ${keptId}, updated_at = now()
      where id = ${mergedId}`.execute(db);
    if (record === 'company') await makeRoom(scope, { keptId, mergedId });
    await moveParts(scope, record, { keptId, mergedId });
    await writeKept(scope, record, keptId, { ...kept, ...values }, values);
    if (record === 'contact') {
      added.stopped.push(...(await endDoubleWalks(scope, { mergeId, keptId, mergedId })));
    }
    await refreshLeads(scope, record === 'contact' ? 'contact_id' : 'company_id', keptId);
  });
  added.recordTags = await takeTags(scope, record, { keptId, mergedId });
  if (record === 'contact') added.suppressions = await forbid(scope, { kept, merged, values });
  const moved: Moved = { changes, ...added };
  await db
    .insertInto('merges')
    .values({
      ...{ workspaceId, id: mergeId, record, keptId, mergedId, actor },
      before: JSON.stringify({ kept, merged }),
      moved: JSON.stringify(moved),
    })
    .execute();
  await settlePair(scope, record, [keptId, mergedId], 'merged');
  await tell(scope, record, { keptId, mergedId, mergeId });
  announceMerge(scope);
  return (await listMerges(scope, { record, id: mergeId }))[0]!;
}

export function announceMerge(scope: Scope): void {
  changed(scope, 'contacts', 'companies', 'leads', 'deals', 'today', 'enrolments', 'activities');
}

/** Both, locked in one order; one that was merged meanwhile is a conflict, one that is not there is not found. */
export async function lockBoth(
  { db }: Scope,
  record: Mergeable,
  { keptId, mergedId, look }: { keptId: string; mergedId: string; look?: boolean },
): Promise<{ kept: Row; merged: Row }> {
  if (keptId === mergedId) {
    throw new Refusal('invalid', 'A record cannot be merged with itself.');
  }
  const rows = await db
    .selectFrom(tables[record])
    .selectAll()
    .where('id', 'in', [keptId, mergedId])
    .orderBy('id')
    .$if(!look, (query) => query.forUpdate())
    .execute();
  const [kept, merged] = [keptId, mergedId].map((id) => rows.find((row) => row.id === id));
  if (!kept || !merged || kept.deletedAt || merged.deletedAt) {
    throw new Refusal('not-found', `There is no such ${record}.`);
  }
  if (kept.mergedInto ?? merged.mergedInto) {
    throw new Refusal('conflict', 'Somebody has merged one of the two already.');
  }
  return { kept, merged };
}

function refuseUnknownFields(record: Mergeable, fields: MergeWish['fields']): void {
  const known = mergeFields(record);
  const faults = Object.keys(fields)
    .filter((field) => !known.includes(field))
    .map((field) => ({ field: `fields.${field}`, message: `A ${record} has no such field.` }));
  if (faults.length > 0) throw new Refusal('invalid', 'Not all of these can be chosen.', faults);
}

async function newId({ db }: Scope): Promise<string> {
  const { rows } = await sql<{ id: string }>`select uuidv7() as id`.execute(db);
  return rows[0]!.id;
}

/** What the one that stays says now, and what it is known by. */
async function writeKept(
  { db }: Scope,
  record: Mergeable,
  id: string,
  all: Row,
  values: Row,
): Promise<void> {
  const after: Row = { ...values, fields: JSON.stringify(values['fields'] ?? {}) };
  if (record === 'contact') {
    const { firstName, lastName, emailNormalized, phoneE164, companyId } =
      all as Updateable<Contacts>;
    const name = personKey(firstName, lastName);
    after['nameNormalized'] = name;
    const identity = identityOf({
      ...{ email: emailNormalized, phone: phoneE164, companyId: companyId ?? null, name },
    });
    const taken = await db
      .selectFrom('contacts')
      .select('id')
      .where('identity', '=', identity)
      .where('id', '<>', id)
      .where('mergedInto', 'is', null)
      .where('deletedAt', 'is', null)
      .executeTakeFirst();
    if (!taken) after['identity'] = identity;
  }
  await db
    .updateTable(tables[record])
    .set({ ...after, updatedAt: sql`now()` })
    .where('id', '=', id)
    .execute();
}

/** One default of a kind is enough, and one person of a name without address and number. */
async function makeRoom(
  { db }: Scope,
  { keptId, mergedId }: { keptId: string; mergedId: string },
): Promise<void> {
  await sql`update addresses a set is_default = false
    where company_id = ${mergedId} and is_default and exists (
      select from addresses b where b.company_id = ${keptId} and b.kind = a.kind and b.is_default)`.execute(
    db,
  );
  await sql`update contacts c set identity = 'c:' || ${keptId}::text || '|' || name_normalized
    where company_id = ${mergedId} and identity = 'c:' || ${mergedId}::text || '|' || name_normalized
      and not exists (select from contacts o where o.identity = 'c:' || ${keptId}::text || '|' || c.name_normalized
        and o.merged_into is null and o.deleted_at is null)`.execute(db);
}

async function takeTags(
  { db }: Scope,
  record: Mergeable,
  { keptId, mergedId }: { keptId: string; mergedId: string },
): Promise<string[]> {
  const { rows } = await sql<{ slug: string }>`
    insert into record_tags (workspace_id, record, record_id, slug, applied_by, applied_at)
    select workspace_id, record, ${keptId}::uuid, slug, applied_by, applied_at from record_tags
    where record = ${record} and record_id = ${mergedId}
    on conflict do nothing returning slug`.execute(db);
  return rows.map(({ slug }) => slug);
}

function forbid(scope: Scope, { kept, merged, values }: { kept: Row; merged: Row; values: Row }) {
  const from = [kept, merged].flatMap((row) => [row['emailNormalized'], row['phoneE164']]);
  return keepSuppressions(scope, {
    from: from as (string | null)[],
    email: values['emailNormalized'] as string | null,
    phone: values['phoneE164'] as string | null,
  });
}

async function tell(
  scope: Scope,
  record: Mergeable,
  { keptId, mergedId, mergeId }: { keptId: string; mergedId: string; mergeId: string },
): Promise<void> {
  const { workspaceId, actor } = scope;
  const whose = record === 'contact' ? { contactId: keptId } : { companyId: keptId };
  const title = `Merged with another ${record}`;
  const line = { kind: 'merged', title, data: { mergeId, mergedId } };
  await insertRows(scope, 'activities', [{ workspaceId, actor, ...whose, ...line }], ['id']);
}
