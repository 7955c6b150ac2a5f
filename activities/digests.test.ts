import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { expect } from 'vitest';
import type { DB } from '#db/schema.ts';
import { inWorkspace } from '#db/scope.ts';
import { changeNotificationSettings } from '#db/digests.ts';
import { test } from '#tests/db.ts';
import { client, working } from '#tests/temporal.ts';
import { keepSchedules } from '#worker/schedules.ts';
import { scheduleIdOf } from '#workflows/schedules.ts';
import { clockActivities } from './clocks.ts';
import type { Deps } from './deps.ts';
import { sendDigests } from './digests.ts';

const base = 'https://crm.example';

test('a digest names what is overdue, at risk, stale and planned for today, and nothing of anyone else', async ({
  db,
}) => {
  const reader = await readerIn(db, 'America/Chicago');
  const now = '2026-03-03T12:10:00Z';
  await task(db, reader, { title: 'Send the offer', dueAt: '2026-03-01T12:00:00Z' });
  await task(db, reader, {
    title: 'Put off',
    dueAt: '2026-03-01T12:00:00Z',
    snoozedUntil: '2026-03-05T00:00:00Z',
  });
  await task(db, reader, { title: 'Site visit', kind: 'meeting', dueAt: '2026-03-03T20:30:00Z' });
  await task(db, reader, { title: 'Tomorrow', kind: 'meeting', dueAt: '2026-03-04T06:00:00Z' });
  await task(
    db,
    { ...reader, userId: 'other' },
    { title: 'Not mine', dueAt: '2026-03-01T12:00:00Z' },
  );
  await deal(db, reader, {
    name: 'Fleet',
    amountCents: 8_500_000,
    lastActivityAt: '2026-02-17T12:10:00Z',
  });
  await deal(db, reader, { name: 'Fresh', lastActivityAt: '2026-02-17T12:10:01Z' });
  await deal(db, reader, { name: 'Shaky', lastActivityAt: now, riskBand: 'high', riskScore: 0.72 });
  await deal(db, reader, { name: 'Over', lastActivityAt: '2026-01-01T00:00:00Z', status: 'lost' });
  expect(await sendDigests(depsAt(db, now))).toBe(1);
  const [mail] = await mailsOf(db, reader);
  expect(mail).toMatchObject({
    recipient: reader.email,
    subject: '1 meeting today, 1 task overdue, 1 deal at high risk, 1 stale deal',
  });
  expect(mail!.body).toContain('- Site visit: at 14:30\n');
  expect(mail!.body).toContain('- Send the offer: was due 2 days ago\n');
  expect(mail!.body).toContain('- Shaky: risk 72 %\n');
  expect(mail!.body).toContain('- Fleet: $85,000.00, nothing for 14 days\n');
  expect(mail!.body).not.toMatch(/Put off|Tomorrow|Not mine|Fresh|Over:/);
});

test('the workspace chooses what a digest speaks of, and a person whether they get one', async ({
  db,
}) => {
  const now = '2026-03-03T12:10:00Z';
  const [all, some, off] = await Promise.all([1, 2, 3].map(() => readerIn(db, 'America/Chicago')));
  for (const reader of [all!, some!, off!]) {
    await task(db, reader, { title: 'Send the offer', dueAt: '2026-03-01T12:00:00Z' });
    await deal(db, reader, { name: 'Fleet', lastActivityAt: '2026-02-01T00:00:00Z' });
  }
  const who = { workspaceId: some!.workspaceId, actor: some!.userId };
  await inWorkspace(db, who, (scope) =>
    changeNotificationSettings(scope, { overdueActivities: false }),
  );
  await db
    .updateTable('members')
    .set({ digest: false })
    .where('userId', '=', off!.userId)
    .execute();
  await sendDigests(depsAt(db, now));
  expect((await mailsOf(db, all!)).map(({ subject }) => subject)).toEqual([
    '1 task overdue, 1 stale deal',
  ]);
  expect((await mailsOf(db, some!)).map(({ subject }) => subject)).toEqual(['1 stale deal']);
  expect(await digestsOf(db, off!)).toEqual([]);
});

