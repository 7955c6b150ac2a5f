import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { aLead, aMember } from '#tests/leads.ts';
import { dealRow } from '#tests/records.ts';
import type { Calling } from '#tests/serve.ts';

const LATE = '2026-01-05T09:00:00.000Z';

async function titles(serve: Calling, query: string): Promise<string[]> {
  const { body } = await serve.get(`/api/tasks?${query}`);
  return (body as { items: { title: string }[] }).items.map(({ title }) => title);
}

async function planned(serve: Calling, body: object): Promise<{ id: string }> {
  const reply = await serve.post('/api/tasks', body);
  expect(reply).toMatchObject({ status: 201 });
  return reply.body as { id: string };
}

test('tasks stand on any record with priority and due date, and those that are late are found', async ({
  serve,
  inside,
}) => {
  const { dealId, companyId, leadId } = await inside(async (scope) => {
    const leadId = await aLead(scope, { email: 'ann@acme.example', company: 'Acme' });
    const { contactId, companyId } = await scope.db
      .selectFrom('leads')
      .select(['contactId', 'companyId'])
      .where('id', '=', leadId)
      .executeTakeFirstOrThrow();
    const deal = { contactId, companyId: companyId!, name: 'Cameras' };
    return { leadId, companyId: companyId!, dealId: await dealRow(scope, deal) };
  });
  const quote = { title: 'Quote', kind: 'email', priority: 'high', dueAt: LATE, dealId };
  await planned(serve, quote);
  await planned(serve, {
    title: 'Visit',
    kind: 'meeting',
    companyId,
    dueAt: '2099-01-01T00:00:00Z',
  });
  await planned(serve, { title: 'Call', kind: 'call', leadId });
  const lists = {
    '': ['Quote', 'Visit', 'Call'],
    [`deal=${dealId}`]: ['Quote'],
    [`company=${companyId}`]: ['Quote', 'Visit', 'Call'],
    [`lead=${leadId}`]: ['Call'],
    'overdue=true': ['Quote'],
    'priority=high': ['Quote'],
    'priority=medium': ['Visit', 'Call'],
    'kind=meeting': ['Visit'],
    'assignee=me&open=true': ['Quote', 'Visit', 'Call'],
    'assignee=none': [],
    'open=false': [],
  };
  for (const [query, found] of Object.entries(lists))
    expect([query, await titles(serve, query)]).toEqual([query, found]);
  const { body } = await serve.get('/api/tasks?overdue=true');
  expect(body).toMatchObject({ items: [{ overdue: true, about: 'Cameras', priority: 'high' }] });
  const seen: string[] = [];
  for (let next: string | null = ''; next !== null;) {
    const page = await serve.get(`/api/tasks?limit=1${next && `&cursor=${next}`}`);
    const { items, next: then } = page.body as { items: { title: string }[]; next: string | null };
    seen.push(...items.map(({ title }) => title));
    next = then;
  }
  expect(seen).toEqual(['Quote', 'Visit', 'Call']);
  expect((await serve.get('/api/tasks?cursor=x')).status).toBe(422);
});

test('a task on a deal without a lead stands in Today with what it is about, and is ticked off there', async ({
  serve,
  inside,
}) => {
  const dealId = await inside((scope) => dealRow(scope, { name: 'Cameras', lastActivityAt: LATE }));
  const { id } = await planned(serve, { title: 'Visit', kind: 'meeting', dealId, dueAt: LATE });
  expect((await serve.get('/api/today')).body).toMatchObject({
    items: [
      { taskId: id, kind: 'task', action: 'done', leadName: 'Cameras', dealId, leadId: null },
    ],
  });
  expect((await serve.post(`/api/tasks/${id}/done`, { outcome: 'met' })).body).toMatchObject({
    doneAt: expect.any(String) as string,
  });
  const { body } = await serve.get(`/api/activities?deal=${dealId}`);
  expect(body).toMatchObject({
    items: [{ kind: 'meeting_done', type: 'meeting', title: 'Visit: met' }],
  });
  const deal = await inside(({ db }) =>
    db.selectFrom('deals').select('lastActivityAt').executeTakeFirstOrThrow(),
  );
  expect(Date.parse(deal.lastActivityAt)).toBeGreaterThan(Date.parse(LATE));
  expect((await serve.get('/api/today')).body).toMatchObject({ items: [] });
  expect((await serve.post(`/api/tasks/${id}/reopen`)).body).toMatchObject({ doneAt: null });
});

test('who is given a task is told, and who takes it from another tells that one too', async ({
  serve,
  inside,
}) => {
  await inside((scope) => aMember(scope, { userId: 'dana' }));
  await inside((scope) => aMember(scope, { userId: 'marcus' }));
  const dealId = await inside((scope) => dealRow(scope, { ownerId: 'dana' }));
  const { id } = await planned(serve, { title: 'Quote', dealId });
  const moved = await serve.patch(`/api/tasks/${id}`, { assigneeId: 'marcus', priority: 'low' });
  expect(moved).toMatchObject({ status: 200, body: { assigneeId: 'marcus', priority: 'low' } });
  const told = await inside(({ db }) =>
    db.selectFrom('notifications').select(['userId', 'title', 'href']).orderBy('id').execute(),
  );
  const given = { title: 'You were given a task: Quote', href: `/deals/${dealId}` };
  expect(told).toEqual([
    { userId: 'dana', ...given },
    { userId: 'marcus', ...given },
  ]);
  expect(await serve.patch(`/api/tasks/${id}`, { assigneeId: 'nobody' })).toMatchObject({
    status: 422,
  });
  await serve.post(`/api/tasks/${id}/done`);
  expect((await serve.patch(`/api/tasks/${id}`, { title: 'x' })).status).toBe(409);
});
