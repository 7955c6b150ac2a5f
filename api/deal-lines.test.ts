import fc from 'fast-check';
import { expect } from 'vitest';
import { addLine, changeLine, type Lines, removeLine } from '#db/deal-lines.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import type { DealLine } from '#domain/deal-line.ts';
import { aDeal } from '#tests/deals.ts';
import { test as base } from '#tests/db.ts';
import { aMember } from '#tests/leads.ts';

const camera = { sku: 'DC-2', name: 'Dual camera', priceCents: 28_900, costCents: 15_768 };

const test = base
  .extend('product', async ({ serve }) => {
    return (await serve.post('/api/products', camera)).body as { id: string };
  })
  .extend('as', ({ db, who }) => {
    return <T>(actor: string, work: (scope: Scope) => Promise<T>): Promise<T> =>
      inWorkspace(db, { ...who, actor }, work);
  });

test('a line copies the price and the cost of its product, and a later price changes nothing', async ({
  serve,
  product,
}) => {
  const { id } = await aDeal(serve, { amountCents: 5_000_00 });
  const line = { productId: product.id, quantity: 46, discountPercent: 12 };
  const added = await serve.post(`/api/deals/${id}/lines`, line);
  expect(added).toMatchObject({
    status: 201,
    body: {
      deal: { amountCents: 1_169_872, lineCount: 1 },
      items: [{ name: 'Dual camera', sku: 'DC-2', unitPriceCents: 28_900, totalCents: 1_169_872 }],
    },
  });
  await serve.patch(`/api/products/${product.id}`, { priceCents: 99_900, costCents: 1 });
  const read = (await serve.get(`/api/deals/${id}/lines`)).body as Lines;
  expect(read.items[0]).toMatchObject({ unitPriceCents: 28_900, unitCostCents: 15_768 });
  expect(read.deal.amountCents).toBe(1_169_872);
});

test('the amount follows every change of a line and is what was typed when there is none', async ({
  serve,
  product,
}) => {
  const { id } = await aDeal(serve, { amountCents: 777 });
  const own = { name: 'Install', unitPriceCents: 7_200, quantity: 46, discountPercent: 40 };
  await serve.post(`/api/deals/${id}/lines`, { productId: product.id });
  const { items } = (await serve.post(`/api/deals/${id}/lines`, own)).body as Lines;
  expect(items.map(({ name, totalCents }) => [name, totalCents])).toEqual([
    ['Dual camera', 28_900],
    ['Install', 198_720],
  ]);
  const [first, second] = items.map((line) => `/api/deals/${id}/lines/${line.id}`);
  const changed = await serve.patch(second!, { quantity: 1, discountPercent: 12.5 });
  expect(changed.body).toMatchObject({ deal: { amountCents: 28_900 + 6_300 } });
  const typed = await serve.patch(`/api/deals/${id}`, { amountCents: 5 });
  expect(typed).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'amountCents', message: 'The amount is the sum of its lines.' }] },
  });
  await serve.del(first!);
  expect((await serve.del(second!)).body).toMatchObject({
    deal: { amountCents: 777, lineCount: 0 },
    items: [],
    sum: { totalCents: 0, marginCents: null, marginPercent: null },
  });
  expect((await serve.del(second!)).status).toBe(404);
});

test('the margin is shown per line and for the deal, with a warning under the floor', async ({
  serve,
  product,
}) => {
  const { id } = await aDeal(serve);
  await serve.post(`/api/deals/${id}/lines`, { productId: product.id, quantity: 10 });
  const install = { name: 'Install, on site', unitPriceCents: 7_200, discountPercent: 40 };
  const { body } = await serve.post(`/api/deals/${id}/lines`, { ...install, unitCostCents: 3_931 });
  expect(body).toMatchObject({
    items: [
      { marginCents: 131_320, marginPercent: 45.4, warning: null },
      {
        ...{ marginCents: 389, marginPercent: 9 },
        warning: 'Install, on site is under your 15 % margin floor; a manager has to agree.',
      },
    ],
    sum: {
      ...{ listCents: 296_200, discountCents: 2_880, totalCents: 293_320 },
      ...{ marginCents: 131_709, marginPercent: 44.9, floorPercent: 15 },
    },
  });
});

test('a discount is 0 to 100 % with two decimals', async ({ serve }) => {
  const { id } = await aDeal(serve);
  const line = { name: 'Plan', unitPriceCents: 1_000 };
  for (const [discountPercent, status] of [
    [-0.01, 422],
    [100.01, 422],
    [12.345, 422],
    [0, 201],
    [33.33, 201],
    [100, 201],
  ] as const) {
    const reply = await serve.post(`/api/deals/${id}/lines`, { ...line, discountPercent });
    expect([discountPercent, reply.status]).toEqual([discountPercent, status]);
  }
  const whole = 999_999_999_999_999;
  const much = { name: 'Moon', unitPriceCents: whole };
  expect((await serve.post(`/api/deals/${id}/lines`, { ...much, quantity: 2 })).status).toBe(422);
  expect((await serve.post(`/api/deals/${id}/lines`, much)).status).toBe(422);
  expect((await serve.get(`/api/deals/${id}`)).body).toMatchObject({
    deal: { amountCents: 1_667 },
  });
});

