import { sql } from 'kysely';
import type { Insertable } from 'kysely';
import type { Deals } from '#db/schema.ts';
import type { Scope } from '#db/scope.ts';

const DAY = 24 * 60 * 60 * 1000;

/** An instant so many days before another. */
export function daysBefore(now: string, days: number): string {
  return new Date(Date.parse(now) - days * DAY).toISOString();
}

/** The id of a stage of the pipeline that a workspace begins with. */
export async function stageOf(
  { db }: Scope,
  slug: string,
): Promise<{ id: string; pipelineId: string }> {
  return db
    .selectFrom('stages')
    .select(['id', 'pipelineId'])
    .where('slug', '=', slug)
    .executeTakeFirstOrThrow();
}

/** A bare deal in a stage, as it was written at some time. */
export async function dealIn(
  scope: Scope,
  slug: string,
  values: Partial<Insertable<Deals>> = {},
): Promise<string> {
  const { db, workspaceId } = scope;
  const stage = await stageOf(scope, slug);
  const row = { workspaceId, stageId: stage.id, pipelineId: stage.pipelineId, createdBy: 'rep' };
  const { id } = await db
    .insertInto('deals')
    .values({ ...row, name: 'Cold chain', probability: 50, ...values })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Something that was done on a deal so many days before an instant. */
export async function touchesOn(
  { db, workspaceId }: Scope,
  dealId: string,
  now: string,
  ...days: number[]
): Promise<void> {
  await sql`
    insert into activities (workspace_id, deal_id, kind, title, actor, at)
    select ${workspaceId}, ${dealId}, 'call', 'Called', 'rep', at
    from unnest(${days.map((ago) => daysBefore(now, ago))}::timestamptz[]) at`.execute(db);
}
