import { sql } from 'kysely';
import type { Scope } from '#db/scope.ts';

export interface Given {
  name?: string;
  stage?: string;
  status?: 'open' | 'won' | 'lost';
  ownerId?: string | null;
  source?: string;
  amountCents?: number;
  probability?: number | null;
  expectedCloseOn?: string | null;
  leftOutBecause?: string | null;
  wonAt?: string;
  lostAt?: string;
  createdAt?: string;
  lastActivityAt?: string;
}

/** A row of a deal as it is, at once, with the event of its beginning; answers its id. */
export async function putDeal(scope: Scope, given: Given = {}): Promise<string> {
  const { db, workspaceId, actor } = scope;
  const { stage = stageOf(given), ...values } = given;
  const row = { name: 'Forty tablets', createdBy: actor, amountCents: 1000_00, ...values };
  const { id: stageId, pipelineId } = await stageBySlug(scope, stage);
  const { id, createdAt } = await db
    .insertInto('deals')
    .values({
      workspaceId,
      pipelineId,
      stageId,
      probability: 50,
      ...row,
      typedCents: row.amountCents,
    })
    .returning(['id', 'createdAt'])
    .executeTakeFirstOrThrow();
  const after = JSON.stringify({ stageId });
  await db
    .insertInto('dealEvents')
    .values({ workspaceId, dealId: id, kind: 'created', after, actor, at: createdAt })
    .execute();
  return id;
}

export async function stageBySlug({ db }: Scope, slug: string) {
  return db
    .selectFrom('stages')
    .select(['id', 'pipelineId'])
    .where('slug', '=', slug)
    .executeTakeFirstOrThrow();
}

export async function inZone({ db }: Scope, timeZone: string): Promise<void> {
  await db.updateTable('workspaces').set({ timeZone }).execute();
}

/** The local day of a workspace, so many days from now. */
export async function dayFromNow({ db }: Scope, days: number): Promise<string> {
  const { rows } = await sql<{ day: string }>`
    select to_char((now() at time zone time_zone)::date + ${days}::int, 'YYYY-MM-DD') as day
    from workspaces`.execute(db);
  return rows[0]!.day;
}

function stageOf({ status = 'open' }: Given): string {
  if (status === 'won') return 'closed_won';
  return status === 'lost' ? 'closed_lost' : 'proposal';
}
