import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { aLead, aMember } from '#tests/leads.ts';
import { seedWorkspace } from '#db/taxonomies.ts';

const ann = {
  ...{ email: 'Ann@Acme.example', phone: '(602) 555-0142', firstName: 'Ann', lastName: 'Lee' },
  ...{ company: 'Acme Towing', source: 'website', campaign: 'Towing AZ', externalId: 'x1' },
};

test('a system posts a lead with a token and gets the same one when it posts it again', async ({
  serve,
}) => {
  const system = serve.as({ authorization: `Bearer ${await serve.token(['leads:write'])}` });
  const first = await system.post('/api/v1/leads', ann);
  expect(first).toMatchObject({
    status: 201,
    body: {
      lead: { status: 'new', stage: 'NEW', score: null, ownerId: null, campaign: 'Towing AZ' },
      matched: false,
    },
  });
  const { lead } = first.body as { lead: { id: string; contactId: string; companyId: string } };
  const again = await system.post('/api/v1/leads', { ...ann, email: 'ann@acme.example' });
  expect(again).toMatchObject({ status: 200, body: { lead: { id: lead.id }, matched: true } });
  expect([lead.contactId, lead.companyId]).toEqual([expect.any(String), expect.any(String)]);
});

test('a system lists and reads leads with a token that may', async ({ serve }) => {
  await serve.post('/api/v1/leads', ann);
  const reader = serve.as({ authorization: `Bearer ${await serve.token(['leads:read'])}` });
  const list = await reader.get('/api/v1/leads?q=ann@acme&status=new&source=website');
  const { items } = list.body as { items: { id: string; contact: object }[] };
  expect(items).toMatchObject([{ contact: { name: 'Ann Lee' }, company: { name: 'Acme Towing' } }]);
  const one = await reader.get(`/api/v1/leads/${items[0]!.id}`);
  expect(one).toMatchObject({
    status: 200,
    body: { lead: { contact: { email: 'Ann@acme.example' }, company: { domain: 'acme.example' } } },
  });
  expect((await reader.post('/api/v1/leads', ann)).status).toBe(403);
});

test('what is invalid answers 422 and names every field', async ({ serve }) => {
  const many = await serve.post('/api/leads', { email: 'ann', phone: 'call me' });
  expect(many).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'email' }, { field: 'phone' }] },
  });
  const nul = await serve.post('/api/leads', { ...ann, notes: 'a\u0000b' });
  expect(nul).toMatchObject({ status: 422, body: { errors: [{ field: 'notes' }] } });
  const nobody = await serve.post('/api/leads', { firstName: 'Ann', company: 'Acme' });
  expect(nobody).toMatchObject({ status: 422, body: { errors: [{ field: 'email' }] } });
  const odd = await serve.post('/api/leads', { email: { at: 'x' }, tags: 'x' });
  expect(odd).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'email' }, { field: 'tags' }] },
  });
  const half = await serve.post('/api/leads', '{"email":"a@acme.example","firstName":"\\ud800"}');
  expect(half).toMatchObject({ status: 422, body: { errors: [{ field: 'firstName' }] } });
});

