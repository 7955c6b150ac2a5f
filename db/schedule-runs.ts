import { type Kysely, sql } from 'kysely';
import type { ClockRun } from '#domain/clock.ts';
import { announceNow } from './changes.ts';
import type { DB } from './schema.ts';

/** One striking of a clock. */
export interface Strike {
  name: string;
  /** The moment it was meant for. */
  slot: string;
  /** Who took it: a try of the same run goes on, another run finds it taken. */
  runId: string;
}

/** Takes a slot, and answers whether it is ours. One that failed may be taken again. Acts as the owner. */
export async function beginRun(db: Kysely<DB>, { name, slot, runId }: Strike): Promise<boolean> {
  const { rows } = await sql`
    insert into schedule_runs as r (name, slot, run_id) values (${name}, ${slot}, ${runId})
    on conflict (name, slot) do update set run_id = excluded.run_id, outcome = null, problem = null,
      finished_at = null, started_at = case when r.outcome = 'failed' then now() else r.started_at end
    where r.outcome = 'failed' or (r.finished_at is null and r.run_id = excluded.run_id)
    returning name`.execute(db);
  await tellAll(db);
  return rows.length > 0;
}

export async function endRun(
  db: Kysely<DB>,
  { name, slot, runId }: Strike,
  end: { outcome: 'done' | 'failed'; count?: number; problem?: string },
): Promise<void> {
  const { outcome, count = null, problem = null } = end;
  await db
    .updateTable('scheduleRuns')
    .set({ outcome, count, problem, finishedAt: sql<string>`clock_timestamp()` })
    .where('name', '=', name)
    .where('slot', '=', slot)
    .where('runId', '=', runId)
    .execute();
  await tellAll(db);
}

/** By the name of a clock, its latest run. Acts as the owner: clocks belong to no workspace. */
export async function lastRuns(db: Kysely<DB>): Promise<Map<string, ClockRun>> {
  const { rows } = await sql<ClockRun & { name: string }>`
    select distinct on (name) name, slot, started_at, coalesce(outcome, 'running') as outcome, count, problem,
      round(extract(epoch from finished_at - started_at) * 1000)::int as duration_ms
    from schedule_runs order by name, slot desc`.execute(db);
  return new Map(rows.map(({ name, ...run }) => [name, run]));
}

/** Runs are kept for a season. */
export async function forgetRuns(db: Kysely<DB>): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('scheduleRuns')
    .where('slot', '<', sql<string>`now() - interval '90 days'`)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** Every workspace, for what is done for all of them. Acts as the owner. */
export async function everyWorkspace(db: Kysely<DB>): Promise<{ workspaceId: string }[]> {
  return db.selectFrom('workspaces').select('id as workspaceId').orderBy('id').execute();
}

async function tellAll(db: Kysely<DB>): Promise<void> {
  for (const { workspaceId } of await everyWorkspace(db)) announceNow(db, workspaceId, 'schedules');
}