test('nothing is sent when there is nothing to say, and the row says so', async ({ db }) => {
  const reader = await readerIn(db, 'Europe/Zurich');
  expect(await sendDigests(depsAt(db, '2026-03-03T05:00:00Z'))).toBe(0);
  expect(await mailsOf(db, reader)).toEqual([]);
  expect(await digestsOf(db, reader)).toMatchObject([
    { day: '2026-03-03', outcome: 'nothing', because: 'There was nothing to say.' },
  ]);
  await task(db, reader, { title: 'Too late for today', dueAt: '2026-03-01T12:00:00Z' });
  await sendDigests(depsAt(db, '2026-03-03T06:00:00Z'));
  expect(await mailsOf(db, reader)).toEqual([]);
});

test('each reader hears at 06:00 of their own clock on both sides of a change of the clocks', async ({
  db,
}) => {
  const chicago = await readerIn(db, 'America/Chicago');
  const zurich = await readerIn(db, 'Europe/Zurich');
  // A reader may live elsewhere, where the hours are not whole.
  const kathmandu = await readerIn(db, 'Europe/Zurich', 'Asia/Kathmandu');
  for (const reader of [chicago, zurich, kathmandu])
    await task(db, reader, { title: 'Call back', dueAt: '2026-10-01T12:00:00Z' });
  const heard: Record<string, string[]> = {};
  for (const [from, to] of [
    ['2026-10-24T00:00:00Z', '2026-10-26T00:00:00Z'],
    ['2026-10-31T00:00:00Z', '2026-11-02T00:00:00Z'],
  ] as const)
    for (let at = Date.parse(from); at < Date.parse(to); at += 15 * 60 * 1000) {
      const now = new Date(at).toISOString();
      if ((await sendDigests(depsAt(db, now))) === 0) continue;
      const { rows } = await sql<{ userId: string }>`select user_id from digests
        where summary ->> 'at' = ${now} and outcome = 'sent'`.execute(db);
      for (const { userId } of rows) (heard[userId] ??= []).push(now);
    }
  expect(heard[zurich.userId]).toEqual([
    ...['2026-10-24T04:00:00.000Z', '2026-10-25T05:00:00.000Z'],
    ...['2026-10-31T05:00:00.000Z', '2026-11-01T05:00:00.000Z'],
  ]);
  expect(heard[chicago.userId]).toEqual([
    ...['2026-10-24T11:00:00.000Z', '2026-10-25T11:00:00.000Z'],
    ...['2026-10-31T11:00:00.000Z', '2026-11-01T12:00:00.000Z'],
  ]);
  expect(heard[kathmandu.userId]).toHaveLength(4);
  expect(heard[kathmandu.userId]![0]).toBe('2026-10-24T00:15:00.000Z');
});

test('a digest goes out once per person and day though the activity is killed after the send', async ({
  db,
}) => {
  const reader = await readerIn(db, 'America/Chicago');
  await task(db, reader, { title: 'Send the offer', dueAt: '2026-03-01T12:00:00Z' });
  await killedOnce(db, reader);
  const prefix = `test-${randomUUID()}`;
  await working(clockActivities(depsAt(db, '2026-03-03T12:10:00Z')), async (taskQueue) => {
    const clock = { what: '', every: '', cron: '0 0 1 1 *', workflow: 'runClock' };
    const policy = { overlap: 'SKIP', catchup: '4 hours' } as const;
    const keeping = { temporal: client, taskQueue, prefix };
    await keepSchedules({ ...keeping, clocks: [{ name: 'digest', ...clock, ...policy }] });
    await client.schedule.getHandle(scheduleIdOf('digest', prefix)).trigger();
    await expect
      .poll(async () => (await digestsOf(db, reader))[0]?.outcome, { timeout: 30_000 })
      .toBe('sent');
    await keepSchedules({ ...keeping, clocks: [] });
  });
  expect(await mailsOf(db, reader)).toMatchObject([
    { times: 2, key: `digest:${reader.workspaceId}:${reader.userId}:2026-03-03` },
  ]);
});

