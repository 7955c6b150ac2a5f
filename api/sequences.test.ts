import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { aLead } from '#tests/leads.ts';

const hello = { id: 'hello', kind: 'email', subject: 'Hi', body: 'Hello {{contact.firstName}}' };
const definition = { name: 'Welcome', steps: [hello] };

interface Made {
  id: string;
}

test('a sequence is drafted, published as versions that never change, put away, and listed with its people', async ({
  serve,
  inside,
}) => {
  const made = await serve.post('/api/sequences', { definition });
  expect(made.status).toBe(201);
  const { id } = made.body as Made;
  const at = `/api/sequences/${id}`;
  expect((await serve.post(`${at}/publish`)).body).toMatchObject({ version: 1 });
  const second = { ...definition, steps: [{ ...hello, subject: 'Hello again' }] };
  const saved = await serve.put(`${at}/draft`, { definition: second, rev: 1 });
  expect(saved.body).toEqual({ draftRev: 2 });
  expect((await serve.put(`${at}/draft`, { definition: second, rev: 1 })).status).toBe(409);
  expect((await serve.post(`${at}/publish`)).body).toMatchObject({ version: 2 });
  const versions = await inside(({ db }) =>
    db.selectFrom('sequenceVersions').select(['number', 'definition']).orderBy('number').execute(),
  );
  expect(versions).toMatchObject([
    { number: 1, definition: { steps: [{ subject: 'Hi' }] } },
    { number: 2, definition: { steps: [{ subject: 'Hello again' }] } },
  ]);
  const leadIds = await inside(async (scope) => [await aLead(scope), await aLead(scope)]);
  await serve.post(`${at}/enrolments`, { leadIds });
  expect((await serve.get('/api/sequences')).body).toMatchObject({
    items: [{ id, name: 'Welcome', liveVersion: 2, people: { active: 2 } }],
  });
  expect((await serve.post(`${at}/archive`)).body).toMatchObject({
    archivedAt: expect.any(String) as string,
  });
  const late = await serve.post(`${at}/enrolments`, { leadIds });
  expect(late).toMatchObject({ status: 409, body: { title: 'This sequence is archived.' } });
});

test('what is wrong with a draft is told with its step, and it is not published', async ({
  serve,
}) => {
  const wrong = { name: 'Odd', steps: [{ ...hello, body: 'Hi {{contact.shoeSize}}' }] };
  const { id } = (await serve.post('/api/sequences', { definition: wrong })).body as Made;
  const { body } = await serve.post(`/api/sequences/${id}/lint`);
  expect((body as { problems: object[] }).problems).toContainEqual(
    expect.objectContaining({ severity: 'error', stepId: 'hello' }),
  );
  const published = await serve.post(`/api/sequences/${id}/publish`);
  expect(published.status).toBe(422);
  expect((await serve.get(`/api/sequences/${id}`)).body).toMatchObject({ liveVersion: null });
});

test('a message is previewed for a lead without being sent, or names what is missing', async ({
  serve,
  inside,
}) => {
  const { id } = (await serve.post('/api/sequences', { definition })).body as Made;
  const [ann, nobody] = await inside(async (scope) => [
    await aLead(scope, { email: 'ann@acme.example', firstName: 'Ann' }),
    await aLead(scope),
  ]);
  function preview(leadId: string) {
    return serve.post(`/api/sequences/${id}/preview`, { stepId: 'hello', leadId });
  }
  expect((await preview(ann!)).body).toMatchObject({
    ...{ channel: 'email', to: 'ann@acme.example', subject: 'Hi' },
    text: expect.stringContaining('Hello Ann') as string,
  });
  expect((await preview(nobody!)).body).toMatchObject({ missing: 'contact.firstName' });
  const left = await inside(async ({ db }) => [
    await db.selectFrom('touches').select('id').execute(),
    await db.selectFrom('sandboxMessages').select('id').execute(),
  ]);
  expect(left).toEqual([[], []]);
});

test('people enter once, and each who may not is told why', async ({ serve, inside }) => {
  const { id } = (await serve.post('/api/sequences', { definition })).body as Made;
  await serve.post(`/api/sequences/${id}/publish`);
  const [lead, closed] = await inside(async (scope) => [await aLead(scope), await aLead(scope)]);
  await inside(({ db }) =>
    db
      .updateTable('contacts')
      .set({ doNotContact: true })
      .where('id', 'in', db.selectFrom('leads').select('contactId').where('id', '=', closed!))
      .execute(),
  );
  const leadIds = [lead!, closed!, crypto.randomUUID()];
  const first = await serve.post(`/api/sequences/${id}/enrolments`, { leadIds });
  expect(first).toMatchObject({
    status: 202,
    body: {
      items: [
        { leadId: lead, enrolmentId: expect.any(String) as string },
        { leadId: closed, refused: 'This person must not be contacted.' },
        { refused: 'There is no such lead.' },
      ],
    },
  });
  const again = await serve.post(`/api/sequences/${id}/enrolments`, { leadIds: [lead] });
  expect(again.body).toEqual({ items: [{ leadId: lead, refused: 'Already in this sequence.' }] });
});
