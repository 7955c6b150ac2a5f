import { sql } from 'kysely';
import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { aLead, aMember } from '#tests/leads.ts';
import { dealRow } from '#tests/records.ts';

interface Line {
  id: string;
  kind: string;
  title: string;
}

const LONG_AGO = '2026-01-05T09:00:00.000Z';

function itemsOf(body: unknown): Line[] {
  return (body as { items: Line[] }).items;
}

test('a call on a deal stands on its contact, company and lead too, and is their last activity', async ({
  serve,
  inside,
}) => {
  const ids = await inside(async (scope) => {
    const leadId = await aLead(scope, { email: 'ann@acme.example', company: 'Acme' });
    const { contactId, companyId } = await scope.db
      .selectFrom('leads')
      .select(['contactId', 'companyId'])
      .where('id', '=', leadId)
      .executeTakeFirstOrThrow();
    const dealId = await dealRow(scope, { contactId, companyId: companyId! });
    await scope.db.updateTable('deals').set({ leadId }).where('id', '=', dealId).execute();
    for (const table of ['leads', 'deals', 'contacts', 'companies'] as const)
      await scope.db.updateTable(table).set({ lastActivityAt: LONG_AGO }).execute();
    return { leadId, contactId, companyId: companyId!, dealId };
  });
  const data = { duration: 12, outcome: 'wants a quote', transcript: 'Ann: can we phase it?' };
  const at = new Date().toISOString();
  const made = await serve.post('/api/activities', { kind: 'call', dealId: ids.dealId, data, at });
  expect(made).toMatchObject({
    status: 201,
    body: { ...ids, kind: 'call', type: 'call', title: 'Call, 12 min, wants a quote', data, at },
  });
  for (const [record, id] of Object.entries(ids)) {
    const { body } = await serve.get(`/api/activities?${record.slice(0, -2)}=${id}&kind=call`);
    expect([record, itemsOf(body).length]).toEqual([record, 1]);
  }
  for (const table of ['leads', 'deals', 'contacts', 'companies'] as const) {
    const row = await inside(({ db }) =>
      db.selectFrom(table).select('lastActivityAt').executeTakeFirstOrThrow(),
    );
    expect([table, row.lastActivityAt]).toEqual([table, at]);
  }
  const earlier = { kind: 'meeting', leadId: ids.leadId, at: '2026-01-06T09:00:00.000Z' };
  expect((await serve.post('/api/activities', earlier)).status).toBe(201);
  const lead = await inside(({ db }) =>
    db.selectFrom('leads').select('lastActivityAt').executeTakeFirstOrThrow(),
  );
  expect(lead.lastActivityAt).toBe(at);
});

test('a member who is mentioned in a comment is told, and nobody tells themselves', async ({
  serve,
  inside,
}) => {
  const me = await serve.signedUp();
  const { body } = await me.post('/api/companies', { name: 'Acme' });
  const { id: companyId } = (body as { company: { id: string } }).company;
  const comment = { kind: 'comment', companyId, body: 'Look at this.' };
  await me.post('/api/activities', { ...comment, mentions: [me.userId] });
  expect((await me.get('/api/notifications')).body).toMatchObject({ items: [] });
  const nobody = await me.post('/api/activities', { ...comment, mentions: ['nobody'] });
  expect(nobody).toMatchObject({ status: 422, body: { errors: [{ field: 'mentions' }] } });
  const own = await inside(async (scope) => {
    await aMember(scope, { userId: 'dana' });
    return aLead(scope, { email: 'ann@acme.example', firstName: 'Ann' });
  });
  const told = await serve.post('/api/activities', {
    ...{ kind: 'comment', leadId: own, body: '@dana look', mentions: ['dana', 'dana'] },
  });
  expect(told.status).toBe(201);
  const rows = await inside(({ db }) =>
    db.selectFrom('notifications').select(['userId', 'kind', 'title', 'href']).execute(),
  );
  expect(rows).toEqual([
    {
      userId: 'dana',
      kind: 'mention',
      title: 'Somebody mentioned you on Ann',
      href: `/leads/${own}`,
    },
  ]);
});

