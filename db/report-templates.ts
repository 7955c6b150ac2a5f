import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { ReportTemplate, ReportTemplateInput, ReportVersion } from '#domain/report.ts';
import { changed } from './changes.ts';
import type { Scope } from './scope.ts';

const columns = [
  ...(['id', 'name', 'version', 'subject', 'body', 'updatedBy', 'updatedAt'] as const),
] as const;
const used = sql<number>`(
  select count(*)::int from reviews r where r.template_id = report_templates.id)`.as('reviews');

export function listReportTemplates({ db }: Scope): Promise<ReportTemplate[]> {
  return db
    .selectFrom('reportTemplates')
    .select([...columns, used])
    .orderBy('name')
    .execute();
}

export async function getReportTemplate(
  { db }: Scope,
  id: string,
  lock = false,
): Promise<ReportTemplate> {
  const row = await db
    .selectFrom('reportTemplates')
    .select([...columns, used])
    .where('id', '=', id)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such template.');
  return row;
}

/** The latest version first. */
export function listReportVersions({ db }: Scope, id: string): Promise<ReportVersion[]> {
  return db
    .selectFrom('reportTemplateVersions')
    .select(['version', 'subject', 'body', 'by', 'at'])
    .where('templateId', '=', id)
    .orderBy('version', 'desc')
    .execute();
}

export async function getReportVersion(
  { db }: Scope,
  id: string,
  version: number,
): Promise<ReportVersion> {
  const row = await db
    .selectFrom('reportTemplateVersions')
    .select(['version', 'subject', 'body', 'by', 'at'])
    .where('templateId', '=', id)
    .where('version', '=', version)
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such version.');
  return row;
}

export async function addReportTemplate(
  scope: Scope,
  input: ReportTemplateInput,
): Promise<ReportTemplate> {
  const { db, workspaceId, actor } = scope;
  await refuseTaken(scope, input.name);
  const { id } = await db
    .insertInto('reportTemplates')
    .values({ workspaceId, ...input, updatedBy: actor })
    .returning('id')
    .executeTakeFirstOrThrow();
  await keepVersion(scope, id, 1, input);
  return getReportTemplate(scope, id);
}

/** Writes the next version; reports that went out keep the words they had. */
export async function changeReportTemplate(
  scope: Scope,
  id: string,
  input: ReportTemplateInput,
): Promise<ReportTemplate> {
  const before = await getReportTemplate(scope, id, true);
  await refuseTaken(scope, input.name, id);
  const isSame = before.subject === input.subject && before.body === input.body;
  const version = before.version + (isSame ? 0 : 1);
  await scope.db
    .updateTable('reportTemplates')
    .set({ ...input, version, updatedBy: scope.actor, updatedAt: sql<string>`now()` })
    .where('id', '=', id)
    .execute();
  if (!isSame) await keepVersion(scope, id, version, input);
  changed(scope, 'reviews');
  return getReportTemplate(scope, id);
}

export async function removeReportTemplate(scope: Scope, id: string): Promise<void> {
  const { reviews } = await getReportTemplate(scope, id, true);
  if (reviews > 0)
    throw new Refusal(
      'conflict',
      `${reviews === 1 ? 'A review uses' : `${reviews} reviews use`} it.`,
    );
  await scope.db.deleteFrom('reportTemplates').where('id', '=', id).execute();
  changed(scope, 'reviews');
}

async function keepVersion(
  { db, workspaceId, actor }: Scope,
  templateId: string,
  version: number,
  { subject, body }: ReportTemplateInput,
): Promise<void> {
  const row = { workspaceId, templateId, version, subject, body, by: actor };
  await db.insertInto('reportTemplateVersions').values(row).execute();
}

async function refuseTaken({ db }: Scope, name: string, but?: string): Promise<void> {
  const taken = await db
    .selectFrom('reportTemplates')
    .select('id')
    .where(sql`lower(name)`, '=', name.toLowerCase())
    .$if(but !== undefined, (query) => query.where('id', '!=', but!))
    .executeTakeFirst();
  if (taken) throw new Refusal('conflict', 'Another template has this name.');
}
