import { expect } from 'vitest';
import { enrol } from '#db/entering.ts';
import { test } from '#tests/db.ts';
import { aLead, aMember, aSequence } from '#tests/leads.ts';

interface Converted {
  deal: { id: string };
  created: boolean;
}

const ann = {
  ...{ email: 'ann@acme.example', firstName: 'Ann', lastName: 'Lee', company: 'Acme Towing' },
  ...{ source: 'referral', campaign: 'Towing AZ' },
};

test('one click makes contact, company and deal of a lead, ends its sequences, and every record tells of it', async ({
  serve,
  inside,
}) => {
  const id = await inside(async (scope) => {
    await aMember(scope, { userId: 'dana' });
    const leadId = await aLead(scope, ann);
    const change = {
      ownerId: 'dana',
      nextAction: 'Send quote',
      nextActionAt: '2030-01-02T09:00:00Z',
    };
    await scope.db.updateTable('leads').set(change).where('id', '=', leadId).execute();
    const sequenceId = await aSequence(scope);
    await enrol(scope, { sequenceId, leadIds: [leadId], enteredBy: 'rep' });
    return leadId;
  });
  const task = await serve.post('/api/tasks', { leadId: id, title: 'Call Ann' });
  const { id: taskId } = task.body as { id: string };
  const reply = await serve.post(`/api/leads/${id}/convert`, { amountCents: 4200_00 });
  expect(reply).toMatchObject({
    status: 201,
    body: {
      created: true,
      deal: {
        ...{ name: 'Acme Towing', amountCents: 4200_00, leadId: id, ownerId: 'dana' },
        ...{ source: 'referral', campaign: 'Towing AZ', contactName: 'Ann Lee' },
        ...{ companyName: 'Acme Towing', nextAction: 'Send quote', status: 'open' },
      },
    },
  });
  const { deal } = reply.body as { deal: { id: string; contactId: string; companyId: string } };
  expect((await serve.get(`/api/leads/${id}`)).body).toMatchObject({
    lead: {
      ...{ status: 'converted', isConverted: true },
      enrolments: [{ status: 'stopped', reason: 'converted' }],
    },
  });
  const told = await inside(({ db }) =>
    db
      .selectFrom('activities')
      .select(['leadId', 'contactId', 'companyId', 'dealId'])
      .where('kind', '=', 'lead_converted')
      .execute(),
  );
  const { contactId, companyId } = deal;
  expect(told).toEqual([{ leadId: id, contactId, companyId, dealId: deal.id }]);
  const [open] = await inside(({ db }) =>
    db.selectFrom('tasks').select(['id', 'dealId']).where('id', '=', taskId).execute(),
  );
  expect(open).toMatchObject({ dealId: deal.id });
  expect((await serve.get('/api/leads/funnel')).body).toMatchObject({ new: 1, converted: 1 });
});

test('twenty who convert one lead at once get one deal, and one of them made it', async ({
  serve,
  inside,
  db,
}) => {
  const id = await inside((scope) => aLead(scope, ann));
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      serve.post(`/api/leads/${id}/convert`, { dealName: `Deal of ${n}` }),
    ),
  );
  expect(all.map(({ status }) => status).toSorted()).toEqual([...Array(19).fill(200), 201]);
  const deals = new Set(all.map(({ body }) => (body as Converted).deal.id));
  expect(deals.size).toBe(1);
  expect(all.filter(({ body }) => (body as Converted).created)).toHaveLength(1);
  for (const table of ['deals', 'contacts', 'companies'] as const) {
    const { count } = await db
      .selectFrom(table)
      .innerJoin('leads', 'leads.workspaceId', `${table}.workspaceId`)
      .where('leads.id', '=', id)
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect([table, count]).toEqual([table, 1]);
  }
});

test('leads of one new company that are converted at once share it', async ({ serve, inside }) => {
  const ids = await inside(async (scope) => [
    await aLead(scope, { email: 'ann@gmail.com' }),
    await aLead(scope, { email: 'bob@gmail.com' }),
  ]);
  const all = await Promise.all(
    ids.map((id) => serve.post(`/api/leads/${id}/convert`, { company: 'Acme Towing' })),
  );
  expect(all.map(({ status }) => status)).toEqual([201, 201]);
  const companies = all.map(({ body }) => (body as { companyId: string }).companyId);
  expect(companies[0]).toBe(companies[1]);
  expect(companies[0]).toEqual(expect.any(String));
});

test('who may be the same person is told with the conversion', async ({ serve, inside }) => {
  const id = await inside(async (scope) => {
    await aLead(scope, { ...ann, email: 'ann.lee@acme.example', phone: '(602) 555-0142' });
    return aLead(scope, { ...ann, email: 'ann@acme.example' });
  });
  const { body } = await serve.post(`/api/leads/${id}/convert`);
  const { duplicates } = body as { duplicates: { record: string; score: number }[] };
  expect(duplicates).toMatchObject([{ record: 'contact', score: expect.any(Number) as number }]);
});

test('spam and what is not there cannot be converted, and a lead that was converted by hand gets its deal', async ({
  serve,
  inside,
}) => {
  const [spam, closed] = await inside(async (scope) => [
    await aLead(scope, { status: 'spam' }),
    await aLead(scope, { status: 'converted' }),
  ]);
  expect(await serve.post(`/api/leads/${spam}/convert`)).toMatchObject({ status: 409 });
  const nobody = await serve.post(`/api/leads/${crypto.randomUUID()}/convert`);
  expect(nobody.status).toBe(404);
  expect((await serve.post(`/api/leads/${closed}/convert`)).body).toMatchObject({ created: true });
});

test('a lead of somebody who has left becomes a deal that nobody owns', async ({
  serve,
  inside,
}) => {
  const id = await inside(async (scope) => {
    const leadId = await aLead(scope, ann);
    await scope.db.updateTable('leads').set({ ownerId: 'gone' }).where('id', '=', leadId).execute();
    return leadId;
  });
  const reply = await serve.post(`/api/leads/${id}/convert`);
  expect(reply).toMatchObject({ status: 201, body: { deal: { ownerId: null } } });
});
