import { expect } from 'vitest';
import type { LeadInput, Received } from '#domain/lead.ts';
import { test } from '#tests/db.ts';
import { receiveLeads } from './leads.ts';
import { inWorkspace, type Scope } from './scope.ts';
import { seedWorkspace } from './taxonomies.ts';

const ann: LeadInput = {
  email: 'Ann@Acme.example',
  phone: '(602) 555-0142',
  firstName: 'Ann',
  lastName: 'Lee',
  company: 'Acme Towing, Inc.',
};

test('a lead becomes one company one contact and one lead', async ({ inside }) => {
  const [received] = await inside((scope) => receiveLeads(scope, [ann]));
  expect(received).toMatchObject({ outcome: 'created', flags: [] });
  expect(await inside(counts)).toEqual({ companies: 1, contacts: 1, leads: 1, promised: 1 });
  const contact = await inside(({ db }) =>
    db.selectFrom('contacts').selectAll().executeTakeFirstOrThrow(),
  );
  expect(contact).toMatchObject({
    emailNormalized: 'ann@acme.example',
    phoneE164: '+16025550142',
    identity: 'e:ann@acme.example',
  });
});

test('a replay creates nothing', async ({ inside }) => {
  const first = await inside((scope) => receiveLeads(scope, [ann]));
  const again = await inside((scope) => receiveLeads(scope, [ann], { eventKey: 'a' }));
  await inside((scope) => receiveLeads(scope, [ann], { eventKey: 'a' }));
  expect(again).toEqual([{ ...first[0], outcome: 'matched', isDue: false }]);
  expect(await inside(counts)).toEqual({ companies: 1, contacts: 1, leads: 1, promised: 1 });
  const lines = await inside(({ db }) => db.selectFrom('activities').select('kind').execute());
  expect(lines.map(({ kind }) => kind).toSorted()).toEqual([
    'lead_received',
    'lead_received_again',
  ]);
});

