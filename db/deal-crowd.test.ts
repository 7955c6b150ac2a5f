import { expect } from 'vitest';
import { quotaKey, twinKey } from '#domain/rule-crowd.ts';
import { crowdOf as crowdOfFacts } from '#rules/crowd.ts';
import { test } from '#tests/db.ts';
import { put } from '#tests/deal-facts.ts';
import { daysBefore, dealIn } from '#tests/risks.ts';
import { crowdOf } from './deal-crowd.ts';
import { dealFacts } from './deal-facts.ts';
import type { Scope } from './scope.ts';

/** In Auckland it is April already. */
const now = '2026-03-31T12:30:00.000Z';

function worth(scope: Scope, amountCents: number, values: Parameters<typeof dealIn>[2] = {}) {
  return dealIn(scope, 'discovery', { amountCents, typedCents: amountCents, ...values });
}

test('what deals are together is the same from the database as deal by deal', async ({
  inside,
}) => {
  const { whole, again } = await inside(async (scope) => {
    const one = { companyId: await put(scope, 'companies', { name: 'Northwind ' }) };
    const other = {
      companyId: await put(scope, 'companies', { name: 'northwind', domain: 'n.example' }),
    };
    const alone = { companyId: await put(scope, 'companies', { name: 'Initech' }) };
    await worth(scope, 100_000, { ...one, expectedCloseOn: '2026-03-24' });
    await worth(scope, 100_000, { ...other, expectedCloseOn: '2026-03-25' });
    await worth(scope, 300_000, { ...alone, expectedCloseOn: '2026-04-01' });
    await worth(scope, 0, { ...alone, expectedCloseOn: '2026-03-31' });
    await worth(scope, 900_000, { archivedAt: now });
    for (const days of [10, 20, 90])
      await dealIn(scope, 'closed_won', {
        ...{ status: 'won', wonAt: daysBefore(now, 5), createdAt: daysBefore(now, 5 + days) },
        ...{ amountCents: 1, typedCents: 1 },
      });
    const { deals } = await dealFacts(scope, { now });
    const whole = crowdOfFacts();
    for (const { facts } of deals) whole.add(facts);
    return { whole: whole.whole(), again: await crowdOf(scope, now) };
  });
  expect(again).toEqual(whole);
  expect(again).toMatchObject({
    ...{ medianCents: 100_000, medianCycleDays: 20 },
    twins: { [twinKey('Northwind', 100_000)]: 2 },
    quarters: {
      '2026-Q1': { cents: 200_000, lastWeekCents: 100_000 },
      '2026-Q2': { cents: 300_000, lastWeekCents: 0 },
    },
  });
});

test('a quota of this month, by the workspace’s clock, says how much of it is still open', async ({
  inside,
}) => {
  const gaps = await inside(async (scope) => {
    await scope.db.updateTable('workspaces').set({ timeZone: 'Pacific/Auckland' }).execute();
    const { workspaceId } = scope;
    const quota = { workspaceId, setBy: 'rep', amountCents: 100_000 };
    await scope.db
      .insertInto('quotas')
      .values([
        { ...quota, ownerId: 'ines', month: '2026-04-01' },
        { ...quota, ownerId: 'ines', month: '2026-03-01' },
        { ...quota, ownerId: 'marcus', month: '2026-04-01' },
        { ...quota, ownerId: '', month: '2026-04-01' },
      ])
      .execute();
    const ines = { ownerId: 'ines', expectedCloseOn: '2026-04-30' };
    await worth(scope, 40_000, { ...ines, probability: 50 });
    await worth(scope, 40_000, { ...ines, probability: 50, leftOutBecause: 'On hold' });
    await worth(scope, 40_000, { ...ines, expectedCloseOn: '2026-05-01' });
    const won = { status: 'won', ownerId: 'ines', createdAt: daysBefore(now, 30) } as const;
    await worth(scope, 10_000, { ...won, wonAt: '2026-03-31T11:00:00Z' });
    await worth(scope, 10_000, { ...won, wonAt: '2026-03-31T10:59:59Z' });
    await worth(scope, 500_000, { ownerId: 'marcus', expectedCloseOn: '2026-04-02' });
    return (await crowdOf(scope, now)).quotaGaps;
  });
  expect(gaps).toEqual({ [quotaKey('ines', '2026-04')]: 70, [quotaKey('marcus', '2026-04')]: 0 });
});
