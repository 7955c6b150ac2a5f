import { sql } from 'kysely';
import { expect, inject } from 'vitest';
import { test } from '#tests/db.ts';
import { caller, serving, someAddress } from '#tests/serve.ts';
import { seedDemo } from './demo.ts';

test('an empty database gets a workspace of made-up people, once, and one call removes it', async ({
  db,
}) => {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db);
  const settings = {
    DATABASE_URL: inject('databaseUrl').replace(/postgres$/, rows[0]!.name),
    AUTH_SECRET: 'a secret for tests, long enough to sign with',
    PUBLIC_BASE_URL: 'http://127.0.0.1',
  };
  const signIn = await seedDemo(settings);
  expect(await seedDemo(settings)).toBeUndefined();
  const [workspace, ...others] = await db.selectFrom('workspaces').selectAll().execute();
  expect([workspace!.demo, others]).toEqual([true, []]);
  const api = await serving(db, { workspaceId: workspace!.id, actor: 'rep' });
  const address = { 'x-test-address': someAddress() };
  const nobody = caller(api.url, address);
  const signed = await nobody.post('/api/auth/sign-in/email', signIn);
  expect(signed.status).toBe(200);
  const cookie = signed.headers.getSetCookie()[0]!.split(';')[0]!;
  const dana = caller(api.url, { ...address, cookie });
  const counts = await dana.get('/api/leads/counts');
  expect(counts.body).toMatchObject({ all: 40 });
  const members = (await dana.get('/api/members')).body as { items: object[] };
  expect(members.items).toHaveLength(2);
  const sequences = (await dana.get('/api/sequences')).body as { items: object[] };
  expect(sequences.items).toMatchObject([1, 2, 3].map(() => ({ liveVersion: 1 })));
  const people = await db.selectFrom('contacts').select(['email', 'phoneE164']).execute();
  for (const { email, phoneE164 } of people) {
    expect(email).toMatch(/(\.example|@example\.(com|org|net))$/);
    if (phoneE164) expect(phoneE164).toMatch(/^\+1\d{3}55501\d\d$/);
  }
  const statuses = await db.selectFrom('enrolments').select('status').distinct().execute();
  expect(statuses.map(({ status }) => status)).toEqual(
    expect.arrayContaining(['active', 'completed', 'paused', 'stopped']),
  );
  const standing = await sql<{ statuses: number; weeks: number; planned: number; tagged: number }>`
    select count(distinct status) as statuses, count(*) filter (where next_action_at > now()) as planned,
      count(*) filter (where created_at < now() - interval '7 days') as weeks,
      (select count(distinct lead_id) from lead_tags) as tagged from leads`.execute(db);
  const { statuses: words, weeks, planned, tagged } = standing.rows[0]!;
  expect([words, weeks > 20, planned > 5, tagged > 10]).toEqual([4, true, true, true]);
  const today = (await dana.get('/api/today')).body as { items: { title: string }[] };
  expect(today.items[0]!.title).toMatch(/^Answered by /);
  const balance = (await dana.get('/api/touches/balance')).body as Record<string, number>;
  const { all, accepted, held, skipped, failed, unknown } = balance;
  expect(all).toBe(accepted! + held! + skipped! + failed! + unknown!);
  const { items: open } = (await dana.get('/api/deals?status=open')).body as { items: object[] };
  expect(open).toHaveLength(9);
  const customers = (await dana.get('/api/customers')).body as { items: object[] };
  expect(customers.items).toHaveLength(13);
  const leads = (await dana.get('/api/leads?limit=1')).body as { items: { id: string }[] };
  const converted = await dana.post(`/api/leads/${leads.items[0]!.id}/convert`, {});
  const { deal } = converted.body as { deal: { id: string } };
  await dana.post(`/api/deals/${deal.id}/lines`, { name: 'Cameras', unitPriceCents: 28_900 });
  expect(await dana.post(`/api/deals/${deal.id}/tags`, { slug: 'callback' })).toMatchObject({
    status: 200,
  });
  expect(await dana.del('/api/demo')).toMatchObject({ status: 200, body: { removed: true } });
  expect(await db.selectFrom('leads').select('id').execute()).toEqual([]);
  expect(await db.selectFrom('workspaces').select('id').execute()).toEqual([]);
  const me = await dana.get('/api/auth/me');
  expect(me.body, 'who signed in stays, and makes a workspace of their own').toMatchObject({
    workspace: null,
  });
  const zone = { timezone: 'America/Chicago', currency: 'USD' };
  expect(await dana.post('/api/workspaces', { name: 'Ours', ...zone })).toMatchObject({
    status: 201,
  });
  expect((await dana.del('/api/demo')).status, 'what people made stays').toBe(409);
  await api.stop();
});
