import { sql } from 'kysely';
import { expect } from 'vitest';
import { facts as allFacts } from '#rules/facts.ts';
import { test } from '#tests/db.ts';
import { daysBefore, dealIn, stageOf } from '#tests/risks.ts';
import { type DealFacts, dealFacts } from './deal-facts.ts';
import type { Scope } from './scope.ts';

const now = '2026-03-18T09:00:00.000Z';

async function factsOf(scope: Scope, dealId: string, at = now): Promise<DealFacts['facts']> {
  const { deals } = await dealFacts(scope, { now: at, dealIds: [dealId] });
  return deals[0]!.facts;
}

/** Rows of a table, as JSON gives them. */
async function put(scope: Scope, table: string, ...rows: object[]): Promise<string> {
  const all = rows.map((row) => ({ workspaceId: scope.workspaceId, ...row }));
  const [first] = await scope.db
    .insertInto(table as 'contacts')
    .values(all as never)
    .returning('id')
    .execute();
  return first!.id;
}

function member(scope: Scope, userId: string, role = 'rep') {
  const { workspaceId } = scope;
  const row = {
    workspaceId,
    userId,
    name: `Name of ${userId}`,
    email: `${userId}@a.example`,
    role,
  };
  return scope.db.insertInto('members').values(row).execute();
}

async function moved(scope: Scope, dealId: string, at: string, from: string, to: string) {
  const [before, after] = [await stageOf(scope, from), await stageOf(scope, to)];
  await event(scope, dealId, {
    ...{ kind: 'stage_changed', at },
    ...{ before: { stageId: before.id }, after: { stageId: after.id } },
  });
}

async function event(scope: Scope, dealId: string, { before = {}, after = {}, ...rest }: Event) {
  const row = { workspaceId: scope.workspaceId, dealId, actor: 'rep', ...rest };
  const sides = { before: JSON.stringify(before), after: JSON.stringify(after) };
  await scope.db
    .insertInto('dealEvents')
    .values({ ...row, ...sides })
    .execute();
}

interface Event {
  kind: string;
  at: string;
  actor?: string;
  before?: object;
  after?: object;
}

async function activity(
  scope: Scope,
  values: { at: string; kind: string; [column: string]: unknown },
) {
  const row = { workspaceId: scope.workspaceId, title: 'x', actor: 'rep', ...values };
  const data = JSON.stringify(values['data'] ?? {});
  await scope.db
    .insertInto('activities')
    .values({ ...row, data } as never)
    .execute();
}

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

test('a discount of a rep waits for a manager, by a change of theirs or by a task that they did', async ({
  inside,
}) => {
  const days = (ago: number) => daysBefore(now, ago);
  const approved = await inside(async (scope) => {
    await member(scope, 'ines');
    await member(scope, 'mara', 'manager');
    const given = { kind: 'line_added', after: { line: { discountPercent: 25 } } };
    const ids = [];
    for (let index = 0; index < 5; index += 1) ids.push(await dealIn(scope, 'discovery'));
    const [byRep, byManager, later, overtaken, byTask] = ids as [
      string,
      string,
      string,
      string,
      string,
    ];
    await event(scope, byRep, { ...given, at: days(5), actor: 'ines' });
    await event(scope, byManager, { ...given, at: days(5), actor: 'mara' });
    await event(scope, later, { ...given, at: days(5), actor: 'ines' });
    await event(scope, later, { ...given, kind: 'line_changed', at: days(3), actor: 'mara' });
    await event(scope, overtaken, { ...given, at: days(5), actor: 'mara' });
    await event(scope, overtaken, { ...given, kind: 'line_changed', at: days(4), actor: 'ines' });
    await event(scope, byTask, { ...given, at: days(5), actor: 'ines' });
    await put(scope, 'tasks', {
      ...{ dealId: byTask, kind: 'task', title: 'Approve the discount' },
      ...{ doneAt: days(2), doneBy: 'mara' },
    });
    const { deals } = await dealFacts(scope, { now, dealIds: ids });
    return deals.map(({ facts }) => facts['discountApprovedAt']);
  });
  expect(approved).toEqual([null, days(5), days(3), null, days(2)]);
});

