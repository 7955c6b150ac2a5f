import { sql } from 'kysely';
import type { Assessment, Judgement } from '#domain/assessment.ts';
import { changed } from './changes.ts';
import { startLater } from './outbox.ts';
import type { Scope } from './scope.ts';

/** What is judged: a deal as it is, or as it stood in an analysis. */
export type Judged = { dealId: string } | { analysisId: string; line: number };

/** Who wrote it and what it cost. */
export type Written = Omit<Assessment, keyof Judgement | 'isAsked'>;

/** A model that has not answered for so long may be asked again. */
const longAgo = sql<string>`now() - interval '5 minutes'`;

const columns = [
  ...(['text', 'risks', 'nextActions', 'by', 'because', 'model', 'tokensIn'] as const),
  ...(['tokensOut', 'costMicros', 'at'] as const),
  sql<boolean>`coalesce(asked_at > ${longAgo}, false)`.as('isAsked'),
] as const;

export function subjectOf(judged: Judged): string {
  if ('dealId' in judged) return `deal:${judged.dealId}`;
  return `analysis:${judged.analysisId}:${judged.line}`;
}

export async function findAssessment(
  { db }: Scope,
  judged: Judged,
): Promise<Assessment | undefined> {
  const row = await db
    .selectFrom('assessments')
    .select(columns)
    .where('subject', '=', subjectOf(judged))
    .executeTakeFirst();
  return row as Assessment | undefined;
}

/** Keeps what is said of a deal in place of what was said before; nobody is asked any more. */
export async function keepAssessment(
  scope: Scope,
  judged: Judged,
  { risks, nextActions, text, ...written }: Judgement & Written,
): Promise<Assessment> {
  const { db, workspaceId } = scope;
  const row = {
    ...{ ...written, text, risks: JSON.stringify(risks) },
    ...{ nextActions: JSON.stringify(nextActions), askedAt: null },
  };
  changed(scope, 'dealId' in judged ? 'deals' : 'analyses');
  const kept = await db
    .insertInto('assessments')
    .values({ workspaceId, subject: subjectOf(judged), ...judged, ...row })
    .onConflict((there) => there.columns(['workspaceId', 'subject']).doUpdateSet(row))
    .returning(columns)
    .executeTakeFirstOrThrow();
  return kept as Assessment;
}

/** A model will be asked for another of these words, once at a time. */
export async function askLater(scope: Scope, judged: Judged, now: string): Promise<Assessment> {
  const { db, workspaceId } = scope;
  const row = await db
    .updateTable('assessments')
    .set({ askedAt: now })
    .where('subject', '=', subjectOf(judged))
    .where((row) => row.or([row('askedAt', 'is', null), row('askedAt', '<=', longAgo)]))
    .returning('id')
    .executeTakeFirst();
  if (row) {
    changed(scope, 'dealId' in judged ? 'deals' : 'analyses');
    await startLater(scope, {
      workflow: 'assessment',
      workflowId: `assessment:${row.id}:${Date.parse(now)}`,
      input: [{ workspaceId, assessmentId: row.id }],
    });
  }
  return (await findAssessment(scope, judged))!;
}

/** What a model was asked for and has not said yet; nothing when it has. */
export async function findAsked(
  { db }: Scope,
  id: string,
): Promise<{ judged: Judged; askedAt: string } | undefined> {
  const row = await db
    .selectFrom('assessments')
    .select(['dealId', 'analysisId', 'line', 'askedAt'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row?.askedAt) return undefined;
  const { dealId, analysisId, line, askedAt } = row;
  if (dealId) return { judged: { dealId }, askedAt };
  return { judged: { analysisId: analysisId!, line: line! }, askedAt };
}

/** The lines of an analysis that are worst, but for those of which something is said already. */
export async function worstLines(
  { db }: Scope,
  analysisId: string,
  most: number,
): Promise<number[]> {
  const { rows } = await sql<{ line: number }>`
    with worst as (
      select line, health, critical from analysis_deals
      where analysis_id = ${analysisId} and critical + warning + info > 0
      order by health, critical desc, amount_cents desc nulls last, line limit ${most})
    select line from worst w
    where not exists (select from assessments a where a.analysis_id = ${analysisId} and a.line = w.line)
      and exists (select from analyses where id = ${analysisId} and status in ('running', 'done'))
    order by health, critical desc, line`.execute(db);
  return rows.map(({ line }) => line);
}
