import { sql } from 'kysely';
import { AssessmentSettings } from '#domain/assessment.ts';
import { invalid } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { type OpenConnection, openConnections } from './connections.ts';
import type { Scope } from './scope.ts';

const columns = ['connectionId', 'model', 'budgetCents', 'dealsPerAnalysis'] as const;

export async function getAssessmentSettings({ db }: Scope): Promise<AssessmentSettings> {
  const row = await db.selectFrom('assessmentSettings').select(columns).executeTakeFirst();
  return row ?? AssessmentSettings.parse({});
}

/** `systems` can answer questions: the connection must be to one of them. */
export async function setAssessmentSettings(
  scope: Scope,
  settings: AssessmentSettings,
  systems: string[],
): Promise<void> {
  const { db, workspaceId, actor } = scope;
  if (settings.connectionId) {
    const row = await db
      .selectFrom('connections')
      .select('id')
      .where('id', '=', settings.connectionId)
      .where('source', 'in', systems)
      .where('removedAt', 'is', null)
      .executeTakeFirst();
    if (!row) throw invalid('connectionId', 'There is no such connection to a model.');
  }
  const row = { ...settings, changedBy: actor, changedAt: sql<string>`now()` };
  await db
    .insertInto('assessmentSettings')
    .values({ workspaceId, ...row })
    .onConflict((there) => there.column('workspaceId').doUpdateSet(row))
    .execute();
  changed(scope, 'settings');
}

export interface ModelInUse {
  connection: OpenConnection;
  /** As the settings name it; empty for what its system usually takes. */
  model: string;
}

/** The connected model with its key, while it is switched on. */
export async function modelInUse(scope: Scope, key: Buffer): Promise<ModelInUse | undefined> {
  const { connectionId, model } = await getAssessmentSettings(scope);
  if (!connectionId) return undefined;
  const [connection] = await openConnections(scope, { key, id: connectionId });
  return connection && { connection, model };
}
