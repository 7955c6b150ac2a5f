import { sql } from 'kysely';
import { expect } from 'vitest';
import { facts as allFacts } from '#rules/facts.ts';
import { test } from '#tests/db.ts';
import { factsOf, member, now, put } from '#tests/deal-facts.ts';
import { daysBefore, dealIn } from '#tests/risks.ts';
import { dealFacts } from './deal-facts.ts';

test('a deal that was just made knows every fact of the table but those that show beside others', async ({
  inside,
}) => {
  const given = await inside(async (scope) => factsOf(scope, await dealIn(scope, 'discovery')));
  const beside = Object.keys(allFacts).slice(Object.keys(allFacts).indexOf('sameCompanyAndAmount'));
  expect(Object.keys(given).toSorted()).toEqual(
    Object.keys(allFacts)
      .filter((name) => !beside.includes(name))
      .toSorted(),
  );
  expect(given).toMatchObject({
    ...{ name: 'Cold chain', source: 'manual', leadSource: null, companyName: null },
    ...{ ownerId: null, ownerName: null, ownerIsActive: null, tags: [], competitor: null },
    ...{ amountCents: null, lineCount: 0, maxDiscountPercent: null, discountApprovedAt: null },
    ...{ stage: 'discovery', stageName: 'Discovery', stageKind: 'open', stagePosition: 0 },
    ...{ stageProbability: 20, stagesSkipped: 0, movedBackAt: null, proposalSentAt: null },
    ...{ probability: 50, probabilityGap: 30, forecastCategory: 'best_case' },
    ...{ expectedCloseOn: null, closePushes: 0, leftOutBecause: null, wonAt: null, lostAt: null },
    ...{ lostReason: null, nextStep: null, nextStepAt: null, overdueTasks: 0, meetingsInStage: 0 },
    ...{ touchesSinceReply: 0, unansweredSince: null, engagementDropPercent: null },
    ...{ contactCount: 0, primaryContactName: null, primaryContactEmail: null },
    ...{ hasDecisionMaker: false, contactIsDoNotContact: null, ineligibleSms: 0 },
    signedDocuments: 0,
  });
});

test('what stands on a deal is its fact, and what is nothing is known to be nothing', async ({
  inside,
}) => {
  const facts = await inside(async (scope) => {
    await member(scope, 'ines');
    const company = await put(scope, 'companies', { name: 'Northwind' });
    const id = await dealIn(scope, 'negotiation', {
      ...{ ownerId: 'ines', companyId: company, amountCents: 12_500, typedCents: 12_500 },
      ...{ expectedCloseOn: '2026-03-31', nextAction: 'Call', nextActionAt: now, closePushes: 3 },
      ...{ probability: 85, competitor: 'Initech', campaign: 'spring' },
      ...{ fields: JSON.stringify({ Region: 'EMEA', Seats: 12, Note: '' }) },
    });
    return factsOf(scope, id);
  });
  expect(facts).toMatchObject({
    ...{ companyName: 'Northwind', ownerId: 'ines', ownerName: 'Name of ines' },
    ...{ ownerIsActive: true, amountCents: 12_500, expectedCloseOn: '2026-03-31' },
    ...{ nextStep: 'Call', nextStepAt: now, closePushes: 3, forecastCategory: 'commit' },
    ...{ probabilityGap: 5, competitor: 'Initech', leadSource: 'spring' },
    ...{ 'custom.Region': 'EMEA', 'custom.Seats': '12', 'custom.Note': null },
  });
});

test('an owner who has left is known to have left, and is not nobody', async ({ inside }) => {
  const facts = await inside(async (scope) =>
    factsOf(scope, await dealIn(scope, 'discovery', { ownerId: 'gone' })),
  );
  expect(facts).toMatchObject({ ownerIsActive: false, ownerName: 'A former member' });
});

test('a deal that is left out, unlikely or in a sleeping stage is in another category', async ({
  inside,
}) => {
  const categories = await inside(async (scope) => {
    const ids = [
      await dealIn(scope, 'discovery', { probability: 49 }),
      await dealIn(scope, 'discovery', { probability: 50 }),
      await dealIn(scope, 'discovery', { probability: 79 }),
      await dealIn(scope, 'discovery', { probability: 80 }),
      await dealIn(scope, 'discovery', { probability: 90, leftOutBecause: 'On hold' }),
      await dealIn(scope, 'closed_won', { probability: 100, status: 'won', wonAt: now }),
    ];
    const { deals } = await dealFacts(scope, { now, dealIds: ids });
    return ids.map((id) => deals.find(({ dealId }) => dealId === id)!.facts['forecastCategory']);
  });
  expect(categories).toEqual(['pipeline', 'best_case', 'best_case', 'commit', 'omitted', null]);
});

