import { expect } from 'vitest';
import { inWorkspace } from '#db/scope.ts';
import type { FixChange, FixSkipped } from '#domain/fix.ts';
import type { ReviewedDeal } from '#domain/result.ts';
import { anAnalysis, type StoryDeal } from '#tests/analysis-story.ts';
import { test } from '#tests/db.ts';
import { aDeal, stagesOf } from '#tests/deals.ts';
import type { Calling, Person } from '#tests/serve.ts';

interface Preview {
  changes: FixChange[];
  skipped: FixSkipped[];
  left: number;
}
interface Applied {
  undoId: string;
  applied: number;
  skipped: FixSkipped[];
}

const late = { name: 'Late', expectedCloseOn: '2026-01-05', amountCents: 500 };

test('fixes are shown as a diff first and change nothing until they are applied', async ({
  db,
  serve,
}) => {
  const ada = await serve.signedUp();
  const [first, second] = [await aDeal(ada, late), await aDeal(ada, { name: 'Nobody’s' })];
  const id = await looked(db, ada, [
    { dealId: first.id, name: 'Late', fires: ['close_date_past', 'no_next_step'] },
    { dealId: second.id, name: 'Nobody’s', fires: ['deal_missing_owner', 'single_threaded'] },
    { name: 'Of a file', fires: ['close_date_past'] },
  ]);
  expect((await ada.get(`/api/analyze/${id}/results`)).body).toMatchObject({ automatable: 3 });
  const before = await ada.get(`/api/deals/${first.id}`);
  const { changes, skipped, left } = await previewed(ada, id, { all: true });
  expect(changes).toMatchObject([
    {
      ...{
        line: 1,
        dealId: first.id,
        deal: 'Late',
        ruleId: 'close_date_past',
        kind: 'clear_field',
      },
      ...{ field: 'expectedCloseOn', before: '2026-01-05', after: null },
      title: 'Close date in the past',
    },
    {
      ...{ line: 1, ruleId: 'no_next_step', kind: 'create_task', field: null },
      ...{ before: null, after: 'Agree on what is next' },
    },
    {
      ...{ line: 2, ruleId: 'deal_missing_owner', kind: 'assign_owner', field: 'ownerId' },
      ...{ before: null, after: 'Ada Lovelace' },
    },
  ]);
  expect(skipped).toEqual([
    {
      ...{ line: 3, ruleId: 'close_date_past', deal: 'Of a file' },
      because: 'This deal is only in the file, not in the pipeline.',
    },
  ]);
  expect(left).toBe(0);
  expect((await ada.get(`/api/deals/${first.id}`)).body).toEqual(before.body);
  const narrowed = await previewed(ada, id, { all: true, filter: { severity: 'WARNING' } });
  expect(narrowed.changes.map(({ ruleId }) => ruleId)).toEqual(['no_next_step']);
});

