import { expect } from 'vitest';
import { archiveDeals } from '#db/deal-archive.ts';
import type { Deal } from '#domain/deal.ts';
import type { Loss } from '#domain/deal-loss.ts';
import type { Entry } from '#domain/timeline.ts';
import { aDeal, stagesOf } from '#tests/deals.ts';
import { dealIn } from '#tests/risks.ts';
import { test as base } from '#tests/db.ts';
import { aLead, aMember } from '#tests/leads.ts';

const test = base.extend('stages', ({ inside }) => inside(stagesOf));

test('the timeline of a deal tells its changes, what people did and what was said, page by page', async ({
  serve,
  inside,
  stages,
}) => {
  const leadId = await inside(async (scope) => {
    await aMember(scope, { userId: 'dana' });
    return aLead(scope, { firstName: 'Karl', lastName: 'Bauer' });
  });
  const { body } = await serve.get(`/api/leads/${leadId}`);
  const { contactId } = (body as { lead: { contactId: string } }).lead;
  const { id } = await aDeal(serve, { contactId, amountCents: 100, expectedCloseOn: '2031-03-13' });
  await inside(async ({ db, workspaceId }) => {
    const row = { workspaceId, leadId, channel: 'email', kind: 'reply', direction: 'in' };
    const words = {
      subject: 'Re: quote',
      body: 'Legal wants a change.',
      provider: 'test',
      providerId: 'm1',
    };
    await db
      .insertInto('messages')
      .values({ ...row, ...words, contactId } as never)
      .execute();
  });
  await serve.patch(`/api/deals/${id}`, { expectedCloseOn: '2031-03-27', ownerId: 'dana' });
  await serve.post('/api/activities', { dealId: id, kind: 'comment', body: 'Hold the 27th?' });
  await serve.post(`/api/deals/${id}/lines`, { name: 'Probe', unitPriceCents: 480_240 });
  await serve.post(`/api/deals/${id}/stage`, { stageId: stages['proposal']!.id });
  const end = { stageId: stages['closed_lost']!.id, lostReason: 'Price', lostNote: 'Too dear.' };
  await serve.post(`/api/deals/${id}/stage`, end);
  await serve.post('/api/tasks', { dealId: id, title: 'Ask again', kind: 'task' });

  const whole = await pages('');
  const told = whole.map(({ title, detail, body: said }) => [title, detail ?? said]);
  expect(told).toEqual([
    ['Ask again', expect.anything()],
    ['Lost: Price', 'Too dear.'],
    ['Moved to Proposal', 'from Discovery, now 60 %'],
    ['Probe added', 'amount +$4,801.40'],
    ['Comment', 'Hold the 27th?'],
    ['Owner nothing → dana; close date 2031-03-13 → 2031-03-27', null],
    ['Replied by email', 'Re: quote'],
    ['Deal made', null],
  ]);
  const paged = await pages('&limit=2');
  expect(paged.map((entry) => entry.id)).toEqual(whole.map((entry) => entry.id));
  expect((await serve.get(`/api/deals/${id}/timeline?cursor=x`)).status).toBe(422);

  async function pages(query: string): Promise<Entry[]> {
    const all: Entry[] = [];
    for (let next: string | null = ''; next !== null;) {
      const path = `/api/deals/${id}/timeline?${next && `cursor=${next}`}${query}`;
      const page = (await serve.get(path)).body as { items: Entry[]; next: string | null };
      all.push(...page.items);
      next = page.next;
    }
    return all;
  }
});

test('a deal is found by its name, its company, its contact and its id elsewhere', async ({
  serve,
  inside,
}) => {
  const leadId = await inside((scope) =>
    aLead(scope, { firstName: 'Karl', lastName: 'Brandt', company: 'Bauer Cold Storage' }),
  );
  const { contactId } = ((await serve.get(`/api/leads/${leadId}`)).body as { lead: Deal }).lead;
  const deal = await aDeal(serve, { name: 'Cold chain 100%', contactId, externalId: 'hs-77' });
  expect(deal).toMatchObject({ companyName: 'Bauer Cold Storage', contactName: 'Karl Brandt' });
  await aDeal(serve, { name: 'Keystone' });
  for (const q of ['cold chain', 'BAUER', 'brandt', 'hs-77', '100%25']) {
    const { items } = (await serve.get(`/api/deals/search?q=${q}`)).body as { items: Deal[] };
    expect([q, items.map(({ id }) => id)]).toEqual([q, [deal.id]]);
  }
  expect((await serve.get('/api/deals/search?q=_____')).body).toMatchObject({ items: [] });
  expect((await serve.get('/api/deals/search?q=%20')).status).toBe(422);
  await serve.patch(`/api/companies/${deal.companyId}`, { name: 'Nordfrost' });
  const { items } = (await serve.get('/api/deals/search?q=nordfrost')).body as { items: Deal[] };
  expect(items.map(({ id }) => id)).toEqual([deal.id]);
});