test('an activity is on a record that is there, and never in the future', async ({ serve }) => {
  const unknown = crypto.randomUUID();
  for (const record of ['leadId', 'contactId', 'companyId', 'dealId'])
    expect((await serve.post('/api/activities', { kind: 'note', [record]: unknown })).status).toBe(
      404,
    );
  expect(await serve.post('/api/activities', { kind: 'note' })).toMatchObject({ status: 422 });
  expect(await serve.post('/api/activities', { kind: 'dance', leadId: unknown })).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'kind' }] },
  });
  const { body } = await serve.post('/api/companies', { name: 'Acme' });
  const { id: companyId } = (body as { company: { id: string } }).company;
  const ahead = { kind: 'call', companyId, at: '2099-01-01T00:00:00Z' };
  expect(await serve.post('/api/activities', ahead)).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'at' }] },
  });
});

test('activities can only be added: not one is changed or deleted, in the whole or in a month', async ({
  serve,
  inside,
}) => {
  const { body } = await serve.post('/api/companies', { name: 'Acme' });
  const { id: companyId } = (body as { company: { id: string } }).company;
  const line = await serve.post('/api/activities', { kind: 'note', companyId, body: 'Kept.' });
  const { id } = line.body as Line;
  expect((await serve.del(`/api/activities/${id}`)).status).toBe(404);
  expect((await serve.patch(`/api/activities/${id}`, { body: 'x' })).status).toBe(404);
  const { rows } = await inside(({ db }) =>
    sql<{
      name: string;
    }>`select tableoid::regclass::text as name from activities where id = ${id}`.execute(db),
  );
  for (const table of ['activities', rows[0]!.name])
    for (const attempt of [
      sql`update ${sql.table(table)} set body = null`,
      sql`delete from ${sql.table(table)}`,
    ])
      await expect(inside(({ db }) => attempt.execute(db))).rejects.toMatchObject({
        code: '42501',
      });
  expect(
    itemsOf((await serve.get(`/api/activities?company=${companyId}&type=note`)).body),
  ).toHaveLength(1);
});

test('the feed counts everything and pages through it, each line with its deal and its value', async ({
  serve,
  inside,
}) => {
  const dealId = await inside((scope) => dealRow(scope, { name: 'Cameras', amountCents: 4200_50 }));
  for (const kind of ['call', 'email', 'meeting', 'sms', 'note'])
    await serve.post('/api/activities', { kind, dealId });
  const stages = (await serve.get('/api/pipelines')).body as {
    items: { stages: { id: string; slug: string }[] }[];
  };
  const stageId = stages.items[0]!.stages.find(({ slug }) => slug === 'proposal')!.id;
  expect((await serve.post(`/api/deals/${dealId}/stage`, { stageId })).status).toBe(200);
  const first = await serve.get('/api/sales/activities?limit=2');
  expect(first.body).toMatchObject({
    total_count: 6,
    activities: [
      { type: 'stage_change', deal_id: dealId, deal_name: 'Cameras', deal_value: 4200.5 },
      { type: 'note', description: 'Note' },
    ],
  });
  const rest = (await serve.get('/api/sales/activities?limit=20&offset=2')).body as {
    total_count: number;
    activities: { type: string; timestamp: string }[];
  };
  expect(rest.activities.map(({ type }) => type)).toEqual(['sms', 'meeting', 'email', 'call']);
  expect(Object.keys(rest.activities[0]!).toSorted()).toEqual([
    ...['deal_id', 'deal_name', 'deal_value', 'description', 'id', 'timestamp', 'type'],
  ]);
  await serve.post('/api/activities', { kind: 'call', dealId });
  expect((await serve.get('/api/sales/activities')).body).toMatchObject({ total_count: 7 });
});

test('a list of activities goes on where its page ended, in every order', async ({
  serve,
  inside,
}) => {
  const dealId = await inside((scope) => dealRow(scope));
  for (const day of [3, 1, 2]) {
    const at = `2026-02-0${day}T10:00:00.000Z`;
    await serve.post('/api/activities', { kind: 'call', title: `Call ${day}`, dealId, at });
  }
  for (const [query, titles] of [
    [`deal=${dealId}`, ['Call 3', 'Call 2', 'Call 1']],
    ['type=call', ['Call 2', 'Call 1', 'Call 3']],
  ] as const) {
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const { body } = await serve.get(
        `/api/activities?${query}&limit=1${next && `&cursor=${next}`}`,
      );
      seen.push(...itemsOf(body).map(({ title }) => title));
      ({ next } = body as { next: string | null });
    }
    expect(seen).toEqual(titles);
  }
});