test('only a manager overrides the price of a product', async ({ serve, as, product }) => {
  const { id: dealId } = await aDeal(serve);
  await as('boss', async (scope) => {
    await aMember(scope, { userId: 'rob', role: 'rep' });
    await aMember(scope, { userId: 'mia', role: 'manager' });
  });
  const dear = { productId: product.id, quantity: 1, discountPercent: 0, unitPriceCents: 30_000 };
  await expect(as('rob', (scope) => addLine(scope, dealId, dear))).rejects.toMatchObject({
    reason: 'forbidden',
  });
  const own = { ...dear, unitPriceCents: 28_900 };
  const { items } = await as('rob', (scope) => addLine(scope, dealId, own));
  const line = { dealId, lineId: items[0]!.id };
  await expect(
    as('rob', (scope) => changeLine(scope, line, { unitPriceCents: 1 })),
  ).rejects.toMatchObject({ reason: 'forbidden' });
  const { deal } = await as('mia', (scope) => changeLine(scope, line, { unitPriceCents: 25_000 }));
  expect(deal.amountCents).toBe(25_000);
});

test('two who add, change and remove lines at once lose no cent', async ({ serve }) => {
  const { id } = await aDeal(serve);
  const line = { name: 'Probe', unitPriceCents: 333, discountPercent: 50 };
  const added = await Promise.all(
    Array.from({ length: 8 }, () => serve.post(`/api/deals/${id}/lines`, line)),
  );
  expect(added.map(({ status }) => status)).toEqual(Array(8).fill(201));
  const before = (await serve.get(`/api/deals/${id}/lines`)).body as Lines;
  const at = before.deal.updatedAt;
  const [first, second] = before.items.map((one) => `/api/deals/${id}/lines/${one.id}`);
  const [mine, theirs, gone] = await Promise.all([
    serve.patch(first!, { quantity: 2, updatedAt: at }),
    serve.patch(first!, { quantity: 3, updatedAt: at }),
    serve.del(second!),
  ]);
  expect([mine.status, theirs.status].toSorted()).toEqual([200, 409]);
  expect(gone.status).toBe(200);
  const { deal, items } = (await serve.get(`/api/deals/${id}/lines`)).body as Lines;
  expect(deal).toMatchObject({ lineCount: 7, amountCents: total(items) });
});

test('whatever is done to lines, the amount is their sum to the cent', async ({
  db,
  who,
  serve,
}) => {
  const line = fc.record({
    unitPriceCents: fc
      .oneof(fc.integer({ min: 0, max: 999 }), fc.maxSafeNat())
      .map((cents) => cents % 1_000_000_000),
    quantity: fc.integer({ min: 1, max: 10_000 }),
    discountPercent: fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100),
  });
  const step = fc.tuple(fc.constantFrom('add', 'add', 'change', 'remove'), line, fc.nat());
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const { id: dealId } = await aDeal(serve, { amountCents: 42 });
      let lines: DealLine[] = [];
      for (const [what, values, at] of steps) {
        const lineId = lines[at % lines.length || 0]?.id;
        const done = await inWorkspace(db, who, (scope) => {
          if (what === 'add' || !lineId) return addLine(scope, dealId, { name: 'X', ...values });
          if (what === 'change') return changeLine(scope, { dealId, lineId }, values);
          return removeLine(scope, { dealId, lineId });
        });
        lines = done.items;
        for (const one of lines) expect(BigInt(one.totalCents)).toBe(exact(one));
        const expected = lines.length > 0 ? lines.map(exact).reduce((a, b) => a + b) : 42n;
        expect(BigInt(done.deal.amountCents)).toBe(expected);
        expect(done.sum.totalCents).toBe(total(lines));
      }
    }),
    { numRuns: 20 },
  );
});

/** Half a cent goes away from zero; amounts are never negative. */
function exact({ unitPriceCents, quantity, discountPercent }: DealLine): bigint {
  const hundredths = BigInt(Math.round(discountPercent * 100));
  const scaled = BigInt(unitPriceCents) * BigInt(quantity) * (10_000n - hundredths);
  const [whole, rest] = [scaled / 10_000n, scaled % 10_000n];
  return rest >= 5_000n ? whole + 1n : whole;
}

function total(lines: DealLine[]): number {
  return lines.reduce((sum, { totalCents }) => sum + totalCents, 0);
}