test('stages that the last move left out are counted, whatever happened before', async ({
  inside,
}) => {
  const skipped = await inside(async (scope) => {
    const ids = [];
    for (const slug of ['proposal', 'negotiation', 'qualification', 'closed_lost', 'closed_won'])
      ids.push(await dealIn(scope, slug));
    const [one, two, back, lost, won] = ids as [string, string, string, string, string];
    await moved(scope, one, daysBefore(now, 3), 'discovery', 'qualification');
    await moved(scope, one, daysBefore(now, 2), 'qualification', 'proposal');
    await moved(scope, two, daysBefore(now, 2), 'discovery', 'negotiation');
    await moved(scope, back, daysBefore(now, 3), 'discovery', 'negotiation');
    await moved(scope, back, daysBefore(now, 2), 'negotiation', 'qualification');
    await moved(scope, lost, daysBefore(now, 2), 'discovery', 'closed_lost');
    await moved(scope, won, daysBefore(now, 2), 'qualification', 'closed_won');
    const { deals } = await dealFacts(scope, { now, dealIds: ids });
    return deals.map(({ facts }) => [facts['stagesSkipped'], facts['movedBackAt']]);
  });
  const went = daysBefore(now, 2);
  expect(skipped).toEqual([
    [0, null],
    [2, null],
    [0, went],
    [0, null],
    [2, null],
  ]);
});

test('a deal that was opened again did not move back', async ({ inside }) => {
  const facts = await inside(async (scope) => {
    const id = await dealIn(scope, 'discovery');
    await moved(scope, id, daysBefore(now, 1), 'closed_lost', 'discovery');
    return factsOf(scope, id);
  });
  expect(facts['movedBackAt']).toBeNull();
});

test('a proposal was sent when a deal first stood there, or when one was attached', async ({
  inside,
}) => {
  const sent = await inside(async (scope) => {
    const ids = [
      await dealIn(scope, 'negotiation'),
      await dealIn(scope, 'proposal', { stageEnteredAt: daysBefore(now, 4) }),
      await dealIn(scope, 'negotiation'),
      await dealIn(scope, 'negotiation'),
    ];
    await moved(scope, ids[0]!, daysBefore(now, 9), 'discovery', 'proposal');
    await moved(scope, ids[0]!, daysBefore(now, 8), 'proposal', 'negotiation');
    const file = {
      record: 'deal',
      mediaType: 'application/pdf',
      bytes: 1,
      blob: 'x',
      createdBy: 'rep',
    };
    const createdAt = daysBefore(now, 7);
    await put(scope, 'attachments', {
      ...file,
      recordId: ids[2],
      fileName: 'Quote 7.pdf',
      createdAt,
    });
    await put(scope, 'attachments', {
      ...file,
      recordId: ids[3],
      fileName: 'Notes.pdf',
      createdAt,
    });
    const { deals } = await dealFacts(scope, { now, dealIds: ids });
    return deals.map(({ facts }) => facts['proposalSentAt']);
  });
  expect(sent).toEqual([daysBefore(now, 9), daysBefore(now, 4), daysBefore(now, 7), null]);
});

