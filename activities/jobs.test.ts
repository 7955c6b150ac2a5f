import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { expect } from 'vitest';
import type { DB } from '#db/schema.ts';
import { test } from '#tests/db.ts';
import { schedules } from '#workflows/schedules.ts';
import type { Deps } from './deps.ts';
import { jobs } from './jobs.ts';

test('every clock has something to do, and all that can be done has its clock', () => {
  expect(Object.keys(jobs).toSorted()).toEqual(schedules.map(({ name }) => name).toSorted());
});

test('scores are refreshed every 5 minutes and deals assessed every 2 hours', () => {
  const cronOf = new Map(schedules.map(({ name, cron }) => [name, cron]));
  expect(cronOf.get('score-refresh')).toBe('*/5 * * * *');
  expect(cronOf.get('stall-scan')).toBe('0 */2 * * *');
});

test('each workspace keeps its pipeline and its forecast when its own day ends, once, whatever the clocks do', async ({
  db,
}) => {
  const zones = ['America/Chicago', 'Europe/Zurich', 'Asia/Kathmandu'];
  const ids = await Promise.all(zones.map((zone) => workspaceIn(db, zone)));
  const kept: Record<string, string[]> = {};
  await strike('forecast', db, '2026-10-31T00:00:00Z');
  for (let at = Date.parse('2026-10-31T00:15:00Z'); at <= Date.parse('2026-11-02T07:00:00Z');) {
    const now = new Date(at).toISOString();
    const before = await countsOf(db);
    await strike('forecast', db, now);
    for (const [id, days] of await countsOf(db))
      if (days !== before.get(id)) (kept[id] ??= []).push(now.slice(0, 16));
    at += 15 * 60 * 1000;
  }
  expect(ids.map((id) => kept[id])).toEqual([
    // Chicago goes back an hour on 1 November.
    ['2026-10-31T05:00', '2026-11-01T05:00', '2026-11-02T06:00'],
    ['2026-10-31T23:00', '2026-11-01T23:00'],
    ['2026-10-31T18:15', '2026-11-01T18:15'],
  ]);
});

test('a workspace that fails keeps no other waiting, and the slot is told of', async ({ db }) => {
  const [broken, sound] = [await workspaceIn(db, 'Mars/Olympus'), await workspaceIn(db, 'UTC')];
  await expect(strike('forecast', db, '2026-03-02T00:00:00Z')).rejects.toThrow('time zone');
  const days = await countsOf(db);
  expect([days.get(broken), days.get(sound)]).toEqual([undefined, 1]);
  await db.deleteFrom('workspaces').where('id', '=', broken).execute();
});

test('deals that were closed more than a year ago are put away each day, in every workspace', async ({
  db,
}) => {
  const ids = [await workspaceIn(db, 'UTC'), await workspaceIn(db, 'America/Chicago')];
  await sql`insert into deals (workspace_id, pipeline_id, stage_id, status, name, created_by, won_at)
    select workspace_id, pipeline_id, id, 'won', days || ' days', 'rep', '2026-03-02T03:20Z'::timestamptz - days * interval '1 day'
    from stages, unnest(array[365, 366]) days
    where workspace_id = any(${ids}) and slug = 'closed_won'`.execute(db);
  expect(await strike('archive', db, '2026-03-02T03:20:00Z')).toBe(2);
  expect(await strike('archive', db, '2026-03-02T03:20:00Z')).toBe(0);
  const { rows } = await sql`select name, count(*) as count from deals
    where archived_at is not null group by name`.execute(db);
  expect(rows).toEqual([{ name: '366 days', count: 2 }]);
});

test('months to come have room for what will be done in them', async ({ db }) => {
  await sql`drop table ${sql.table(monthAhead(2))}`.execute(db);
  await strike('archive', db, new Date().toISOString());
  const { rows } = await sql`select to_regclass(${monthAhead(2)})::text as name`.execute(db);
  expect(rows).toEqual([{ name: monthAhead(2) }]);
});

function strike(name: string, db: Kysely<DB>, now: string): Promise<number> {
  const deps = { db, now: () => now, beat: () => undefined } as unknown as Deps;
  return jobs[name]!(deps as Parameters<(typeof jobs)[string]>[0]);
}

/** With one open deal. */
async function workspaceIn(db: Kysely<DB>, timeZone: string): Promise<string> {
  const id = randomUUID();
  await db.insertInto('workspaces').values({ id, name: 'Ours', timeZone }).execute();
  await sql`insert into deals (workspace_id, pipeline_id, stage_id, name, created_by, created_at)
    select workspace_id, pipeline_id, id, 'Fleet', 'rep', '2026-01-01' from stages
    where workspace_id = ${id} and slug = 'discovery'`.execute(db);
  return id;
}

/** How many days each workspace has kept. */
async function countsOf(db: Kysely<DB>): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; days: number }>`
    select s.workspace_id as id, count(distinct taken_on) as days
    from deal_snapshots s join forecasts f on f.workspace_id = s.workspace_id and f.made_on = s.taken_on
    group by 1`.execute(db);
  return new Map(rows.map(({ id, days }) => [id, days]));
}

function monthAhead(months: number): string {
  const at = new Date();
  const month = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1));
  return `activities_${month.toISOString().slice(0, 7).replace('-', '_')}`;
}
