import { expect } from 'vitest';
import { seedWorkspace } from '#db/taxonomies.ts';
import { test } from '#tests/db.ts';
import { dealRow } from '#tests/records.ts';
import { aMember } from '#tests/leads.ts';
import type { Calling } from '#tests/serve.ts';

interface Contact {
  id: string;
  updatedAt: string;
}

async function made(serve: Calling, body: object): Promise<Contact> {
  const reply = await serve.post('/api/contacts', body);
  expect(reply).toMatchObject({ status: 201 });
  return (reply.body as { contact: Contact }).contact;
}

async function company(serve: Calling, name: string): Promise<string> {
  const { body } = await serve.post('/api/companies', { name });
  return (body as { company: { id: string } }).company.id;
}

function namesIn(body: unknown): string[] {
  return (body as { items: { name: string }[] }).items.map(({ name }) => name);
}

test('contacts are found by name, address and company, filtered and paged', async ({
  serve,
  inside,
}) => {
  await inside(seedWorkspace);
  await inside((scope) => aMember(scope, { userId: 'dana' }));
  const acme = await company(serve, 'Acme Towing');
  const ann = await made(serve, {
    ...{ firstName: 'Ann', lastName: 'Lee', email: 'ann@acme.example', companyId: acme },
    ownerId: 'dana',
  });
  await made(serve, { firstName: 'Bob', email: 'bob@birch.example' });
  await serve.post(`/api/contacts/${ann.id}/tags`, { slug: 'interested' });
  const lists = {
    '': ['Bob', 'Ann Lee'],
    'sort=name': ['Ann Lee', 'Bob'],
    'q=ANN': ['Ann Lee'],
    'q=birch.example': ['Bob'],
    'q=acme tow': ['Ann Lee'],
    [`company=${acme}`]: ['Ann Lee'],
    [`q=bob&company=${acme}`]: [],
    'owner=dana': ['Ann Lee'],
    'tag=interested': ['Ann Lee'],
    'q=lee&tag=interested': ['Ann Lee'],
  };
  for (const [query, names] of Object.entries(lists)) {
    const { body } = await serve.get(`/api/contacts?${query}`);
    expect([query, namesIn(body)]).toEqual([query, names]);
  }
  await serve.patch(`/api/companies/${acme}`, { name: 'Apex Recovery' });
  expect(namesIn((await serve.get('/api/contacts?q=apex')).body)).toEqual(['Ann Lee']);
  expect((await serve.get('/api/contacts/counts')).body).toEqual({ all: 2 });
  const first = await serve.get('/api/contacts?limit=1&sort=name');
  const { next } = first.body as { next: string };
  const second = await serve.get(`/api/contacts?limit=1&sort=name&cursor=${next}`);
  expect(second.body).toMatchObject({ items: [{ name: 'Bob' }], next: null });
});

test('a contact shows company, title, tags, owner, deals open and won, and what they bought', async ({
  serve,
  inside,
}) => {
  const companyId = await company(serve, 'Acme');
  const given = { firstName: 'Ann', title: 'Fleet director', email: 'ann@acme.example', companyId };
  const { id: contactId } = await made(serve, given);
  await inside(async (scope) => {
    await dealRow(scope, { contactId, companyId, name: 'Open', amountCents: 5_00 });
    await dealRow(scope, { contactId, companyId, status: 'won', amountCents: 7_00 });
  });
  expect((await serve.get(`/api/contacts/${contactId}`)).body).toMatchObject({
    contact: {
      ...{ name: 'Ann', title: 'Fleet director', company: { name: 'Acme' }, tags: [], leads: [] },
      openDeals: [{ name: 'Open' }],
      wonDeals: [{ amountCents: 7_00, lines: [] }],
      sums: { openCents: 5_00, lifetimeCents: 7_00 },
    },
  });
});

test('a contact is changed where it stands, and what cannot be is refused at its field', async ({
  serve,
}) => {
  await made(serve, { email: 'bob@acme.example' });
  const { id, updatedAt } = await made(serve, { email: 'ann@acme.example', firstName: 'Ann' });
  const at = `/api/contacts/${id}`;
  expect(await serve.patch(at, { updatedAt, title: 'Owner' })).toMatchObject({
    status: 200,
    body: { contact: { title: 'Owner' } },
  });
  expect(await serve.patch(at, { updatedAt, title: 'Driver' })).toMatchObject({
    status: 409,
    body: { errors: [{ field: 'title', message: 'It is “Owner” by now; you wanted “Driver”.' }] },
  });
  const faults = {
    email: { body: { email: 'bob@acme.example' }, status: 409 },
    phone: { body: { phone: 'call me' }, status: 422 },
    timeZone: { body: { timeZone: 'Mars/Base' }, status: 422 },
    companyId: { body: { companyId: crypto.randomUUID() }, status: 422 },
    ownerId: { body: { ownerId: 'nobody' }, status: 422 },
  };
  for (const [field, { body, status }] of Object.entries(faults)) {
    expect(await serve.patch(at, body)).toMatchObject({ status, body: { errors: [{ field }] } });
  }
  expect(await serve.post('/api/contacts', { firstName: 'Nobody' })).toMatchObject({ status: 422 });
});

test('a deleted contact leaves every list and their leads with them, and comes anew when they write again', async ({
  serve,
}) => {
  const given = { email: 'ann@acme.example', source: 'website', externalId: 'x1' };
  const first = await serve.post('/api/leads', given);
  const { contactId, id } = (first.body as { lead: { id: string; contactId: string } }).lead;
  expect((await serve.del(`/api/contacts/${contactId}`)).status).toBe(200);
  for (const path of [`/api/contacts/${contactId}`, `/api/leads/${id}`])
    expect((await serve.get(path)).status).toBe(404);
  for (const path of ['/api/contacts', '/api/contacts?q=ann', '/api/leads', '/api/leads?q=ann'])
    expect([path, (await serve.get(path)).body]).toMatchObject([path, { items: [] }]);
  expect((await serve.get('/api/leads/counts')).body).toMatchObject({ all: 0, new: 0 });
  expect((await serve.get('/api/contacts/counts')).body).toEqual({ all: 0 });
  const again = await serve.post('/api/leads', given);
  expect(again).toMatchObject({ status: 201, body: { matched: false } });
  expect((again.body as { lead: { contactId: string } }).lead.contactId).not.toBe(contactId);
});
