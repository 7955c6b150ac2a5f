import { sql } from 'kysely';
import type { Attachable, Attachment } from '#domain/attachment.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';
import { subjectOf, touchRecords } from './subjects.ts';

export interface Holder {
  record: Attachable;
  id: string;
}

export type Filed = Pick<Attachment, 'fileName' | 'mediaType' | 'bytes'> & { blob: string };

const columns = [
  ...(['a.id', 'a.record', 'a.recordId', 'a.activityId', 'a.fileName', 'a.mediaType'] as const),
  ...(['a.bytes', 'a.createdBy', 'a.createdAt'] as const),
] as const;

/** Refuses a record that is not there, before its file is taken in. */
export async function refuseNoHolder(scope: Scope, { record, id }: Holder): Promise<void> {
  await subjectOf(scope, { [`${record}Id`]: id });
}

/** Puts a file that is kept already on a record, with a line in its history. */
export async function addAttachment(
  scope: Scope,
  { record, id: recordId }: Holder,
  file: Filed,
): Promise<Attachment> {
  const { workspaceId, actor } = scope;
  const subject = await subjectOf(scope, { [`${record}Id`]: recordId });
  const { leadId, contactId, companyId, dealId } = subject;
  const line = {
    ...{ workspaceId, actor, leadId, contactId, companyId, dealId },
    ...{ kind: 'attachment_added', title: `File ${file.fileName}`, data: { bytes: file.bytes } },
  };
  const [activity] = await insertRows(scope, 'activities', [line] as never, ['id']);
  const row = {
    workspaceId,
    record,
    recordId,
    activityId: activity!.id,
    createdBy: actor,
    ...file,
  };
  const [made] = await insertRows(scope, 'attachments', [row], ['id']);
  await touchRecords(scope, subject);
  changed(scope, 'activities', 'leads', 'contacts', 'companies', 'deals');
  return getAttachment(scope, made!.id);
}

/** The files of a record, the newest first. */
export function listAttachments(scope: Scope, { record, id }: Holder): Promise<Attachment[]> {
  return shown(scope)
    .where('a.record', '=', record)
    .where('a.recordId', '=', id)
    .orderBy('a.id', 'desc')
    .limit(500)
    .execute() as Promise<Attachment[]>;
}

/** One file, with where its bytes lie. */
export async function getAttachment(
  scope: Scope,
  id: string,
): Promise<Attachment & { blob: string }> {
  const found = await shown(scope).select('a.blob').where('a.id', '=', id).executeTakeFirst();
  if (!found) throw missing();
  return found as Attachment & { blob: string };
}

/** Takes a file off its record; that it was there stays in the history. Answers where its bytes lie. */
export async function removeAttachment(scope: Scope, id: string): Promise<string> {
  const row = await scope.db
    .deleteFrom('attachments')
    .where('id', '=', id)
    .returning(['blob', 'record', 'recordId', 'fileName'])
    .executeTakeFirst();
  if (!row) throw missing();
  const { workspaceId, actor } = scope;
  const of = { [`${row.record}Id`]: row.recordId };
  const line = { kind: 'attachment_removed', title: `File ${row.fileName} taken off` };
  await insertRows(scope, 'activities', [{ workspaceId, actor, ...of, ...line }], ['id']);
  changed(scope, 'activities', 'leads', 'contacts', 'companies', 'deals');
  return row.blob;
}

function shown({ db }: Scope) {
  return db
    .selectFrom('attachments as a')
    .select(columns)
    .select(
      sql<string | null>`(select m.name from members m where m.user_id = a.created_by)`.as(
        'createdByName',
      ),
    );
}

function missing(): Refusal {
  return new Refusal('not-found', 'There is no such file.');
}