test('findings are fixed in bulk as a person’s change and all of it is taken back at once', async ({
  db,
  serve,
}) => {
  const ada = await serve.signedUp();
  const deals = [await aDeal(ada, late), await aDeal(ada, { ...late, source: 'form' })];
  const id = await looked(
    db,
    ada,
    deals.map(({ id: dealId }) => ({
      ...{ dealId, name: 'Late' },
      fires: ['close_date_past', 'no_next_step', 'missing_lead_source'],
    })),
  );
  const all = { all: true };
  const { undoId, applied, skipped } = await fixed(ada, id, all);
  // The first came by hand already.
  expect({ applied, skipped }).toMatchObject({
    applied: 5,
    skipped: [{ line: 1, ruleId: 'missing_lead_source', because: 'It is so already.' }],
  });
  for (const deal of deals) {
    expect((await ada.get(`/api/deals/${deal.id}`)).body).toMatchObject({
      deal: { expectedCloseOn: null, source: 'manual' },
    });
  }
  const events = await db
    .selectFrom('dealEvents')
    .select(['actor', 'before', 'after'])
    .where('dealId', '=', deals[1]!.id)
    .where('kind', '=', 'changed')
    .orderBy('at')
    .execute();
  expect(events).toEqual([
    {
      ...{ actor: ada.userId, before: { expectedCloseOn: '2026-01-05' } },
      after: { expectedCloseOn: null },
    },
    { actor: ada.userId, before: { source: 'form' }, after: { source: 'manual' } },
  ]);
  const findings = await findingsOf(ada, id);
  expect(findings.filter(({ fixedAt }) => fixedAt)).toHaveLength(5);
  expect(findings.find(({ ruleId }) => ruleId === 'no_next_step')).toMatchObject({
    ...{ undoId, taskId: expect.any(String) },
  });
  expect(await openTasks()).toEqual(['Agree on what is next', 'Agree on what is next']);
  expect(await fixed(ada, id, all)).toMatchObject({ applied: 0, undoId: null });
  expect((await ada.get(`/api/analyze/${id}/results`)).body).toMatchObject({ automatable: 1 });

  const undone = await ada.post(`/api/analyze/${id}/fixes/${undoId}/undo`);
  expect(undone).toMatchObject({ status: 200, body: { restored: 5, left: 0 } });
  expect((await ada.get(`/api/deals/${deals[1]!.id}`)).body).toMatchObject({
    deal: { expectedCloseOn: '2026-01-05', source: 'form' },
  });
  expect(await openTasks()).toEqual([]);
  expect((await findingsOf(ada, id)).filter(({ fixedAt }) => fixedAt)).toEqual([]);
  expect((await ada.post(`/api/analyze/${id}/fixes/${undoId}/undo`)).status).toBe(404);
  // What was taken back can be fixed again.
  expect(await fixed(ada, id, all)).toMatchObject({ applied: 5 });

  async function openTasks() {
    const rows = await db
      .selectFrom('tasks')
      .select('title')
      .where('workspaceId', '=', ada.workspaceId)
      .where('cancelledAt', 'is', null)
      .execute();
    return rows.map(({ title }) => title);
  }
});

test('a deal that somebody changed since it was looked at is left with the reason', async ({
  db,
  serve,
}) => {
  const ada = await serve.signedUp();
  const names = ['Later', 'Moved', 'Gone', 'Renamed'];
  const deals = [];
  for (const name of names) deals.push(await aDeal(ada, { ...late, name }));
  const id = await looked(
    db,
    ada,
    deals.map(({ id: dealId, name }) => ({ dealId, name, fires: ['close_date_past'] })),
  );
  const [later, moved, gone, renamed] = deals.map((deal) => `/api/deals/${deal.id}`);
  const stages = await inWorkspace(db, whoOf(ada), stagesOf);
  await ada.patch(later!, { expectedCloseOn: '2031-02-01' });
  const stage = await ada.post(`${moved}/stage`, { stageId: stages['proposal']!.id });
  expect(stage.status).toBe(200);
  await ada.del(gone!);
  await ada.patch(renamed!, { name: 'Renamed since' });
  const { applied, skipped } = await fixed(ada, id, { all: true });
  expect(applied).toBe(1);
  expect(skipped.map(({ deal, because }) => [deal, because])).toEqual([
    ['Later', 'Somebody changed it since: it is “2031-02-01” by now.'],
    ['Moved', 'It is in another stage by now. Look at it again.'],
    ['Gone', 'The deal is not there any more.'],
  ]);
  expect((await ada.get(later!)).body).toMatchObject({ deal: { expectedCloseOn: '2031-02-01' } });
});

test('what somebody changed after a fix stays when it is taken back', async ({ db, serve }) => {
  const ada = await serve.signedUp();
  const deals = [await aDeal(ada, late), await aDeal(ada, late)];
  const id = await looked(
    db,
    ada,
    deals.map(({ id: dealId }) => ({ dealId, name: 'Late', fires: ['close_date_past'] })),
  );
  const { undoId } = await fixed(ada, id, { all: true });
  await ada.patch(`/api/deals/${deals[0]!.id}`, { expectedCloseOn: '2031-02-01' });
  // The same by the list of what can be taken back anywhere.
  expect((await ada.post(`/api/undo/${undoId}`)).status).toBe(200);
  expect((await ada.get(`/api/deals/${deals[0]!.id}`)).body).toMatchObject({
    deal: { expectedCloseOn: '2031-02-01' },
  });
  const open = (await findingsOf(ada, id)).map(({ fixedAt }) => fixedAt === null);
  expect(open).toEqual([false, true]);
});

