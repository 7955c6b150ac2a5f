import { expect } from 'vitest';
import { addCompany } from '#db/company-changes.ts';
import { inWorkspace } from '#db/scope.ts';
import { test } from '#tests/db.ts';
import { aLead, aMember } from '#tests/leads.ts';
import { dealRow } from '#tests/records.ts';

const mine = { list: 'deals', name: 'Big ones', query: 'status=open&sort=amount' };

test('a saved view keeps filters, sort, columns, grouping and sums, and is found again', async ({
  serve,
}) => {
  const view = { ...mine, columns: ['name', 'amount'], grouping: 'stage', sums: ['amountCents'] };
  const made = await serve.post('/api/views', view);
  expect(made).toMatchObject({ status: 201, body: { view: { ...view, isMine: true } } });
  const { body } = await serve.get('/api/views?list=deals');
  expect(body).toMatchObject({ items: [view] });
  expect((await serve.get('/api/views?list=leads')).body).toEqual({ items: [] });
});

test('a view is private until it is shared, and only its owner changes it', async ({ serve }) => {
  const other = serve.as({ authorization: `Bearer ${await serve.token()}` });
  const made = await serve.post('/api/views', mine);
  const { id, updatedAt } = (made.body as { view: { id: string; updatedAt: string } }).view;
  expect((await other.get('/api/views?list=deals')).body).toEqual({ items: [] });
  expect((await other.del(`/api/views/${id}`)).status).toBe(404);
  await serve.patch(`/api/views/${id}`, { isShared: true, updatedAt });
  expect((await other.get('/api/views?list=deals')).body).toMatchObject({
    items: [{ id, isMine: false, isShared: true }],
  });
  expect((await other.patch(`/api/views/${id}`, { name: 'Ours' })).status).toBe(403);
  expect((await serve.patch(`/api/views/${id}`, { name: 'Old', updatedAt })).status).toBe(409);
  expect((await serve.del(`/api/views/${id}`)).status).toBe(200);
  expect((await serve.get('/api/views?list=deals')).body).toEqual({ items: [] });
});

test('the sums of a list are those of its groups, and of what it is narrowed to', async ({
  serve,
  inside,
}) => {
  await inside(async (scope) => {
    await aMember(scope, { userId: 'u1' });
    await dealRow(scope, { amountCents: 101, ownerId: 'u1' });
    await dealRow(scope, { amountCents: 202 });
    await dealRow(scope, { amountCents: 303, status: 'won' });
  });
  const { body } = await serve.get('/api/sums?list=deals&group=owner');
  expect(body).toEqual({
    groups: [
      { key: null, label: '', count: 2, sums: { amountCents: 505, weightedCents: 343 } },
      { key: 'u1', label: 'u1', count: 1, sums: { amountCents: 101, weightedCents: 20 } },
    ],
    total: { count: 3, sums: { amountCents: 606, weightedCents: 363 } },
  });
  const open = await serve.get('/api/sums?list=deals&status=open');
  expect(open.body).toMatchObject({ groups: [], total: { count: 2, sums: { amountCents: 303 } } });
});

test('leads, companies and contacts are grouped as well, and another grouping is refused', async ({
  serve,
  inside,
}) => {
  await inside(async (scope) => {
    await aLead(scope, { source: 'website', email: 'a@blue.example' });
    await aLead(scope, { source: 'website', email: 'b@red.example', company: 'Red Rock' });
    await aLead(scope, { source: 'referral', email: 'c@red.example', company: 'Red Rock' });
    await addCompany(scope, { name: 'Grey Hill', industry: 'Dental' });
  });
  const leads = await serve.get('/api/sums?list=leads&group=source');
  expect(leads.body).toMatchObject({
    groups: [
      { key: 'website', count: 2, sums: { open: 2 } },
      { key: 'referral', count: 1 },
    ],
  });
  const found = await serve.get('/api/sums?list=leads&group=source&q=red rock');
  expect(found.body).toMatchObject({ total: { count: 2 } });
  const companies = await serve.get('/api/sums?list=companies&industry=Dental&group=industry');
  expect(companies.body).toMatchObject({ groups: [{ key: 'Dental', count: 1 }] });
  const contacts = await serve.get('/api/sums?list=contacts&group=company');
  expect(contacts.body).toMatchObject({ total: { count: 3, sums: { reachable: 3 } } });
  const refused = await serve.get('/api/sums?list=leads&group=shoe-size');
  expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: 'group' }] } });
});

test('another workspace has its own views', async ({ serve, db }) => {
  await serve.post('/api/views', { ...mine, isShared: true });
  const { id: workspaceId } = await db
    .insertInto('workspaces')
    .values({ name: 'Other' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { rows } = await inWorkspace(db, { workspaceId, actor: 'stranger' }, async ({ db }) => ({
    rows: await db.selectFrom('savedViews').select('id').execute(),
  }));
  expect(rows).toEqual([]);
});
