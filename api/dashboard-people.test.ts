import { sql } from 'kysely';
import { expect } from 'vitest';
import { takeSnapshot } from '#db/snapshots.ts';
import type { Dashboard } from '#domain/dashboard.ts';
import { test } from '#tests/db.ts';
import { dayFromNow, inZone, putDeal } from '#tests/forecast-deals.ts';
import { aLead, aMember } from '#tests/leads.ts';

const DAY = 24 * 60 * 60 * 1000;

function ago(days: number): string {
  return new Date(Date.now() - days * DAY).toISOString();
}

test('what is done and open this week and what changed since Sunday stand beside the figures', async ({
  serve,
  inside,
  who,
}) => {
  await inside(async (scope) => {
    await aMember(scope, { userId: 'ines' });
    const leadId = await aLead(scope);
    const { workspaceId } = scope;
    const task = { workspaceId, leadId, kind: 'task', title: 'Call', assigneeId: 'ines' };
    const done = { doneAt: new Date().toISOString(), doneBy: 'ines' };
    await scope.db
      .insertInto('tasks')
      .values([{ ...task }, { ...task, dueAt: ago(1) }, { ...task, ...done }])
      .execute();
    await putDeal(scope, {
      amountCents: 100_00,
      createdAt: ago(80),
      expectedCloseOn: await dayFromNow(scope, 40),
    });
    // The record of last Sunday, as if it had been taken then.
    const monday = new Date(Date.now() - ((new Date().getUTCDay() + 6) % 7) * DAY);
    monday.setUTCHours(0, 30);
    await scope.db.updateTable('workspaces').set({ timeZone: 'UTC' }).execute();
    await takeSnapshot(scope, monday.toISOString());
    await putDeal(scope, { amountCents: 40_00, expectedCloseOn: await dayFromNow(scope, 40) });
  });
  const board = (await serve.get('/api/dashboard')).body as Dashboard;
  expect(board.team.items).toEqual([{ userId: 'ines', name: 'ines', done: 1, open: 2 }]);
  expect(board.attention.overdueTasks.count).toBe(1);
  expect(board.pipeline).toMatchObject({ cents: 140_00, sinceMondayCents: 40_00 });
  expect(board.weighted).toMatchObject({ cents: 70_00, sinceMondayCents: 20_00 });
  const mine = (await serve.get('/api/dashboard?owner=ines')).body as Dashboard;
  expect(mine.comparison.me.thisMonth).toMatchObject({ tasksDone: 1, newDeals: 0 });
  expect(board.comparison.team.thisMonth).toMatchObject({ newDeals: 1, newLeads: 1, tasksDone: 1 });
  expect(board.activity.items.map(({ kind }) => kind)).toContain('lead_received');
  expect(who.actor).toBe('rep');
});

test('a touch that went out is a promise kept and one that failed or is late is not', async ({
  serve,
  inside,
}) => {
  await inside(async (scope) => {
    const leadId = await aLead(scope);
    const { contactId } = await scope.db
      .selectFrom('leads')
      .select('contactId')
      .executeTakeFirstOrThrow();
    const states = ['accepted', 'delivered', 'failed', 'planned', 'skipped', 'held'];
    for (const [n, state] of states.entries()) {
      const row = { leadId, contactId, channel: 'email', state, key: `k${n}` };
      const untilAt = state === 'held' ? new Date(Date.now() + DAY).toISOString() : null;
      await scope.db
        .insertInto('touches')
        .values({
          workspaceId: scope.workspaceId,
          ...row,
          dueAt: new Date(Date.now() - 20 * 60_000).toISOString(),
          untilAt,
        })
        .execute();
    }
  });
  const { promises } = (await serve.get('/api/dashboard')).body as Dashboard;
  expect(promises).toMatchObject({ kept: 2, missed: 2, due: 4, percent: 50, because: null });
});

test('this month stands beside the last one for everybody and for the one who asks', async ({
  serve,
  inside,
}) => {
  const now = '2026-03-17T15:24:00.000Z';
  serve.deps.now = () => now;
  await inside(async (scope) => {
    await inZone(scope, 'America/Chicago');
    await aMember(scope, { userId: 'ines' });
    const made = { createdAt: '2026-01-05T12:00:00.000Z', ownerId: 'ines' };
    // Half past eleven on the last evening of February, in Chicago.
    const february = '2026-03-01T05:30:00.000Z';
    await putDeal(scope, { ...made, status: 'won', amountCents: 700_00, wonAt: february });
    await putDeal(scope, {
      ...made,
      status: 'won',
      amountCents: 300_00,
      wonAt: '2026-03-01T06:30:00.000Z',
    });
    await putDeal(scope, { ...made, ownerId: null, status: 'won', amountCents: 50_00, wonAt: now });
    await putDeal(scope, { ...made, status: 'lost', lostAt: '2026-02-10T12:00:00.000Z' });
    await putDeal(scope, { ownerId: 'ines', createdAt: '2026-03-02T12:00:00.000Z' });
    await putDeal(scope, { ownerId: null, createdAt: '2026-02-02T12:00:00.000Z' });
    const leadId = await aLead(scope);
    const task = {
      workspaceId: scope.workspaceId,
      leadId,
      kind: 'task',
      title: 'Call',
      doneBy: 'ines',
    };
    await scope.db
      .insertInto('tasks')
      .values([
        { ...task, doneAt: february },
        { ...task, doneAt: now },
      ])
      .execute();
    await sql`update leads set owner_id = 'ines', created_at = ${now}`.execute(scope.db);
  });
  const all = (await serve.get('/api/dashboard')).body as Dashboard;
  expect(all.comparison.team).toEqual({
    thisMonth: { wonCents: 350_00, won: 2, lost: 0, newDeals: 1, newLeads: 1, tasksDone: 1 },
    lastMonth: { wonCents: 700_00, won: 1, lost: 1, newDeals: 1, newLeads: 0, tasksDone: 1 },
  });
  const { comparison } = (await serve.get('/api/dashboard?owner=ines')).body as Dashboard;
  expect(comparison.me).toEqual({
    thisMonth: { wonCents: 300_00, won: 1, lost: 0, newDeals: 1, newLeads: 1, tasksDone: 1 },
    lastMonth: { wonCents: 700_00, won: 1, lost: 1, newDeals: 0, newLeads: 0, tasksDone: 1 },
  });
});
