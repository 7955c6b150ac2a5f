import { expect } from 'vitest';
import { listDeals } from '#db/deal-list.ts';
import { createDeal } from '#db/deals.ts';
import { seedWorkspace } from '#db/taxonomies.ts';
import type { Deal } from '#domain/deal.ts';
import type { Entry } from '#domain/timeline.ts';
import { aDeal } from '#tests/deals.ts';
import { test } from '#tests/db.ts';
import { aLead, aMember } from '#tests/leads.ts';

test('a deal is stale at exactly 14 days without activity and not a moment before', async ({
  serve,
  inside,
}) => {
  const { id } = await aDeal(serve);
  // Over the hour that America/Chicago puts forward on 8 March: days are 24 hours each.
  const lastActivityAt = '2026-03-01T12:00:00.000Z';
  const stale = await inside(async (scope) => {
    const zone = { timeZone: 'America/Chicago' };
    const { db, workspaceId } = scope;
    await db.updateTable('workspaces').set(zone).where('id', '=', workspaceId).execute();
    await db.updateTable('deals').set({ lastActivityAt }).where('id', '=', id).execute();
    const asked = { stale: true, sort: 'newest', limit: 10, offset: 0 } as const;
    return Promise.all(
      ['2026-03-15T11:59:59.999Z', '2026-03-15T12:00:00.000Z'].map(
        async (now) => (await listDeals(scope, asked, now)).items.length,
      ),
    );
  });
  expect(stale).toEqual([0, 1]);
});

test('a deal shows its title, amount, probability, close date and its next step with its date', async ({
  serve,
}) => {
  const deal = await aDeal(serve, { amountCents: 9_199_264, probability: 38 });
  const next = { nextAction: 'Legal review', nextActionAt: '2031-03-18T16:00:00.000Z' };
  await serve.patch(`/api/deals/${deal.id}`, { ...next, expectedCloseOn: '2031-03-27' });
  expect((await serve.get(`/api/deals/${deal.id}`)).body).toMatchObject({
    deal: {
      ...{ name: 'Bauer Cold Storage', amountCents: 9_199_264, probability: 38 },
      ...{ weightedCents: 3_495_720, expectedCloseOn: '2031-03-27', ...next },
    },
  });
});

test('a deal is linked to a company and a contact and unlinked, and its meetings stand in its history', async ({
  serve,
  inside,
}) => {
  const leadId = await inside((scope) => aLead(scope, { firstName: 'Karl', company: 'Bauer' }));
  const { lead } = (await serve.get(`/api/leads/${leadId}`)).body as { lead: Deal };
  const { id, source } = await aDeal(serve, { source: 'salesforce' });
  expect(source).toBe('salesforce');
  const link = { contactId: lead.contactId, companyId: lead.companyId };
  const linked = await serve.patch(`/api/deals/${id}`, link);
  expect(linked.body).toMatchObject({ deal: { contactName: 'Karl', companyName: 'Bauer' } });
  await serve.post('/api/activities', { dealId: id, kind: 'meeting', title: 'Demo on site' });
  const { items } = (await serve.get(`/api/deals/${id}/timeline`)).body as { items: Entry[] };
  expect(items.map(({ title }) => title)).toContain('Demo on site');
  const open = await serve.get(`/api/deals?company=${lead.companyId}&status=open`);
  expect(open.body).toMatchObject({ items: [{ id }] });
  const unlinked = await serve.patch(`/api/deals/${id}`, { contactId: null, companyId: null });
  expect(unlinked.body).toMatchObject({ deal: { contactId: null, companyName: null } });
});

test('a deal has comments with mentions, files and tags', async ({ serve, inside }) => {
  await inside(seedWorkspace);
  await inside((scope) => aMember(scope, { userId: 'dana' }));
  const { id } = await aDeal(serve);
  const words = { body: 'Can we hold the 27th?', mentions: ['dana'] };
  const said = await serve.post('/api/activities', { dealId: id, kind: 'comment', ...words });
  expect(said.status).toBe(201);
  const told = await inside(({ db }) =>
    db.selectFrom('notifications').select(['userId', 'title', 'href']).execute(),
  );
  expect(told).toEqual([
    {
      ...{ userId: 'dana', href: `/deals/${id}` },
      title: 'Somebody mentioned you on Bauer Cold Storage',
    },
  ]);
  const tagged = await serve.post(`/api/deals/${id}/tags`, { slug: 'callback' });
  expect(tagged.body).toMatchObject({ deal: { tags: ['callback'] } });
  const off = await serve.del(`/api/deals/${id}/tags/callback`);
  expect(off.body).toMatchObject({ deal: { tags: [] } });
  const form = new FormData();
  form.set('file', new Blob(['Terms']), 'terms.txt');
  const authorization = `Bearer ${await serve.token()}`;
  const put = await fetch(`${serve.url}/api/attachments?record=deal&id=${id}`, {
    ...{ method: 'POST', body: form, headers: { authorization } },
  });
  expect(put.status).toBe(201);
  const files = await serve.get(`/api/attachments?record=deal&id=${id}`);
  expect(files.body).toMatchObject({ items: [{ fileName: 'terms.txt' }] });
});

test('made-up deals are marked as such', async ({ serve, inside }) => {
  const { id } = await inside((scope) => createDeal(scope, { name: 'Demo', isDemo: true }));
  expect((await serve.get(`/api/deals/${id}`)).body).toMatchObject({ deal: { isDemo: true } });
});

test('a deal is worth as much as fifteen digits say, to the cent', async ({ serve }) => {
  const most = 999_999_999_999_999;
  const deal = await aDeal(serve, { amountCents: most, probability: 99 });
  expect(deal).toMatchObject({ amountCents: most, weightedCents: 989_999_999_999_999 });
  const more = await serve.post('/api/deals', { name: 'More', amountCents: most + 1 });
  expect(more).toMatchObject({ status: 422, body: { errors: [{ field: 'amountCents' }] } });
  const half = await serve.post('/api/deals', { name: 'Half', amountCents: 0.5 });
  expect(half.status).toBe(422);
});
