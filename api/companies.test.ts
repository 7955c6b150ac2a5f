import { expect } from 'vitest';
import { seedWorkspace } from '#db/taxonomies.ts';
import { test } from '#tests/db.ts';
import { dealRow } from '#tests/records.ts';
import { aLead, aMember } from '#tests/leads.ts';
import type { Calling } from '#tests/serve.ts';

interface Company {
  id: string;
  updatedAt: string;
}

async function made(serve: Calling, body: object): Promise<Company> {
  const reply = await serve.post('/api/companies', body);
  expect(reply).toMatchObject({ status: 201 });
  return (reply.body as { company: Company }).company;
}

function namesIn(body: unknown): (string | null)[] {
  return (body as { items: { name: string | null }[] }).items.map(({ name }) => name);
}

test('companies are found by what they are called, filtered, sorted and paged', async ({
  serve,
  inside,
}) => {
  await inside(seedWorkspace);
  await inside((scope) => aMember(scope, { userId: 'dana' }));
  const acme = await made(serve, {
    ...{
      name: 'Acme Towing',
      website: 'https://acme.example',
      industry: 'towing',
      ownerId: 'dana',
    },
    status: 'PROSPECT',
  });
  await made(serve, { name: 'Birch Timber', industry: 'timber' });
  await made(serve, { name: 'cedar 50% off', industry: 'timber' });
  await serve.post(`/api/companies/${acme.id}/tags`, { slug: 'interested' });
  const lists = {
    '': ['cedar 50% off', 'Birch Timber', 'Acme Towing'],
    'sort=name': ['Acme Towing', 'Birch Timber', 'cedar 50% off'],
    'q=acme.EXAMPLE': ['Acme Towing'],
    'q=50%25': ['cedar 50% off'],
    'q=ced&industry=timber': ['cedar 50% off'],
    'industry=timber': ['cedar 50% off', 'Birch Timber'],
    'owner=dana': ['Acme Towing'],
    'owner=none': ['cedar 50% off', 'Birch Timber'],
    'q=acme&owner=none': [],
    'status=PROSPECT': ['Acme Towing'],
    'tag=interested': ['Acme Towing'],
    'q=tow&tag=interested': ['Acme Towing'],
  };
  for (const [query, names] of Object.entries(lists)) {
    const { body } = await serve.get(`/api/companies?${query}`);
    expect([query, namesIn(body)]).toEqual([query, names]);
  }
  expect((await serve.get('/api/companies/counts')).body).toEqual({ all: 3 });
  for (const sort of ['newest', 'oldest', 'name', 'updated']) {
    const pages: (string | null)[] = [];
    let cursor = '';
    do {
      const { body } = await serve.get(`/api/companies?limit=1&sort=${sort}${cursor}`);
      pages.push(...namesIn(body));
      const { next } = body as { next: string | null };
      cursor = next ? `&cursor=${next}` : '';
    } while (cursor);
    expect([sort, new Set(pages).size, pages.length]).toEqual([sort, 3, 3]);
  }
  expect((await serve.get('/api/companies?cursor=x')).status).toBe(422);
});

test('a company shows its people, open deals, purchases with their prices, leads, addresses and health', async ({
  serve,
  inside,
}) => {
  const id = await inside(async (scope) => {
    const leadId = await aLead(scope, { firstName: 'Ann', lastName: 'Lee', company: 'Acme' });
    const { companyId } = await scope.db
      .selectFrom('leads')
      .select('companyId')
      .where('id', '=', leadId)
      .executeTakeFirstOrThrow();
    await dealRow(scope, { companyId: companyId!, amountCents: 315_00, name: 'Open' });
    await dealRow(scope, { companyId: companyId!, status: 'lost', name: 'Lost' });
    const won = await dealRow(scope, { companyId: companyId!, status: 'won', amountCents: 200_01 });
    const { workspaceId } = scope;
    const line = { name: 'Camera', sku: 'CAM', quantity: 2, unitPriceCents: 100_01 };
    await scope.db
      .insertInto('dealLines')
      .values({ workspaceId, dealId: won, ...line, discountPercent: 10 } as never)
      .execute();
    return companyId!;
  });
  const { body } = await serve.get(`/api/companies/${id}`);
  expect(body).toMatchObject({
    company: {
      name: 'Acme',
      contacts: [{ name: 'Ann Lee' }],
      contactCount: 1,
      leads: [{ contactName: 'Ann Lee', status: 'new' }],
      openDeals: [
        { name: 'Open', amountCents: 315_00, weightedCents: 63_00, stage: { name: 'Discovery' } },
      ],
      wonDeals: [
        { lines: [{ name: 'Camera', quantity: 2, unitPriceCents: 100_01, totalCents: 180_02 }] },
      ],
      lostDeals: 1,
      sums: { openCents: 315_00, weightedCents: 63_00, lifetimeCents: 200_01, wonDeals: 1 },
      ...{ addresses: [], health: 'healthy', days: 0, because: 'active today' },
    },
  });
});