test('a digest that a provider without keys may have taken is not offered again', async ({
  db,
}) => {
  const reader = await readerIn(db, 'America/Chicago');
  const { workspaceId, userId } = reader;
  const sender = { workspaceId, channel: 'email', address: 'us@firm.example', provider: 'smtp' };
  await db.insertInto('senders').values(sender).execute();
  const parts = { overdueActivities: { count: 1, items: [] } };
  const at = '2026-03-03T12:00:00Z';
  const summary = JSON.stringify({ at, zone: 'America/Chicago', currency: 'USD', parts });
  const row = { workspaceId, userId, day: '2026-03-03', summary };
  await db.insertInto('digests').values(row).execute();
  expect(await sendDigests(depsAt(db, '2026-03-03T12:10:00Z'))).toBe(0);
  expect(await digestsOf(db, reader)).toMatchObject([{ outcome: 'unknown' }]);
});

function depsAt(db: Kysely<DB>, now: string): Deps & { beat: () => void } {
  const deps = { db, now: () => now, sandbox: true, publicBaseUrl: base, beat: () => undefined };
  return deps as unknown as Deps & { beat: () => void };
}

interface Reader {
  workspaceId: string;
  userId: string;
  email: string;
}

async function readerIn(db: Kysely<DB>, zone: string, own?: string): Promise<Reader> {
  const workspaceId = randomUUID();
  const userId = `user-${workspaceId}`;
  const email = `${workspaceId}@people.example`;
  await db
    .insertInto('workspaces')
    .values({ id: workspaceId, name: 'Ours', timeZone: zone })
    .execute();
  const row = { workspaceId, userId, name: 'Ada', email, role: 'rep', digestZone: own ?? null };
  await db.insertInto('members').values(row).execute();
  return { workspaceId, userId, email };
}

async function task(
  db: Kysely<DB>,
  { workspaceId, userId: assigneeId }: Pick<Reader, 'workspaceId' | 'userId'>,
  given: { title: string; dueAt: string; kind?: string; snoozedUntil?: string },
): Promise<void> {
  await db
    .insertInto('tasks')
    .values({ workspaceId, assigneeId, kind: 'task', ...given })
    .execute();
}

async function deal(
  db: Kysely<DB>,
  { workspaceId, userId: ownerId }: Pick<Reader, 'workspaceId' | 'userId'>,
  given: {
    name: string;
    lastActivityAt: string;
    amountCents?: number;
    riskBand?: string;
    riskScore?: number;
    status?: string;
  },
): Promise<void> {
  const stage = await db
    .selectFrom('stages')
    .select(['id as stageId', 'pipelineId'])
    .where('workspaceId', '=', workspaceId)
    .where('slug', '=', 'discovery')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('deals')
    .values({ workspaceId, ownerId, createdBy: ownerId, ...stage, ...given })
    .execute();
}

function mailsOf(db: Kysely<DB>, { workspaceId }: Reader) {
  return db
    .selectFrom('sandboxMessages')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .execute();
}

function digestsOf(db: Kysely<DB>, { workspaceId }: Reader) {
  return db.selectFrom('digests').selectAll().where('workspaceId', '=', workspaceId).execute();
}

/** The first time that the end of this reader's digest is written down, it is lost. */
async function killedOnce(db: Kysely<DB>, { userId }: Reader): Promise<void> {
  await sql`create sequence kills`.execute(db);
  await sql`grant all on sequence kills to throughline_app`.execute(db);
  await sql`create function kill_once() returns trigger language plpgsql as $$ begin
    if nextval('kills') = 1 then raise exception 'killed'; end if;
    return new;
  end $$`.execute(db);
  await sql`create trigger kill_once before update on digests for each row
    when (new.user_id = ${sql.lit(userId)}) execute function kill_once()`.execute(db);
}