test('only what is signed is a signed document', async ({ inside }) => {
  const facts = await inside(async (scope) => {
    const id = await dealIn(scope, 'closed_won');
    const file = {
      record: 'deal',
      recordId: id,
      mediaType: 'application/pdf',
      bytes: 1,
      blob: 'x',
    };
    for (const fileName of [
      'Contract_signed.pdf',
      'unsigned.pdf',
      'Assigned seats.pdf',
      'Executed MSA.pdf',
    ])
      await put(scope, 'attachments', { ...file, fileName, createdBy: 'rep' });
    return factsOf(scope, id);
  });
  expect(facts['signedDocuments']).toBe(2);
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

test('meetings count from the moment a deal came into its stage', async ({ inside }) => {
  const facts = await inside(async (scope) => {
    const entered = daysBefore(now, 10);
    const dealId = await dealIn(scope, 'proposal', { stageEnteredAt: entered });
    for (const at of [daysBefore(now, 11), entered, daysBefore(now, 3), daysBefore(now, -1)])
      await activity(scope, { dealId, kind: 'meeting', at });
    await activity(scope, { dealId, kind: 'meeting_done', at: daysBefore(now, 2) });
    await activity(scope, { dealId, kind: 'call', at: daysBefore(now, 2) });
    return factsOf(scope, dealId);
  });
  expect(facts['meetingsInStage']).toBe(3);
});

test('what we sent counts since they last said something, and what they said waits for us', async ({
  inside,
}) => {
  const days = (ago: number) => daysBefore(now, ago);
  const [silent, waiting, met] = await inside(async (scope) => {
    const contactId = await put(scope, 'contacts', { identity: 'e:a@a.example' });
    const leadId = await put(scope, 'leads', { contactId });
    const silent = await dealIn(scope, 'discovery', { leadId, contactId });
    const waiting = await dealIn(scope, 'discovery');
    const met = await dealIn(scope, 'discovery');
    const message = {
      direction: 'in',
      channel: 'email',
      leadId,
      contactId,
      body: 'Yes',
      provider: 'p',
    };
    await put(scope, 'messages', { ...message, providerId: '1', at: days(9) });
    await put(scope, 'messages', { ...message, providerId: '2', kind: 'auto-reply', at: days(1) });
    const touch = { leadId, contactId, channel: 'email', dueAt: days(9), state: 'accepted' };
    await put(scope, 'touches', { ...touch, key: 'a', acceptedAt: days(10) });
    await put(scope, 'touches', { ...touch, key: 'b', acceptedAt: days(8) });
    await put(scope, 'touches', { ...touch, key: 'c', state: 'failed' });
    await activity(scope, { dealId: silent, kind: 'email', at: days(7) });
    await activity(scope, { leadId, kind: 'call', at: days(6) });
    await activity(scope, { dealId: waiting, kind: 'call', at: days(5) });
    await activity(scope, {
      dealId: waiting,
      kind: 'email',
      at: days(4),
      data: { direction: 'in' },
    });
    await activity(scope, {
      dealId: waiting,
      kind: 'email',
      at: days(3),
      data: { direction: 'in' },
    });
    await activity(scope, { dealId: waiting, kind: 'mail_opened', at: days(2) });
    await activity(scope, { dealId: met, kind: 'email', at: days(4), data: { direction: 'in' } });
    await activity(scope, { dealId: met, kind: 'meeting', at: days(3) });
    const { deals } = await dealFacts(scope, { now, dealIds: [silent, waiting, met] });
    return deals.map(({ facts }) => facts);
  });
  expect(silent).toMatchObject({ touchesSinceReply: 3, unansweredSince: null });
  expect(waiting).toMatchObject({ touchesSinceReply: 0, unansweredSince: days(4) });
  expect(met).toMatchObject({ touchesSinceReply: 0, unansweredSince: null });
});

test('engagement drops against the fortnight before, and says nothing of too few touchpoints', async ({
  inside,
}) => {
  const drops = await inside(async (scope) => {
    const ids = [];
    for (const ago of [
      [1, 15, 16, 20],
      [14, 15],
      [14, 28],
      [14, 27, 13.9],
      [1, 2, 3, 15, 16],
    ]) {
      const dealId = await dealIn(scope, 'discovery');
      for (const days of ago)
        await activity(scope, { dealId, kind: 'call', at: daysBefore(now, days) });
      ids.push(dealId);
    }
    const { deals } = await dealFacts(scope, { now, dealIds: ids });
    return deals.map(({ facts }) => facts['engagementDropPercent']);
  });
  expect(drops).toEqual([67, 100, null, 50, 0]);
});

test('people of a deal are its contact, its lead’s, who did something on it, and who moved at its company', async ({
  inside,
}) => {
  const facts = await inside(async (scope) => {
    const company = { companyId: await put(scope, 'companies', { name: 'Northwind' }) };
    const [first, second, third] = [
      await put(scope, 'contacts', {
        ...{
          ...company,
          identity: 'e:1',
          email: 'Ann@Acme.example',
          firstName: 'Ann',
          lastName: 'Lee',
        },
        title: 'Office manager',
      }),
      await put(scope, 'contacts', { ...company, identity: 'e:2', title: 'VP Sales' }),
      await put(scope, 'contacts', { ...company, identity: 'e:3', lastActivityAt: now }),
    ];
    await put(scope, 'contacts', {
      ...company,
      identity: 'e:4',
      lastActivityAt: daysBefore(now, 90),
    });
    await put(scope, 'contacts', { ...company, identity: 'e:5' });
    const id = await dealIn(scope, 'discovery', {
      ...{ ...company, contactId: first, createdAt: daysBefore(now, 30) },
    });
    await activity(scope, { dealId: id, contactId: second, kind: 'meeting', at: now });
    expect(third).toBeTruthy();
    return factsOf(scope, id);
  });
  expect(facts).toMatchObject({
    ...{ contactCount: 3, hasDecisionMaker: true },
    ...{ primaryContactName: 'Ann Lee', primaryContactEmail: 'Ann@Acme.example' },
    contactIsDoNotContact: false,
  });
});

test('a title decides by its whole words', async ({ inside }) => {
  const decides = await inside(async (scope) => {
    const ids = [];
    for (const title of [
      'CEO',
      'Head of IT',
      'Geschäftsführerin',
      'Assistant',
      'Leadership coach',
      null,
    ]) {
      const contactId = await put(scope, 'contacts', { identity: `x:${String(title)}`, title });
      ids.push(await dealIn(scope, 'discovery', { contactId }));
    }
    const { deals } = await dealFacts(scope, { now, dealIds: ids });
    return deals.map(({ facts }) => facts['hasDecisionMaker']);
  });
  expect(decides).toEqual([true, true, true, false, false, false]);
});

test('who asked not to be contacted is known by their record or by their wish', async ({
  inside,
}) => {
  const asked = await inside(async (scope) => {
    const base = { identity: 'e:1', email: 'a@a.example', emailNormalized: 'a@a.example' };
    const contacts = [
      await put(scope, 'contacts', { identity: 'e:0', doNotContact: true }),
      await put(scope, 'contacts', base),
      await put(scope, 'contacts', { identity: 'e:2', emailNormalized: 'b@a.example' }),
    ];
    const { workspaceId } = scope;
    const wish = { workspaceId, channel: 'email', reason: 'unsubscribed', source: 'link' };
    await scope.db
      .insertInto('suppressions')
      .values([
        { ...wish, address: 'a@a.example' },
        { ...wish, address: 'b@a.example', liftedAt: now },
      ])
      .execute();
    const ids = [];
    for (const contactId of contacts) ids.push(await dealIn(scope, 'discovery', { contactId }));
    const { deals } = await dealFacts(scope, { now, dealIds: ids });
    return deals.map(({ facts }) => facts['contactIsDoNotContact']);
  });
  expect(asked).toEqual([true, true, false]);
});

test('a text to who may not get one counts, unless it never went', async ({ inside }) => {
  const counts = await inside(async (scope) => {
    const ids = [];
    for (const [index, smsEligible] of [false, true, true].entries()) {
      const contactId = await put(scope, 'contacts', { identity: `p:${index}`, smsEligible });
      const leadId = await put(scope, 'leads', { contactId });
      const touch = { leadId, contactId, channel: 'sms', dueAt: now };
      await put(scope, 'touches', { ...touch, key: `a${index}`, state: 'accepted' });
      await put(scope, 'touches', { ...touch, key: `b${index}`, state: 'planned' });
      await put(scope, 'touches', { ...touch, key: `c${index}`, state: 'skipped' });
      if (index === 2) {
        const consent = { contactId, channel: 'sms', source: 'form' };
        await put(scope, 'consents', { ...consent, state: 'given' });
        await put(scope, 'consents', { ...consent, state: 'withdrawn' });
      }
      ids.push(await dealIn(scope, 'discovery', { contactId }));
    }
    const { deals } = await dealFacts(scope, { now, dealIds: ids });
    return deals.map(({ facts }) => facts['ineligibleSms']);
  });
  expect(counts).toEqual([2, 0, 2]);
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
