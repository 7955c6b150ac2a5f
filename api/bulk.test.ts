import { sql } from 'kysely';
import { expect } from 'vitest';
import { addCompany } from '#db/company-changes.ts';
import { addContact } from '#db/contact-records.ts';
import { changeLead } from '#db/lead-changes.ts';
import type { Scope } from '#db/scope.ts';
import { test } from '#tests/db.ts';
import { aLead, aMember, aSequence } from '#tests/leads.ts';
import { dealRow } from '#tests/records.ts';

interface Done {
  undoId: string;
  count: number;
  refused: { id: string; because: string }[];
}

/** Every row of these tables, as text. */
async function rowsOf({ db }: Scope, ...tables: string[]): Promise<string[]> {
  const all: string[] = [];
  for (const table of tables) {
    const { rows } = await sql<{ row: string }>`
      select to_jsonb(t)::text as row from ${sql.table(table)} t order by id`.execute(db);
    all.push(...rows.map(({ row }) => row));
  }
  return all;
}

async function someTags({ db, workspaceId }: Scope): Promise<void> {
  const tags = ['hot', 'vip'].map((slug) => ({ workspaceId, slug, label: slug }));
  await db.insertInto('tags').values(tags).execute();
}

test('many leads are assigned at once, and what nobody changed since is taken back', async ({
  serve,
  inside,
}) => {
  const ids = await inside(async (scope) => {
    await aMember(scope, { userId: 'u1' });
    await aMember(scope, { userId: 'u2' });
    return [await aLead(scope), await aLead(scope), await aLead(scope)];
  });
  const before = await inside((scope) => rowsOf(scope, 'leads'));
  const reply = await serve.post('/api/leads/bulk', { ids, action: 'assign', ownerId: 'u1' });
  expect(reply).toMatchObject({ status: 200, body: { count: 3, refused: [] } });
  await inside((scope) => changeLead(scope, ids[2]!, { ownerId: 'u2' }));
  const { undoId } = reply.body as Done;
  const undone = await serve.post(`/api/undo/${undoId}`);
  expect(undone.body).toEqual({ restored: 2, left: 1 });
  const after = await inside((scope) => rowsOf(scope, 'leads'));
  expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
  expect(JSON.parse(after[2]!)).toMatchObject({ owner_id: 'u2' });
  expect((await serve.post(`/api/undo/${undoId}`)).status).toBe(409);
});

test('leads that a list is narrowed to are meant by its filter', async ({ serve, inside }) => {
  const [web, other] = await inside(async (scope) => {
    await someTags(scope);
    return [await aLead(scope, { source: 'website' }), await aLead(scope, { source: 'event' })];
  });
  const doing = { filter: { source: 'website' }, action: 'tag', slug: 'hot' };
  const { body } = await serve.post('/api/leads/bulk', doing);
  expect(body).toMatchObject({ count: 1, items: [{ leadId: web }] });
  expect(other).not.toBe(web);
  const { undoId } = body as Done;
  await serve.post(`/api/undo/${undoId}`);
  const tags = await inside(({ db }) =>
    db.selectFrom('leadTags').select('slug').where('removedAt', 'is', null).execute(),
  );
  expect(tags).toEqual([]);
  const both = { ids: [web], ...doing };
  expect((await serve.post('/api/leads/bulk', both)).status).toBe(422);
});

test('leads that were deleted together come back with their tasks', async ({ serve, inside }) => {
  const ids = await inside(async (scope) => {
    const id = await aLead(scope);
    const task = { workspaceId: scope.workspaceId, kind: 'call', title: 'Call', leadId: id };
    await scope.db.insertInto('tasks').values(task).execute();
    return [id, await aLead(scope)];
  });
  const before = await inside((scope) => rowsOf(scope, 'leads', 'tasks'));
  const { body } = await serve.post('/api/leads/bulk', { ids, action: 'delete' });
  expect((await serve.get('/api/leads')).body).toMatchObject({ items: [] });
  expect((await serve.get(`/api/leads/${ids[0]}`)).status).toBe(404);
  await serve.post(`/api/undo/${(body as Done).undoId}`);
  expect(await inside((scope) => rowsOf(scope, 'leads', 'tasks'))).toEqual(before);
});

