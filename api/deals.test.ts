import { expect } from 'vitest';
import type { Deal } from '#domain/deal.ts';
import { aDeal, stagesOf } from '#tests/deals.ts';
import { test } from '#tests/db.ts';
import { aMember } from '#tests/leads.ts';

test('a deal begins in discovery at 50 % and nothing worth, made by hand', async ({
  serve,
  inside,
}) => {
  const { discovery } = await inside(stagesOf);
  const deal = await aDeal(serve);
  expect(deal).toMatchObject({
    ...{ stageId: discovery!.id, probability: 50, amountCents: 0, source: 'manual' },
    ...{ status: 'open', weightedCents: 0, lineCount: 0, isDemo: false, tags: [] },
  });
});

test('a deal is made, listed, read, changed and moved over HTTP', async ({ serve, inside }) => {
  await inside((scope) => aMember(scope, { userId: 'dana' }));
  const { proposal } = await inside(stagesOf);
  const made = await aDeal(serve, {
    ...{ amountCents: 9_199_264, expectedCloseOn: '2031-03-27', ownerId: 'dana' },
    ...{ location: 'Phoenix', campaign: 'Spring', source: 'hubspot', externalId: 'h-1' },
  });
  const list = (await serve.get('/api/deals?owner=dana&source=hubspot&limit=10')).body;
  expect(list).toMatchObject({ items: [{ id: made.id, amountCents: 9_199_264 }], next: null });
  const change = { location: 'Mesa', updatedAt: made.updatedAt };
  const changed = await serve.patch(`/api/deals/${made.id}`, change);
  expect(changed).toMatchObject({ status: 200, body: { deal: { location: 'Mesa' } } });
  const moved = await serve.post(`/api/deals/${made.id}/stage`, { stageId: proposal!.id });
  expect(moved).toMatchObject({ status: 200, body: { deal: { probability: 60 } } });
  const read = await serve.get(`/api/deals/${made.id}`);
  expect(read.body).toMatchObject({
    deal: { stageId: proposal!.id, weightedCents: 5_519_558, location: 'Mesa', ownerId: 'dana' },
  });
});

test('what cannot be in a deal is refused and every field is named', async ({ serve }) => {
  const bad = { name: ' ', amountCents: -1, probability: 101, expectedCloseOn: 'soon' };
  expect(await serve.post('/api/deals', bad)).toMatchObject({
    status: 422,
    body: {
      errors: [
        { field: 'amountCents' },
        { field: 'probability' },
        { field: 'expectedCloseOn' },
        { field: 'name' },
      ],
    },
  });
  const stranger = crypto.randomUUID();
  const nobody = { name: 'X', companyId: stranger, contactId: stranger, ownerId: 'nobody' };
  expect(await serve.post('/api/deals', nobody)).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'companyId' }, { field: 'contactId' }, { field: 'ownerId' }] },
  });
});

test('deals are listed page by page in any order, by cursor and by offset, each once', async ({
  serve,
}) => {
  for (let n = 0; n < 7; n += 1) {
    const expectedCloseOn = n < 4 ? `2031-01-0${n + 1}` : null;
    await aDeal(serve, { name: `Deal ${n}`, amountCents: n % 3, expectedCloseOn });
  }
  for (const sort of ['newest', 'oldest', 'amount', 'close', 'risk', 'quiet', 'updated']) {
    const whole = await namesOf(`/api/deals?sort=${sort}`);
    expect(new Set(whole.names).size, sort).toBe(7);
    const paged: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const page = await namesOf(`/api/deals?sort=${sort}&limit=2${next && `&cursor=${next}`}`);
      paged.push(...page.names);
      next = page.next;
    }
    expect(paged, sort).toEqual(whole.names);
    const shifted = await namesOf(`/api/deals?sort=${sort}&limit=2&offset=3`);
    expect(shifted.names, sort).toEqual(whole.names.slice(3, 5));
  }
  expect((await serve.get('/api/deals?sort=amount&cursor=xx')).status).toBe(422);

  async function namesOf(path: string) {
    const { items, next } = (await serve.get(path)).body as { items: Deal[]; next: string | null };
    return { names: items.map(({ name }) => name), next };
  }
});