test('fifty at once of the same person are one company one contact and one lead', async ({
  inside,
}) => {
  const all = await Promise.all(
    Array.from({ length: 50 }, () => inside((scope) => receiveLeads(scope, [ann]))),
  );
  expect(await inside(counts)).toEqual({ companies: 1, contacts: 1, leads: 1, promised: 1 });
  expect(all.flat().filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
});

test('two crowds that overlap in opposite order both go in', async ({ inside }) => {
  const crowd = Array.from({ length: 200 }, (_, n) => person(n));
  await Promise.all([
    inside((scope) => receiveLeads(scope, crowd)),
    inside((scope) => receiveLeads(scope, crowd.toReversed())),
    inside((scope) => receiveLeads(scope, crowd)),
  ]);
  expect(await inside(counts)).toEqual({
    ...{ companies: 200, contacts: 200, leads: 200, promised: 200 },
  });
});

test('the same person twice in one call is one lead', async ({ inside }) => {
  const received = await inside((scope) =>
    receiveLeads(scope, [ann, { ...ann, email: 'ANN@acme.example', title: 'Owner' }]),
  );
  expect(received.map(({ outcome }) => outcome)).toEqual(['created', 'matched']);
  expect(await inside(counts)).toEqual({ companies: 1, contacts: 1, leads: 1, promised: 1 });
});

test('what a lead lacked is filled in and what it had stays', async ({ inside }) => {
  const before = { email: ann.email, firstName: 'Ann', company: 'Acme Towing' };
  await inside((scope) => receiveLeads(scope, [{ ...before, fields: { trucks: 4 } }]));
  const again = {
    ...ann,
    firstName: 'Anna',
    title: 'Owner',
    fields: { trucks: 9, fuel: 'diesel' },
  };
  await inside((scope) => receiveLeads(scope, [again]));
  const lead = await inside(({ db }) =>
    db
      .selectFrom('leads')
      .innerJoin('contacts', 'contacts.id', 'leads.contactId')
      .select(['firstName', 'title', 'phoneE164', 'leads.fields', 'leads.search'])
      .executeTakeFirstOrThrow(),
  );
  expect(lead).toMatchObject({
    ...{ firstName: 'Ann', title: 'Owner', phoneE164: '+16025550142' },
    fields: { trucks: 4, fuel: 'diesel' },
    search: expect.stringContaining('+16025550142') as string,
  });
});

test('a company is known by place then by domain then by name', async ({ inside }) => {
  const [byName, byDomain, byPlace, otherPlace, named] = await each(inside, [
    { company: 'Acme Towing', phone: '602-555-0101' },
    { company: 'Acme Towing LLC', email: 'bob@acme.example' },
    { company: 'ACME', website: 'https://www.acme.example', phone: '602-555-0102', placeId: 'p1' },
    { company: 'Acme Towing', website: 'acme.example', phone: '602-555-0103', placeId: 'p2' },
    { company: 'The Acme Towing Co', phone: '602-555-0104', placeId: 'p1' },
  ]);
  expect(byDomain).toBe(byName);
  expect(byPlace).toBe(byName);
  expect(named).toBe(byName);
  expect(otherPlace).not.toBe(byName);
});

test('a free mailbox never names a company', async ({ inside }) => {
  const [one, other] = await each(inside, [
    { email: 'ann.lee@gmail.com' },
    { email: 'bob.ray@gmail.com', company: 'Acme' },
  ]);
  expect(one).toBeNull();
  expect(other).not.toBeNull();
  expect(await inside(counts)).toMatchObject({ companies: 1, contacts: 2 });
});

// Bob is the nameless one of that number: neither name nor address conflicts.
test('a number tells a contact unless name or address says otherwise', async ({ inside }) => {
  const phone = '602-555-0142';
  const received = await inside(async (scope) => [
    ...(await receiveLeads(scope, [{ phone, firstName: 'Ann', lastName: 'Lee' }])),
    ...(await receiveLeads(scope, [{ phone, email: 'ann@acme.example', firstName: 'ann' }])),
    ...(await receiveLeads(scope, [{ phone, email: 'bob@acme.example' }])),
    ...(await receiveLeads(scope, [{ phone, firstName: 'Bob' }])),
    ...(await receiveLeads(scope, [{ phone, email: 'ann@acme.example' }])),
  ]);
  const [a, b, c, d, e] = received.map((one) => one.outcome !== 'rejected' && one.contactId);
  expect(b).toBe(a);
  expect(e).toBe(a);
  expect(c).not.toBe(a);
  expect(d).toBe(c);
});

test('a source that calls a lead by its id finds it whatever else it says', async ({ inside }) => {
  const known = { source: 'plusvibe', externalId: 'x1' };
  const received = await inside(async (scope) => [
    ...(await receiveLeads(scope, [{ ...known, email: 'ann@acme.example' }])),
    ...(await receiveLeads(scope, [{ ...known, email: 'ann.lee@other.example' }])),
  ]);
  expect(leadIds(received)).toHaveLength(1);
  expect(await inside(counts)).toMatchObject({ contacts: 1, leads: 1 });
});

test('what is invalid is refused with its field and the others go in', async ({ inside }) => {
  const received = await inside((scope) =>
    receiveLeads(scope, [
      { email: 'not an address' },
      { phone: 'call me' },
      { firstName: 'Nobody' },
      { company: 'Acme' },
      { email: 'ann@acme.example', notes: 'a\0b' },
      { email: 'bob@acme.example', companySize: -1 },
      ann,
    ]),
  );
  const fields = received.map((one) => one.outcome === 'rejected' && one.faults[0]!.field);
  expect(fields).toEqual(['email', 'phone', 'email', 'email', 'notes', 'companySize', false]);
  expect(await inside(counts)).toMatchObject({ leads: 1 });
});

test('a company with its place needs neither address nor number', async ({ inside }) => {
  const place = { company: 'Acme', placeId: 'p1' };
  const received = await inside(async (scope) => [
    ...(await receiveLeads(scope, [place, place])),
    ...(await receiveLeads(scope, [{ ...place, phone: '602-555-0142' }])),
  ]);
  expect(leadIds(received)).toHaveLength(1);
});

test('what is merely odd is kept and flagged', async ({ inside }) => {
  await inside(seedWorkspace);
  const odd = {
    ...{ email: 'x@mailinator.com', phone: '111-111-1111', website: 'n/a', source: 'Moon' },
    ...{ tags: ['interested', 'unheard-of'], status: 'qualified' },
    address: { country: 'Atlantis' },
  };
  const [received] = await inside((scope) => receiveLeads(scope, [odd]));
  expect(received).toMatchObject({ outcome: 'created' });
  const { flags, status } = await inside(({ db }) =>
    db.selectFrom('leads').select(['flags', 'status']).executeTakeFirstOrThrow(),
  );
  const fields = (flags as { field: string }[]).map(({ field }) => field);
  expect(fields.toSorted()).toEqual(
    ['address.country', 'email', 'phone', 'source', 'status', 'tags', 'website'].toSorted(),
  );
  expect(status).toBe('contacted');
});

test('a field called __proto__ is stored as plain data', async ({ inside }) => {
  const fields = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}') as object;
  await inside((scope) => receiveLeads(scope, [{ ...ann, fields: fields as never }]));
  const row = await inside(({ db }) =>
    db.selectFrom('leads').select('fields').executeTakeFirstOrThrow(),
  );
  expect(JSON.stringify(row.fields)).toBe('{"__proto__":{"polluted":true},"constructor":1}');
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('a number without a prefix belongs to the region of the workspace', async ({ inside }) => {
  await inside(({ db }) => db.updateTable('workspaces').set({ defaultRegion: 'GB' }).execute());
  await inside((scope) => receiveLeads(scope, [{ phone: '020 7946 0018' }]));
  const { phoneE164 } = await inside(({ db }) =>
    db.selectFrom('contacts').select('phoneE164').executeTakeFirstOrThrow(),
  );
  expect(phoneE164).toBe('+442079460018');
});

test('a pasted link goes where it belongs, wherever it was pasted', async ({ inside }) => {
  const pasted = {
    ...{ website: 'https://www.linkedin.com/company/acme', mapsUrl: 'https://acme.example' },
    linkedin: 'https://www.google.com/maps/place/Acme',
  };
  await inside((scope) => receiveLeads(scope, [{ ...ann, ...pasted }]));
  const company = await inside(({ db }) =>
    db.selectFrom('companies').selectAll().executeTakeFirstOrThrow(),
  );
  expect(company).toMatchObject({
    ...{ linkedin: pasted.website, mapsUrl: pasted.linkedin, website: pasted.mapsUrl },
    domain: 'acme.example',
  });
});

test('one workspace never matches the people of another', async ({ db, inside }) => {
  await inside((scope) => receiveLeads(scope, [ann]));
  const { id } = await db
    .insertInto('workspaces')
    .values({ name: 'Other' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const other = { workspaceId: id, actor: 'rep' };
  const received = await inWorkspace(db, other, (scope) => receiveLeads(scope, [ann]));
  expect(received[0]?.outcome).toBe('created');
});

function person(n: number): LeadInput {
  return { email: `p${n}@firm${n}.example`, company: `Firm ${n}`, phone: '' };
}

function leadIds(received: Received[]): string[] {
  return [...new Set(received.flatMap((one) => (one.outcome === 'rejected' ? [] : one.leadId)))];
}

/** Each in a call of its own; answers the company of each. */
async function each(
  inside: <T>(work: (scope: Scope) => Promise<T>) => Promise<T>,
  inputs: LeadInput[],
): Promise<unknown[]> {
  const companies: unknown[] = [];
  for (const input of inputs) {
    const [received] = await inside((scope) => receiveLeads(scope, [input]));
    companies.push(received?.outcome === 'rejected' ? received : received?.companyId);
  }
  return companies;
}

async function counts({ db }: Scope) {
  async function count(table: 'companies' | 'contacts' | 'leads' | 'outbox') {
    const { n } = await db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow();
    return n;
  }
  return {
    companies: await count('companies'),
    contacts: await count('contacts'),
    leads: await count('leads'),
    promised: await count('outbox'),
  };
}