test('who entered a sequence is not taken out of it by an undo', async ({ serve, inside }) => {
  const { id, sequenceId } = await inside(async (scope) => ({
    id: await aLead(scope),
    sequenceId: await aSequence(scope),
  }));
  const { body } = await serve.post('/api/leads/bulk', { ids: [id], action: 'enrol', sequenceId });
  expect(body).toMatchObject({ count: 1, undoId: null });
});

test('companies are changed together, what is refused to one is done to the others', async ({
  serve,
  inside,
}) => {
  const ids = await inside(async (scope) => {
    const one = await addCompany(scope, { name: 'Blue Ridge', industry: 'Dental' });
    const two = await addCompany(scope, { name: 'Red Rock' });
    await dealRow(scope, { companyId: two });
    return [one, two];
  });
  const before = await inside((scope) => rowsOf(scope, 'companies'));
  const { body } = await serve.post('/api/companies/bulk', { ids, action: 'delete' });
  expect(body).toMatchObject({ count: 1, refused: [{ id: ids[1] }] });
  expect((body as Done).refused[0]!.because).toMatch('open deal');
  const undone = await serve.post(`/api/undo/${(body as Done).undoId}`);
  expect(undone.body).toEqual({ restored: 1, left: 0 });
  expect(await inside((scope) => rowsOf(scope, 'companies'))).toEqual(before);
  const values = { industry: 'Freight' };
  const update = await serve.post('/api/companies/bulk', { ids, action: 'update', values });
  expect(update.body).toMatchObject({ count: 2 });
  await serve.post(`/api/undo/${(update.body as Done).undoId}`);
  expect(await inside((scope) => rowsOf(scope, 'companies'))).toEqual(before);
});

test('contacts that were deleted together come back with their leads, unless their place is taken', async ({
  serve,
  inside,
}) => {
  const [one, two] = await inside(async (scope) => {
    await aLead(scope, { email: 'a@one.example' });
    await aLead(scope, { email: 'b@two.example' });
    const rows = await scope.db.selectFrom('contacts').select('id').orderBy('id').execute();
    return rows.map(({ id }) => id);
  });
  const { body } = await serve.post('/api/contacts/bulk', { ids: [one, two], action: 'delete' });
  expect(body).toMatchObject({ count: 2 });
  await inside((scope) => addContact(scope, { email: 'b@two.example' }));
  const undone = await serve.post(`/api/undo/${(body as Done).undoId}`);
  expect(undone.body).toEqual({ restored: 1, left: 1 });
  const there = await serve.get(`/api/contacts/${one}`);
  expect(there).toMatchObject({ status: 200, body: { contact: { email: 'a@one.example' } } });
});

test('tags are put on contacts and taken off again', async ({ serve, inside }) => {
  const ids = await inside(async (scope) => {
    await someTags(scope);
    return [
      await addContact(scope, { email: 'a@one.example' }),
      await addContact(scope, { email: 'b@two.example' }),
    ];
  });
  await serve.post('/api/contacts/bulk', { ids: [ids[0]], action: 'tag', slug: 'hot' });
  const both = await serve.post('/api/contacts/bulk', { ids, action: 'tag', slug: 'hot' });
  const off = await serve.post('/api/contacts/bulk', { ids, action: 'untag', slug: 'hot' });
  function tags() {
    return inside(({ db }) => db.selectFrom('recordTags').select('recordId').execute());
  }
  expect(await tags()).toEqual([]);
  await serve.post(`/api/undo/${(off.body as Done).undoId}`);
  expect(await tags()).toHaveLength(2);
  // The first had it before the second was given it.
  await serve.post(`/api/undo/${(both.body as Done).undoId}`);
  expect(await tags()).toEqual([{ recordId: ids[0] }]);
});

test('deals that were changed together are what they were, and what somebody changed since stays', async ({
  serve,
  inside,
}) => {
  const ids = await inside(async (scope) => [await dealRow(scope), await dealRow(scope)]);
  const values = { campaign: 'Autumn' };
  const { body } = await serve.post('/api/deals/bulk', { ids, action: 'update', values });
  expect(body).toMatchObject({ count: 2, refused: [] });
  await serve.patch(`/api/deals/${ids[1]}`, { campaign: 'Winter' });
  const undone = await serve.post(`/api/undo/${(body as Done).undoId}`);
  expect(undone.body).toEqual({ restored: 1, left: 1 });
  const deals = await inside(({ db }) =>
    db.selectFrom('deals').select(['id', 'campaign']).orderBy('id').execute(),
  );
  expect(deals.map(({ campaign }) => campaign)).toEqual([null, 'Winter']);
});