test('two people who change one company at once are both shown what the other wrote', async ({
  serve,
  inside,
}) => {
  await inside(seedWorkspace);
  const { id, updatedAt } = await made(serve, { name: 'Acme', industry: 'towing' });
  const both = await Promise.all([
    serve.patch(`/api/companies/${id}`, { updatedAt, industry: 'timber' }),
    serve.patch(`/api/companies/${id}`, { updatedAt, industry: 'gravel' }),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  const [won, lost] = both.toSorted((a, b) => a.status - b.status);
  const { industry } = (won!.body as { company: { industry: string } }).company;
  const other = industry === 'timber' ? 'gravel' : 'timber';
  expect(lost!.body).toMatchObject({
    errors: [{ field: 'industry', message: `It is “${industry}” by now; you wanted “${other}”.` }],
  });
  const odd = await serve.patch(`/api/companies/${id}`, { status: 'NOPE' });
  expect(odd).toMatchObject({ status: 422, body: { errors: [{ field: 'status' }] } });
  const nobody = await serve.patch(`/api/companies/${id}`, { ownerId: 'nobody' });
  expect(nobody).toMatchObject({ status: 422, body: { errors: [{ field: 'ownerId' }] } });
});

test('a company that is here under the same domain or name is named and not made again', async ({
  serve,
}) => {
  await made(serve, { name: 'Acme Towing LLC', website: 'https://www.acme.example/about' });
  const same = await serve.post('/api/companies', { name: 'Other', domain: 'acme.example' });
  expect(same).toMatchObject({ status: 409, body: { errors: [{ field: 'domain' }] } });
  await made(serve, { name: 'Birch' });
  const again = await serve.post('/api/companies', { name: 'Birch, Inc.' });
  expect(again).toMatchObject({ status: 409, body: { errors: [{ field: 'name' }] } });
});

test('a deleted company is gone from every list and can be met anew, and one with open deals stays', async ({
  serve,
  inside,
}) => {
  const { id } = await made(serve, { name: 'Acme', domain: 'acme.example' });
  const deal = await inside((scope) => dealRow(scope, { companyId: id }));
  expect(await serve.del(`/api/companies/${id}`)).toMatchObject({ status: 409 });
  await inside(({ db }) =>
    db.updateTable('deals').set({ status: 'lost' }).where('id', '=', deal).execute(),
  );
  expect((await serve.del(`/api/companies/${id}`)).status).toBe(200);
  expect((await serve.get(`/api/companies/${id}`)).status).toBe(404);
  expect(namesIn((await serve.get('/api/companies')).body)).toEqual([]);
  expect((await serve.get('/api/companies/counts')).body).toEqual({ all: 0 });
  expect(namesIn((await serve.get('/api/companies?q=acme')).body)).toEqual([]);
  const lead = await serve.post('/api/leads', { email: 'ann@acme.example', company: 'Acme' });
  const { companyId } = (lead.body as { lead: { companyId: string } }).lead;
  expect(companyId).not.toBe(id);
});

test('a company has addresses of each kind, and invoices and parcels find theirs by rule', async ({
  serve,
}) => {
  const { id } = await made(serve, { name: 'Acme' });
  const at = `/api/companies/${id}/addresses`;
  const office = { kind: 'office', line1: '410 Mill Road', line2: 'Suite 2', city: 'Coldwater' };
  const one = await serve.post(at, { ...office, region: 'OR', postalCode: '97000', country: 'US' });
  expect(one).toMatchObject({
    status: 201,
    body: {
      items: [
        {
          ...{ isBilling: true, isShipping: true },
          oneLine: '410 Mill Road, Suite 2, Coldwater, OR 97000, US',
          twoLines: ['410 Mill Road, Suite 2', 'Coldwater, OR 97000, US'],
        },
      ],
    },
  });
  await serve.post(at, { kind: 'site', line1: 'Route 9' });
  await serve.post(at, { kind: 'billing', line1: 'PO Box 1', isDefault: true });
  const second = await serve.post(at, { kind: 'billing', line1: 'PO Box 2', isDefault: true });
  const { items } = second.body as {
    items: {
      id: string;
      line1: string;
      isBilling: boolean;
      isShipping: boolean;
      isDefault: boolean;
    }[];
  };
  expect(items.filter(({ isBilling }) => isBilling)).toMatchObject([{ line1: 'PO Box 2' }]);
  expect(items.filter(({ isShipping }) => isShipping)).toMatchObject([{ line1: 'Route 9' }]);
  expect(items.filter(({ isDefault }) => isDefault)).toHaveLength(1);
  const box = items.find(({ line1 }) => line1 === 'PO Box 2')!;
  const gone = await serve.del(`${at}/${box.id}`);
  expect(gone.body).toMatchObject({ items: [{}, {}, { line1: 'PO Box 1', isBilling: true }] });
  const moved = await serve.patch(`${at}/${items[0]!.id}`, { kind: 'shipping', isDefault: true });
  expect(moved.body).toMatchObject({ items: [{ isShipping: true, isBilling: false }, {}, {}] });
});

test('a company begins as a lead and becomes a customer, in the words of its workspace', async ({
  serve,
  inside,
}) => {
  await inside(seedWorkspace);
  const { id } = await made(serve, { name: 'Acme' });
  const at = `/api/companies/${id}`;
  expect((await serve.get(at)).body).toMatchObject({ company: { status: 'LEAD' } });
  const customer = await serve.patch(at, { status: 'CUSTOMER' });
  expect(customer).toMatchObject({ status: 200, body: { company: { status: 'CUSTOMER' } } });
  await serve.post('/api/taxonomies/company-status', { slug: 'VIP', label: 'VIP' });
  expect((await serve.patch(at, { status: 'VIP' })).status).toBe(200);
  await serve.patch('/api/taxonomies/company-status/VIP', { archived: true });
  expect((await serve.patch(at, { status: 'VIP' })).status).toBe(422);
});

test('partners are the companies of that status, found like any other', async ({
  serve,
  inside,
}) => {
  await inside(seedWorkspace);
  await made(serve, { name: 'Acme Referrals', status: 'PARTNER', industry: 'agency' });
  await made(serve, { name: 'Birch' });
  const { body } = await serve.get('/api/companies?status=PARTNER');
  expect(body).toMatchObject({
    items: [{ name: 'Acme Referrals', status: 'PARTNER' }],
    next: null,
  });
  expect(namesIn((await serve.get('/api/companies?status=PARTNER&q=birch')).body)).toEqual([]);
});
