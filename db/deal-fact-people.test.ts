import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { activity, factsOf, now, put } from '#tests/deal-facts.ts';
import { daysBefore, dealIn } from '#tests/risks.ts';
import { dealFacts } from './deal-facts.ts';

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