test('one finding is fixed by a rep, and by nobody who may only read', async ({ db, serve }) => {
  const ada = await serve.signedUp();
  const deal = await aDeal(ada, late);
  const fires = ['close_date_past', 'single_threaded'];
  const id = await looked(db, ada, [{ dealId: deal.id, name: 'Late', fires }]);
  const findings = fires.concat('nonsense').map((ruleId) => ({ line: 1, ruleId }));
  await as('viewer');
  expect((await ada.post(`/api/analyze/${id}/fixes`, { findings })).status).toBe(403);
  await as('rep');
  expect(await fixed(ada, id, { findings })).toMatchObject({
    applied: 1,
    skipped: [
      { ruleId: 'nonsense', because: 'There is no such finding.' },
      { ruleId: 'single_threaded', because: 'This rule is not put right by itself.' },
    ],
  });
  const stranger = await serve.signedUp();
  expect((await stranger.post(`/api/analyze/${id}/fixes`, { all: true })).status).toBe(404);
  expect((await ada.post(`/api/analyze/${id}/fixes`, { findings: [] })).status).toBe(422);
  const nobody = { all: true, ownerId: 'nobody' };
  expect((await ada.post(`/api/analyze/${id}/fixes`, nobody)).status).toBe(422);

  async function as(role: string) {
    await db.updateTable('members').set({ role }).where('userId', '=', ada.userId).execute();
  }
});

test('a task for a finding is planned once for the owner of its deal', async ({ db, serve }) => {
  const ada = await serve.signedUp();
  const deal = await aDeal(ada, { ...late, ownerId: ada.userId });
  const id = await looked(db, ada, [
    { dealId: deal.id, name: 'Late', fires: ['close_date_past'] },
    { name: 'Of a file', fires: ['close_date_past'] },
  ]);
  const path = `/api/analyze/${id}/findings/1/close_date_past/task`;
  const { status, body } = await ada.post(path);
  expect(status).toBe(201);
  expect((await ada.post(path)).body).toEqual(body);
  const { taskId } = body as { taskId: string };
  const tasks = await db
    .selectFrom('tasks')
    .select(['id', 'title', 'body', 'dealId', 'assigneeId'])
    .where('workspaceId', '=', ada.workspaceId)
    .execute();
  expect(tasks).toEqual([
    {
      ...{ id: taskId, dealId: deal.id, assigneeId: ada.userId },
      ...{ title: 'Set a real close date', body: 'Close date in the past: Late' },
    },
  ]);
  const file = await ada.post(`/api/analyze/${id}/findings/2/close_date_past/task`);
  expect(file.status).toBe(409);
});

function whoOf({ workspaceId, userId: actor }: Person) {
  return { workspaceId, actor };
}

function looked(db: Parameters<typeof inWorkspace>[0], person: Person, deals: StoryDeal[]) {
  return inWorkspace(db, whoOf(person), (scope) => anAnalysis(scope, { deals }));
}

async function previewed(person: Calling, id: string, wish: object): Promise<Preview> {
  const { status, body } = await person.post(`/api/analyze/${id}/fixes/preview`, wish);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body as Preview;
}

async function fixed(person: Calling, id: string, wish: object): Promise<Applied> {
  const { status, body } = await person.post(`/api/analyze/${id}/fixes`, wish);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body as Applied;
}

async function findingsOf(person: Calling, id: string) {
  const { body } = await person.get(`/api/analyze/${id}/deals`);
  return (body as { deals: ReviewedDeal[] }).deals.flatMap(({ findings }) => findings);
}
