import { Client, Connection } from '@temporalio/client';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { ClockShown } from '#domain/clock.ts';
import { test as base } from '#tests/db.ts';
import { caller, serving } from '#tests/serve.ts';
import { client } from '#tests/temporal.ts';
import { keepSchedules } from '#worker/schedules.ts';
import { schedules } from '#workflows/schedules.ts';

const cronSecret = 'a-secret-that-a-cron-elsewhere-was-told';

/** The house's own clocks, on a queue that nobody works at. */
const test = base.extend('clocks', { scope: 'file' }, async ({}, { onCleanup }) => {
  const keeping = { temporal: client, taskQueue: 'nobody' };
  await keepSchedules(keeping);
  onCleanup(() => keepSchedules({ ...keeping, clocks: [] }));
  return schedules;
});

test('the clocks are listed with what they did last and when they strike next', async ({
  db,
  clocks,
  serve,
}) => {
  await sql`insert into schedule_runs (name, slot, started_at, finished_at, outcome, count)
    values ('archive', '2026-03-02T03:20Z', '2026-03-02T03:20:01Z', '2026-03-02T03:20:03.5Z', 'done', 7),
      ('archive', '2026-03-01T03:20Z', '2026-03-01T03:20Z', null, null, null),
      ('digest', '2026-03-02T06:00Z', '2026-03-02T06:00Z', '2026-03-02T06:01Z', 'failed', null)`.execute(
    db,
  );
  const { status, body } = await serve.get('/api/schedules');
  const { items } = body as { items: ClockShown[] };
  expect(status).toBe(200);
  expect(items.map(({ name }) => name)).toEqual(clocks.map(({ name }) => name));
  const [scores, archive, digest] = ['score-refresh', 'archive', 'digest'].map((wanted) =>
    items.find(({ name }) => name === wanted),
  );
  expect(scores).toMatchObject({ last: null, paused: false, every: 'Every 5 minutes' });
  const [first, second] = scores!.next.map((at) => Date.parse(at));
  expect(second! - first!).toBe(5 * 60 * 1000);
  expect(archive).toMatchObject({
    last: { slot: '2026-03-02T03:20:00.000Z', durationMs: 2500, outcome: 'done', count: 7 },
  });
  expect(archive!.next.every((at) => at.endsWith('T03:20:00.000Z'))).toBe(true);
  expect(digest!.last).toMatchObject({ outcome: 'failed', durationMs: 60_000 });
});

test('a clock is paused and resumed, and strikes when it is told to', async ({ clocks, serve }) => {
  expect(clocks).toBe(schedules);
  const paused = await serve.post('/api/schedules/archive/pause');
  expect(paused.body).toMatchObject({ name: 'archive', paused: true, next: [] });
  const resumed = await serve.post('/api/schedules/archive/resume');
  expect(resumed.body).toMatchObject({ paused: false });
  expect((resumed.body as ClockShown).next).toHaveLength(3);
  const before = await struck('archive');
  expect((await serve.post('/api/schedules/archive/run')).status).toBe(202);
  await expect.poll(() => struck('archive')).toBe(before + 1);
  expect((await serve.post('/api/schedules/nothing/run')).status).toBe(404);
});

test('while Temporal is away the clocks are not guessed at', async ({ db, who }) => {
  const connection = Connection.lazy({ address: '127.0.0.1:1' });
  const api = await serving(db, who, { temporal: new Client({ connection }) });
  const token = await api.token();
  const { status, body } = await api.as({ authorization: `Bearer ${token}` }).get('/api/schedules');
  expect(status).toBe(503);
  expect(body).toMatchObject({ title: 'Temporal does not answer at the moment.' });
  await api.stop();
});

test('who leads no workspace may not see or touch the clocks', async ({ serve }) => {
  const token = await serve.token(['leads:read', 'leads:write']);
  const other = serve.as({ authorization: `Bearer ${token}` });
  for (const reply of [
    await other.get('/api/schedules'),
    await other.post('/api/schedules/archive/run'),
    await other.post('/api/schedules/archive/pause'),
  ])
    expect(reply.status).toBe(403);
});

test('a cron elsewhere strikes a clock with POST or GET, if it knows the secret', async ({
  db,
  who,
  clocks,
}) => {
  expect(clocks).toBe(schedules);
  const api = await serving(db, who, { cronSecret });
  const known = caller(api.url, { authorization: `Bearer ${cronSecret}` });
  const before = await struck('stall-scan');
  expect(await known.post('/api/cron/stall-scan')).toMatchObject({
    ...{ status: 202, body: { name: 'stall-scan' } },
  });
  await expect.poll(() => struck('stall-scan')).toBe(before + 1);
  expect((await known.get('/api/cron/digest')).status).toBe(202);
  expect((await known.post('/api/cron/sync')).status).toBe(404);
  const strangers: Record<string, string>[] = [
    {},
    { authorization: 'Bearer wrong' },
    { authorization: `Basic ${cronSecret}` },
  ];
  for (const headers of strangers)
    expect((await caller(api.url, headers).post('/api/cron/stall-scan')).status).toBe(401);
  await api.stop();
});

test('no cron may strike a clock while no secret is set', async ({ db, who }) => {
  const api = await serving(db, who);
  const nobody = caller(api.url, { authorization: 'Bearer undefined' });
  expect((await nobody.get('/api/cron/archive')).status).toBe(403);
  await api.stop();
});

test('owners, admins and managers choose what digests speak of, and everyone whether they get one', async ({
  serve,
}) => {
  const person = await serve.signedUp();
  const settings = await person.get('/api/workspace/notifications');
  expect(settings.body).toMatchObject({ overdueActivities: true, staleLeads: true });
  const change = await person.patch('/api/workspace/notifications', { staleLeads: false });
  expect(change.body).toMatchObject({ overdueActivities: true, staleLeads: false });
  expect((await person.get('/api/workspace/notifications')).body).toEqual(change.body);
  expect((await person.patch('/api/workspace/notifications', { staleLeads: 'no' })).status).toBe(
    422,
  );
  const own = { digest: false, timezone: 'Asia/Kathmandu' };
  expect((await person.patch('/api/notifications/digest', own)).body).toEqual(own);
  expect((await person.get('/api/notifications/digest')).body).toEqual(own);
  const nowhere = await person.patch('/api/notifications/digest', { timezone: 'Moon/Base' });
  expect(nowhere.status).toBe(422);
  expect((await serve.get('/api/notifications/digest')).status).toBe(404);
});

async function struck(name: string): Promise<number> {
  const { info } = await client.schedule.getHandle(`clock:${name}`).describe();
  return info.numActionsTaken + info.numActionsSkippedOverlap;
}