test('a field called __proto__ comes back as plain data and pollutes nothing', async ({
  serve,
}) => {
  const body = '{"email":"a@acme.example","fields":{"__proto__":{"polluted":1},"trucks":4}}';
  const { body: made } = await serve.post('/api/leads', body);
  const { lead } = made as { lead: { id: string } };
  const { body: read } = await serve.get(`/api/leads/${lead.id}`);
  const { fields } = (read as { lead: { fields: object } }).lead;
  expect(Object.keys(fields).toSorted()).toEqual(['__proto__', 'trucks']);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test('a lead is changed where it stands, and an older state is refused with both values', async ({
  serve,
}) => {
  const { body } = await serve.post('/api/leads', ann);
  const { id, updatedAt } = (body as { lead: { id: string; updatedAt: string } }).lead;
  const first = await serve.patch(`/api/leads/${id}`, { updatedAt, status: 'contacted' });
  expect(first).toMatchObject({ status: 200, body: { lead: { status: 'contacted' } } });
  const late = await serve.patch(`/api/leads/${id}`, { updatedAt, status: 'spam' });
  expect(late).toMatchObject({
    status: 409,
    body: {
      errors: [{ field: 'status', message: 'It is “contacted” by now; you wanted “spam”.' }],
    },
  });
  const bare = await serve.patch(`/api/leads/${id}`, { status: 'qualified' });
  expect(bare).toMatchObject({ status: 422, body: { errors: [{ field: 'nextActionAt' }] } });
});

test('tags go on and off, notes are kept, and the timeline tells it', async ({ serve, inside }) => {
  await inside(seedWorkspace);
  const { body } = await serve.post('/api/leads', ann);
  const { id } = (body as { lead: { id: string } }).lead;
  const on = await serve.post(`/api/leads/${id}/tags`, { slug: 'callback' });
  expect(on).toMatchObject({ status: 200, body: { lead: { tags: ['callback'] } } });
  expect(await serve.post(`/api/leads/${id}/tags`, { slug: 'nope' })).toMatchObject({
    status: 422,
  });
  const off = await serve.del(`/api/leads/${id}/tags/callback`);
  expect(off).toMatchObject({ status: 200, body: { lead: { tags: [] } } });
  expect((await serve.post(`/api/leads/${id}/notes`, { text: 'Renewal in May.' })).status).toBe(
    201,
  );
  const { body: timeline } = await serve.get(`/api/leads/${id}/timeline`);
  const { items } = timeline as { items: { kind: string }[] };
  expect(items.map(({ kind }) => kind)).toEqual([
    ...['note', 'tag_removed', 'tag_applied', 'lead_received'],
  ]);
});

test('an unknown lead and one of another workspace are the same nothing', async ({ serve }) => {
  const stranger = await serve.signedUp();
  const { body } = await stranger.post('/api/leads', ann);
  const { id } = (body as { lead: { id: string } }).lead;
  const replies = await Promise.all(
    [id, crypto.randomUUID()].flatMap((one) => [
      serve.get(`/api/leads/${one}`),
      serve.get(`/api/v1/leads/${one}`),
      serve.patch(`/api/leads/${one}`, { notes: 'x' }),
      serve.get(`/api/leads/${one}/timeline`),
      serve.post(`/api/leads/${one}/notes`, { text: 'x' }),
      serve.post(`/api/leads/${one}/tags`, { slug: 'callback' }),
      serve.del(`/api/leads/${one}/tags/callback`),
    ]),
  );
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([404]));
  expect(new Set(replies.map(({ body }) => JSON.stringify(body))).size).toBe(1);
});

test('many leads are changed in one call and the counts follow', async ({ serve, inside }) => {
  await inside((scope) => aMember(scope, { userId: 'dana' }));
  const ids = await inside(async (scope) => [await aLead(scope), await aLead(scope)]);
  const done = await serve.post('/api/leads/bulk', { ids, action: 'assign', ownerId: 'dana' });
  expect(done).toMatchObject({ status: 200, body: { items: ids.map((leadId) => ({ leadId })) } });
  const { body } = await serve.get('/api/leads?owner=dana');
  expect((body as { items: object[] }).items).toHaveLength(2);
  expect((await serve.get('/api/leads/counts')).body).toMatchObject({ all: 2, new: 2, mine: 0 });
  expect(await serve.post('/api/leads/bulk', { ids, action: 'explode' })).toMatchObject({
    status: 422,
  });
});

test('odd filters and cursors are refused in words', async ({ serve }) => {
  for (const query of ['limit=0', 'limit=x', 'sort=moon', 'cursor=x', 'stale=perhaps']) {
    const { status, body } = await serve.get(`/api/leads?${query}`);
    expect([query, status]).toEqual([query, 422]);
    expect(body).toMatchObject({ errors: [{ field: query.split('=')[0] }] });
  }
  expect((await serve.get("/api/leads?q=%25'--\u0000")).status).not.toBe(500);
  expect((await serve.get('/api/leads?source=%00')).status).not.toBe(500);
});

test('tags, lists, territories, tasks, Today and notifications answer over HTTP', async ({
  serve,
}) => {
  const me = await serve.signedUp();
  expect(((await me.get('/api/tags')).body as { items: object[] }).items).toHaveLength(14);
  expect((await me.post('/api/tags', { slug: 'vip', label: 'VIP' })).status).toBe(201);
  expect((await me.post('/api/tags', { slug: 'vip', label: 'VIP' })).status).toBe(409);
  expect((await me.patch('/api/tags/vip', { active: false })).body).toMatchObject({
    active: false,
  });
  expect((await me.patch('/api/tags/nope', { active: false })).status).toBe(404);
  const stages = await me.get('/api/taxonomies/lead-stage');
  expect((stages.body as { items: object[] }).items).toHaveLength(10);
  const term = { slug: 'trade-show', label: 'Trade show' };
  expect((await me.post('/api/taxonomies/lead-source', term)).status).toBe(201);
  const archived = await me.patch('/api/taxonomies/lead-source/trade-show', { archived: true });
  expect(archived.body).toMatchObject({ archivedAt: expect.any(String) as string });
  const condition = { field: 'company.region', operator: 'equals', value: 'TX' };
  const rule = { name: 'Texas', condition, memberIds: [me.userId], needs: [] };
  expect((await me.put('/api/territories', { items: [rule] })).body).toMatchObject({
    items: [rule],
  });
  const strange = { ...rule, memberIds: ['nobody'] };
  expect((await me.put('/api/territories', { items: [strange] })).status).toBe(422);
  const { lead } = (await me.post('/api/leads', ann)).body as { lead: { id: string } };
  const task = await me.post('/api/tasks', { leadId: lead.id, title: 'Call', kind: 'call' });
  expect(task.status).toBe(201);
  const { id } = task.body as { id: string };
  expect((await me.get('/api/today')).body).toMatchObject({
    items: [{ taskId: id, kind: 'call' }],
  });
  expect((await me.post(`/api/today/task:${id}/snooze`)).body).toMatchObject({
    counts: { snoozed: 1 },
  });
  expect((await me.post(`/api/tasks/${id}/done`, { tag: 'no-answer' })).body).toMatchObject({
    outcome: 'no-answer',
  });
  expect((await me.post(`/api/tasks/${id}/reopen`)).body).toMatchObject({ doneAt: null });
  expect((await me.get(`/api/tasks?lead=${lead.id}`)).body).toMatchObject({ items: [{ id }] });
  expect((await me.get('/api/notifications')).body).toMatchObject({ items: [], unread: 0 });
  expect((await me.get('/api/leads/funnel')).body).toMatchObject({ new: 1, won: 0 });
});