test('a lead’s source is known, and comes before the campaign', async ({ inside }) => {
  const facts = await inside(async (scope) => {
    const contactId = await put(scope, 'contacts', { identity: 'e:a@a.example' });
    const leadId = await put(scope, 'leads', { contactId, source: 'referral' });
    return factsOf(scope, await dealIn(scope, 'discovery', { leadId, campaign: 'spring' }));
  });
  expect(facts['leadSource']).toBe('referral');
});

test('the largest discount of the lines counts, and none of them is a discount of nothing', async ({
  inside,
}) => {
  const [some, none] = await inside(async (scope) => {
    const line = { name: 'Seat', quantity: 1, unitPriceCents: 100 };
    const [a, b] = [
      await dealIn(scope, 'discovery', { lineCount: 2, amountCents: 0 }),
      await dealIn(scope, 'discovery', { lineCount: 1, amountCents: 100 }),
    ];
    await put(scope, 'dealLines', { ...line, dealId: a, discountPercent: '20.5' });
    await put(scope, 'dealLines', { ...line, dealId: a, discountPercent: '100' });
    await put(scope, 'dealLines', { ...line, dealId: b });
    return [await factsOf(scope, a), await factsOf(scope, b)];
  });
  expect(some).toMatchObject({ lineCount: 2, maxDiscountPercent: 100, amountCents: 0 });
  expect(none).toMatchObject({ lineCount: 1, maxDiscountPercent: 0, amountCents: 100 });
});

test('a task is overdue from the moment after it was due, until it is done or given up', async ({
  inside,
}) => {
  const facts = await inside(async (scope) => {
    const dealId = await dealIn(scope, 'discovery');
    const task = { dealId, kind: 'task', title: 'Call' };
    const past = '2026-03-18T08:59:59.999Z';
    await put(scope, 'tasks', { ...task, dueAt: past });
    await put(scope, 'tasks', { ...task, dueAt: now });
    await put(scope, 'tasks', { ...task, dueAt: past, doneAt: now });
    await put(scope, 'tasks', { ...task, dueAt: past, cancelledAt: now });
    await put(scope, 'tasks', task);
    return factsOf(scope, dealId);
  });
  expect(facts['overdueTasks']).toBe(1);
});

test('rules look at what is open or was closed in the last 30 days, page by page', async ({
  inside,
}) => {
  const { names, pages } = await inside(async (scope) => {
    await dealIn(scope, 'discovery', { name: 'open' });
    await dealIn(scope, 'discovery', { name: 'archived', archivedAt: now });
    await dealIn(scope, 'discovery', { name: 'deleted', deletedAt: now });
    const won = { status: 'won' } as const;
    await dealIn(scope, 'closed_won', { name: 'fresh', ...won, wonAt: daysBefore(now, 29.9) });
    await dealIn(scope, 'closed_won', { name: 'old', ...won, wonAt: daysBefore(now, 30) });
    await dealIn(scope, 'closed_lost', {
      name: 'lost',
      status: 'lost',
      lostAt: daysBefore(now, 1),
    });
    const names = [];
    let pages = 0;
    for (let after: string | null = null; pages === 0 || after; pages += 1) {
      const page: Awaited<ReturnType<typeof dealFacts>> = await dealFacts(scope, {
        now,
        after,
        most: 2,
      });
      names.push(...page.deals.map(({ name }) => name));
      after = page.next;
    }
    return { names, pages };
  });
  expect(names).toEqual(['open', 'fresh', 'lost']);
  expect(pages).toBe(2);
});

test('a saved view is looked at as who made it sees it', async ({ inside }) => {
  const names = await inside(async (scope) => {
    await dealIn(scope, 'discovery', { name: 'mine', ownerId: 'ines' });
    await dealIn(scope, 'discovery', { name: 'theirs', ownerId: 'rep' });
    const viewId = await put(scope, 'savedViews', {
      ...{ list: 'deals', name: 'Mine', query: 'owner=me&status=open', ownerId: 'ines' },
    });
    const { deals } = await dealFacts(scope, { now, viewId });
    return deals.map(({ name }) => name);
  });
  expect(names).toEqual(['mine']);
  await expect(
    inside((scope) => dealFacts(scope, { now, viewId: crypto.randomUUID() })),
  ).rejects.toThrow('There is no such view of deals.');
});

test('another workspace’s deal has no facts here', async ({ db, inside }) => {
  const others = await db
    .insertInto('workspaces')
    .values({ name: 'Others' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { rows } = await sql<{ id: string }>`
    insert into deals (workspace_id, pipeline_id, stage_id, name, created_by)
    select workspace_id, pipeline_id, id, 'Theirs', 'x' from stages where workspace_id = ${others.id} limit 1
    returning id`.execute(db);
  const { deals } = await inside((scope) => dealFacts(scope, { now, dealIds: [rows[0]!.id] }));
  expect(deals).toEqual([]);
});
