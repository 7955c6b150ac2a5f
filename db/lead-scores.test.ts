import { sql } from 'kysely';
import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { aLead } from '#tests/leads.ts';
import { daysBefore } from '#tests/risks.ts';
import { refreshScores } from './lead-scores.ts';
import type { Scope } from './scope.ts';

const now = '2026-03-18T09:00:00.000Z';

async function scored(scope: Scope, base: number, idleDays: number): Promise<string> {
  const id = await aLead(scope);
  await scope.db
    .updateTable('leads')
    .set({ score: base, scoreBase: base, scoredAt: now, lastActivityAt: daysBefore(now, idleDays) })
    .where('id', '=', id)
    .execute();
  return id;
}

function leadOf({ db }: Scope, id: string) {
  return db
    .selectFrom('leads')
    .select(['score', 'scoreBase', 'updatedAt'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
}

function historyOf({ db }: Scope, id: string) {
  return db
    .selectFrom('leadScores')
    .select(['score', 'base', 'because'])
    .where('leadId', '=', id)
    .orderBy('id')
    .execute();
}

test('a score falls by three for each day of silence after three, and its history keeps why', async ({
  db,
  who,
  inside,
}) => {
  const quiet = [2.99, 3, 3.99, 4, 10, 60];
  const ids = await inside(async (scope) => {
    const ids = [];
    for (const days of quiet) ids.push(await scored(scope, 80, days));
    return ids;
  });
  const before = await inside((scope) => leadOf(scope, ids[4]!));
  expect(await refreshScores(db, { ...who, now })).toEqual({ moved: 3, rescored: 0 });
  const after = await inside((scope) => Promise.all(ids.map((id) => leadOf(scope, id))));
  expect(after.map(({ score }) => score)).toEqual([80, 80, 80, 77, 59, 0]);
  expect(after[4]).toEqual({ ...before, score: 59 });
  expect(await inside((scope) => historyOf(scope, ids[4]!))).toEqual([
    { score: 59, base: 80, because: 'No activity for 10 days' },
  ]);
  expect(await inside((scope) => historyOf(scope, ids[0]!))).toEqual([]);
  expect(await refreshScores(db, { ...who, now })).toEqual({ moved: 0, rescored: 0 });
});

test('an activity gives back what silence took', async ({ db, who, inside }) => {
  const id = await inside((scope) => scored(scope, 80, 10));
  await refreshScores(db, { ...who, now });
  await inside((scope) =>
    scope.db.updateTable('leads').set({ lastActivityAt: now }).where('id', '=', id).execute(),
  );
  await refreshScores(db, { ...who, now });
  expect(await inside((scope) => historyOf(scope, id))).toEqual([
    { score: 59, base: 80, because: 'No activity for 10 days' },
    { score: 80, base: 80, because: 'Active again' },
  ]);
});

test('a closed lead keeps its score, and one that opened a mail since is scored anew', async ({
  db,
  who,
  inside,
}) => {
  const [closed, opened] = await inside(async (scope) => {
    const ids = [await scored(scope, 50, 9), await scored(scope, 50, 0)] as const;
    const unqualified = { status: 'unqualified' };
    await scope.db.updateTable('leads').set(unqualified).where('id', '=', ids[0]).execute();
    await scope.db.deleteFrom('outbox').execute();
    const row = { workspaceId: scope.workspaceId, leadId: ids[1], kind: 'mail_opened' };
    await scope.db
      .insertInto('activities')
      .values({ ...row, title: 'Opened', actor: 'x' })
      .execute();
    return ids;
  });
  expect(await refreshScores(db, { ...who, now })).toEqual({ moved: 0, rescored: 1 });
  expect((await inside((scope) => leadOf(scope, closed))).score).toBe(50);
  const waiting = await inside(({ db }) =>
    db.selectFrom('outbox').select(['workflow', 'input']).execute(),
  );
  expect(waiting).toEqual([{ workflow: 'leadIntake', input: JSON.stringify(opened) }]);
});

test('thousands of leads are refreshed in batches, each once', async ({ db, who, inside }) => {
  await inside(({ db, workspaceId }) =>
    sql`
      with people as (
        insert into contacts (workspace_id, identity)
        select ${workspaceId}, 'p' || n from generate_series(1, 10001) n returning id)
      insert into leads (workspace_id, contact_id, source, score, score_base, last_activity_at)
      select ${workspaceId}, id, 'manual', 80, 80, ${daysBefore(now, 10)} from people`.execute(db),
  );
  expect(await refreshScores(db, { ...who, now })).toEqual({ moved: 10_001, rescored: 0 });
  expect(await refreshScores(db, { ...who, now })).toEqual({ moved: 0, rescored: 0 });
  const { lines } = await inside(({ db }) =>
    db
      .selectFrom('leadScores')
      .select(({ fn }) => fn.countAll<number>().as('lines'))
      .executeTakeFirstOrThrow(),
  );
  expect(lines).toBe(10_001);
});

test('what a lead is worth is shown with what would make it 80', async ({ serve, inside }) => {
  const id = await inside((scope) => scored(scope, 60, 0));
  const shown = await serve.get(`/api/leads/${id}/score`);
  expect(shown).toMatchObject({
    status: 200,
    body: {
      ...{ base: 60, score: 0, target: 80, isReachable: true, factors: [] },
      decay: { points: 60, perDay: 3, afterDays: 3 },
      changes: [
        { group: 'activity', points: 60, makes: 60 },
        { what: 'Get an answer', points: 30, makes: 90 },
      ],
    },
  });
  expect((await serve.get(`/api/leads/${crypto.randomUUID()}/score`)).status).toBe(404);
});
