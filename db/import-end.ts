import { sql } from 'kysely';
import { type ImportOptions, MOST_ENROLLED } from '#domain/import.ts';
import { Refusal } from '#domain/refusal.ts';
import { enrol } from './entering.ts';
import { gatherDue } from './import-intake.ts';
import { leadsOfImport } from './import-rows.ts';
import { getImport, update } from './imports.ts';
import type { Scope } from './scope.ts';

/**
 * Ends an import that was read: enrols whom it may, once they have been taken in, and answers the blob that nobody
 * needs any more. Nothing while they are still being taken in, unless nobody wants to wait longer.
 */
export async function endImport(
  scope: Scope,
  importId: string,
  isLast: boolean,
): Promise<string | undefined> {
  const { status, options } = await getImport(scope, importId, true);
  if (status === 'running') {
    await gatherDue(scope, importId);
    const people = await peopleOf(scope, importId, options);
    if (!isLast && people.some(({ isTakenIn }) => !isTakenIn)) return undefined;
    const ids = people.map(({ leadId }) => leadId);
    const finishedAt = sql<string>`now()`;
    const done = { status: 'done', finishedAt, ...(await enrolled(scope, importId, ids, options)) };
    await update(scope, importId, done);
  }
  const { blob } = await scope.db
    .selectFrom('imports')
    .select('blob')
    .where('id', '=', importId)
    .executeTakeFirstOrThrow();
  return blob;
}

/** Ends an import that cannot be read on; what has come in stays. */
export async function failImport(scope: Scope, importId: string, problem: string): Promise<void> {
  await gatherDue(scope, importId);
  await update(scope, importId, { status: 'failed', problem });
}

/** Nobody is enrolled unless it was ticked. One more than may enter is looked at, to know that there are more. */
function peopleOf(scope: Scope, importId: string, { enrol, sequenceId }: ImportOptions) {
  if (!enrol || !sequenceId) return Promise.resolve([]);
  return leadsOfImport(scope, importId, MOST_ENROLLED + 1);
}

async function enrolled(
  scope: Scope,
  importId: string,
  leadIds: string[],
  { sequenceId }: ImportOptions,
): Promise<{ enrolled?: number; problem?: string }> {
  if (!sequenceId || leadIds.length === 0) return {};
  const given = { sequenceId, leadIds: leadIds.slice(0, MOST_ENROLLED) };
  const how = { enteredBy: `import:${importId}`, trigger: () => `import:${importId}` };
  const entered = await enrol(scope, { ...given, ...how }).catch((error: unknown) => {
    if (error instanceof Refusal) return error;
    throw error;
  });
  if (entered instanceof Refusal) return { problem: `Nobody was enrolled: ${entered.message}` };
  const count = entered.filter(({ enrolmentId }) => enrolmentId).length;
  const more = leadIds.length > MOST_ENROLLED;
  return {
    enrolled: count,
    ...(more && { problem: `Only the first ${MOST_ENROLLED} people could be enrolled.` }),
  };
}
