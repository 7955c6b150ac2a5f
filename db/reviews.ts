import { sql } from 'kysely';
import type { Review, ReviewInput } from '#domain/review.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { startLater } from './outbox.ts';
import { refuseStrangers } from './review-parts.ts';
import type { Scope } from './scope.ts';
import { seal } from './secrets.ts';

const columns = [
  ...(['id', 'name', 'cron', 'timeZone', 'source', 'ruleIds', 'delivery', 'templateId'] as const),
  ...(['overlap', 'catchUp', 'enabled', 'file', 'createdBy', 'createdAt', 'updatedAt'] as const),
] as const;

type Kept = Pick<
  Review,
  Exclude<keyof Review, 'words' | 'next' | 'dst' | 'delivers' | 'last' | 'file'>
>;
/** A review as it is kept. */
export interface ReviewRow extends Kept {
  scheduledSince: string;
  file: { blob: string; fileName: string; bytes: number; at: string } | null;
  /** Sealed. */
  slackUrl: string | null;
}
export interface ReviewListed extends Omit<ReviewRow, 'slackUrl' | 'scheduledSince'> {
  last: Review['last'];
  /** How many people own a deal that is looked at. */
  owners: number;
}

/** By name, with what the latest run of each came to. */
export async function listReviews({ db }: Scope, id?: string): Promise<ReviewListed[]> {
  const rows = await db
    .selectFrom('reviews as r')
    .select(columns.map((column) => `r.${column}` as const))
    .select([
      sql<Review['last']>`(
        select json_build_object('runId', l.id, 'at', l.slot, 'status', l.status, 'health', l.health,
          'change', l.change, 'critical', (l.counts->>'critical')::int, 'analysisId', l.analysis_id,
          'problem', coalesce(l.problem, l.missed_because))
        from review_runs l where l.review_id = r.id order by l.slot desc limit 1)`.as('last'),
      sql<number>`(
        select count(distinct d.owner_id)::int from deals d join members m on m.user_id = d.owner_id
        where d.status = 'open' and d.deleted_at is null
          and d.pipeline_id = coalesce((r.source->>'pipelineId')::uuid, d.pipeline_id))`.as(
        'owners',
      ),
    ])
    .$if(id !== undefined, (all) => all.where('r.id', '=', id!))
    .orderBy('r.name')
    .orderBy('r.id')
    .execute();
  return rows.map(({ last, ...row }) => ({ ...row, last: withInstant(last) })) as ReviewListed[];
}

export async function getReview(scope: Scope, id: string, lock = false): Promise<ReviewRow> {
  const row = await findReview(scope, id, lock);
  if (!row) throw new Refusal('not-found', 'There is no such review.');
  return row;
}

export async function findReview(
  { db }: Scope,
  id: string,
  lock = false,
): Promise<ReviewRow | undefined> {
  const row = await db
    .selectFrom('reviews')
    .select([...columns, 'scheduledSince', 'slackUrl'])
    .where('id', '=', id)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
  return row as ReviewRow | undefined;
}

export async function createReview(scope: Scope, input: ReviewInput, key: Buffer): Promise<string> {
  const { db, workspaceId, actor } = scope;
  await refuseStrangers(scope, input);
  const { id } = await db
    .insertInto('reviews')
    .values({ workspaceId, createdBy: actor, ...rowOf(input), ...slackIn(input, undefined, key) })
    .returning('id')
    .executeTakeFirstOrThrow();
  await keepLater(scope, id);
  return id;
}

/** Writes a review anew. Slots of the plan before are forgotten only when the plan itself is another. */
export async function changeReview(
  scope: Scope,
  id: string,
  input: ReviewInput,
  key: Buffer,
): Promise<void> {
  const before = await getReview(scope, id, true);
  await refuseStrangers(scope, input);
  const isMoved = before.cron !== input.cron || before.timeZone !== input.timeZone;
  await scope.db
    .updateTable('reviews')
    .set({
      ...rowOf(input),
      ...slackIn(input, before, key),
      ...(isMoved && { scheduledSince: sql<string>`now()` }),
      updatedAt: sql<string>`now()`,
    })
    .where('id', '=', id)
    .execute();
  await keepLater(scope, id);
}

/** Its schedule goes with it, and what was told of it; its analyses stay. Answers the blob of a file that waited. */
export async function removeReview(scope: Scope, id: string): Promise<string | undefined> {
  const { file } = await getReview(scope, id, true);
  await scope.db.deleteFrom('reviews').where('id', '=', id).execute();
  await keepLater(scope, id);
  return file?.blob;
}

/** Pauses a review or lets it strike again; what it missed meanwhile is not caught up. */
export async function enableReview(scope: Scope, id: string, enabled: boolean): Promise<void> {
  const before = await getReview(scope, id, true);
  if (before.enabled === enabled) return;
  const since = enabled ? { scheduledSince: sql<string>`now()` } : {};
  await scope.db
    .updateTable('reviews')
    .set({ enabled, ...since, updatedAt: sql<string>`now()` })
    .where('id', '=', id)
    .execute();
  await keepLater(scope, id);
}

/** Keeps the newest file for the next run; answers the blob of the one before. */
export async function keepFile(
  scope: Scope,
  id: string,
  file: { blob: string; fileName: string; bytes: number; at: string },
): Promise<string | undefined> {
  const before = await getReview(scope, id, true);
  if (before.source.kind !== 'file')
    throw new Refusal('conflict', 'This review looks at deals of the workspace, not at a file.');
  await scope.db
    .updateTable('reviews')
    .set({ file: JSON.stringify(file) })
    .where('id', '=', id)
    .execute();
  changed(scope, 'reviews');
  return before.file?.blob;
}

/** Promises that Temporal's schedule will be as the row is then. */
async function keepLater(scope: Scope, reviewId: string): Promise<void> {
  const { workspaceId } = scope;
  changed(scope, 'reviews');
  await startLater(scope, {
    workflow: 'keepReview',
    workflowId: `keep-review:${reviewId}:${crypto.randomUUID()}`,
    input: [{ workspaceId, reviewId }],
  });
}

function rowOf({ delivery, source, ...rest }: ReviewInput) {
  return { ...rest, source: JSON.stringify(source), delivery: JSON.stringify(delivery) };
}

/** The sealed address of the webhook, and its last letters to know it by. */
function slackIn({ delivery }: ReviewInput, before: ReviewRow | undefined, key: Buffer) {
  const { slackUrl, ...said } = delivery;
  const hint = slackUrl === undefined ? (before?.delivery.slackHint ?? null) : hintOf(slackUrl);
  return {
    ...(slackUrl !== undefined && { slackUrl: slackUrl === null ? null : seal(slackUrl, key) }),
    delivery: JSON.stringify({ ...said, slackHint: hint }),
  };
}

function hintOf(url: string | null): string | null {
  return url === null ? null : `${new URL(url).host}/…${url.slice(-4)}`;
}

function withInstant(last: Review['last']): Review['last'] {
  return last && { ...last, at: new Date(last.at).toISOString() };
}
