import { expect } from 'vitest';
import { healthOf } from '#domain/customer.ts';
import { test } from '#tests/db.ts';
import { dealRow } from '#tests/records.ts';

const DAY = 24 * 60 * 60 * 1000;

function ago(days: number): string {
  return new Date(Date.now() - days * DAY).toISOString();
}

test('customers are the companies that bought, who bought most first, and are told apart by how they do', async ({
  serve,
  inside,
}) => {
  const bought = { Small: [1], Big: [40], Gone: [100], None: [] as number[] };
  await inside(async (scope) => {
    for (const [name, days] of Object.entries(bought)) {
      const { id: companyId } = await scope.db
        .insertInto('companies')
        .values({ workspaceId: scope.workspaceId, name })
        .returning('id')
        .executeTakeFirstOrThrow();
      for (const one of days) {
        const at = { wonAt: ago(one), lastActivityAt: ago(one) };
        const amountCents = name === 'Big' ? 900_00 : 100_00;
        await dealRow(scope, { companyId, status: 'won', amountCents, ...at });
      }
      if (name === 'None') await dealRow(scope, { companyId });
    }
  });
  const all = await serve.get('/api/customers');
  const { items } = all.body as { items: object[] };
  expect(items.slice(0, 1)).toMatchObject([
    { name: 'Big', lifetimeCents: 900_00, health: 'at_risk', because: 'no activity for 40 days' },
  ]);
  expect(items).toHaveLength(3);
  expect((await serve.get('/api/customers/counts')).body).toEqual({ all: 3 });
  for (const [health, name] of [
    ['healthy', 'Small'],
    ['at_risk', 'Big'],
    ['churned', 'Gone'],
  ]) {
    const { body } = await serve.get(`/api/customers?health=${health}`);
    expect(body).toMatchObject({ items: [{ name, health }], next: null });
  }
  const first = (await serve.get('/api/customers?limit=2')).body as { next: string };
  const rest = await serve.get(`/api/customers?limit=2&cursor=${first.next}`);
  expect(rest.body).toMatchObject({ items: [{ lifetimeCents: 100_00 }], next: null });
});

test('a customer is healthy to the 30th day, at risk to the 90th, and churned after or without any activity', () => {
  const now = '2026-04-10T12:00:00.000Z';
  function before(days: number, ms = 0): string {
    return new Date(Date.parse(now) - days * DAY - ms).toISOString();
  }
  expect(healthOf(before(30), now).health).toBe('healthy');
  expect(healthOf(before(31, -1), now).health).toBe('healthy');
  expect(healthOf(before(31), now).health).toBe('at_risk');
  expect(healthOf(before(90), now).health).toBe('at_risk');
  expect(healthOf(before(91), now).health).toBe('churned');
  expect(healthOf(null, now)).toEqual({ health: 'churned', days: null, because: 'no activity' });
});
