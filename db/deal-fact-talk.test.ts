import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { activity, factsOf, now, put } from '#tests/deal-facts.ts';
import { daysBefore, dealIn } from '#tests/risks.ts';
import { dealFacts } from './deal-facts.ts';

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

function days(ago: number): string {
  return daysBefore(now, ago);
}