test('lost reasons are kept for a post-mortem with the deals behind each', async ({
  serve,
  stages,
  inside,
}) => {
  await inside((scope) =>
    dealIn(scope, 'closed_lost', { status: 'lost', lostAt: new Date().toISOString() }),
  );
  const losses: [string, number][] = [
    ['Price', 100],
    ['No decision', 900],
    ['price ', 300],
  ];
  for (const [lostReason, amountCents] of losses) {
    const { id } = await aDeal(serve, { name: `${lostReason} ${amountCents}`, amountCents });
    await serve.post(`/api/deals/${id}/stage`, { stageId: stages['proposal']!.id });
    const end = { stageId: stages['closed_lost']!.id, lostReason };
    await serve.post(`/api/deals/${id}/stage`, end);
  }
  const { items } = (await serve.get('/api/deals/lost-reasons')).body as { items: Loss[] };
  expect(items.map(({ reason, count, amountCents }) => [reason, count, amountCents])).toEqual([
    ['No decision', 1, 900],
    ['Price', 2, 400],
    ['', 1, 0],
    ...['Chose a competitor', 'Timing, ask again', 'Not a fit', 'Duplicate'].map((reason) => [
      ...[reason, 0, 0],
    ]),
  ]);
  expect(items[1]!.deals).toMatchObject([
    { name: 'price  300', stage: 'Proposal' },
    { name: 'Price 100', amountCents: 100 },
  ]);
  const later = await serve.get('/api/deals/lost-reasons?since=2099-01-01T00:00:00Z');
  expect((later.body as { items: Loss[] }).items.every(({ count }) => count === 0)).toBe(true);
});

test('the sales pipeline says deal, value, status, platform and company of every active deal', async ({
  serve,
  inside,
  stages,
}) => {
  const leadId = await inside((scope) => aLead(scope, { company: 'Bauer' }));
  const { companyId } = ((await serve.get(`/api/leads/${leadId}`)).body as { lead: Deal }).lead;
  const deal = { name: 'Cold chain', companyId, amountCents: 9_199_264, source: 'hubspot' };
  await aDeal(serve, deal);
  const won = await aDeal(serve);
  await serve.post(`/api/deals/${won.id}/stage`, { stageId: stages['closed_won']!.id });
  expect((await serve.get('/api/sales/pipeline')).body).toMatchObject({
    total: 1,
    items: [
      {
        ...{ deal: 'Cold chain', value: 91_992.64, valueCents: 9_199_264, status: 'open' },
        ...{ platform: 'hubspot', company: 'Bauer', stage: 'discovery' },
      },
    ],
  });
});

test('what was closed more than a year ago is archived and still found', async ({
  serve,
  inside,
  stages,
}) => {
  const wonAt = '2025-03-01T12:00:00.000Z';
  const old = await aDeal(serve, { name: 'Old' });
  await serve.post(`/api/deals/${old.id}/stage`, { stageId: stages['closed_won']!.id, wonAt });
  await aDeal(serve, { name: 'Open' });
  const year = '2026-03-01T12:00:00.000Z';
  expect(await inside((scope) => archiveDeals(scope, year))).toBe(0);
  const after = '2026-03-01T12:00:00.001Z';
  expect(await inside((scope) => archiveDeals(scope, after))).toBe(1);
  expect(await inside((scope) => archiveDeals(scope, after))).toBe(0);
  expect(await names('/api/deals')).toEqual(['Open']);
  expect(await names('/api/deals?archived=true')).toEqual(['Old']);
  expect(await names('/api/deals/search?q=old')).toEqual(['Old']);
  const read = await serve.get(`/api/deals/${old.id}`);
  expect(read.body).toMatchObject({ deal: { archivedAt: after, status: 'won' } });

  async function names(path: string): Promise<string[]> {
    const { items } = (await serve.get(path)).body as { items: Deal[] };
    return items.map(({ name }) => name);
  }
});
