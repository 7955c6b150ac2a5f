import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { aLead, aMember } from '#tests/leads.ts';
import { receiveMessage } from './replies.ts';
import type { Scope } from './scope.ts';
import { saveSender } from './senders.ts';

function text(scope: Scope, from: string, to: string) {
  return receiveMessage(scope, {
    ...{ channel: 'sms', kind: 'reply', provider: 'sms-gateway', from, to, text: 'Hello?' },
    ...{ providerId: crypto.randomUUID(), at: new Date().toISOString() },
  });
}

test('a text is told to the owner of its lead, else to the member whose number it came to', async ({
  inside,
}) => {
  await inside(async (scope) => {
    for (const userId of ['dana', 'marcus']) await aMember(scope, { userId });
    await saveSender(scope, { channel: 'sms', address: '+16025550101', userId: 'marcus' });
    await saveSender(scope, { channel: 'sms', address: '+16025550100' });
  });
  const [hers, nobodys] = await inside(async (scope) => [
    await aLead(scope, { phone: '602-555-0142' }),
    await aLead(scope, { phone: '602-555-0143' }),
  ]);
  await inside(({ db }) =>
    db.updateTable('leads').set({ ownerId: 'dana' }).where('id', '=', hers!).execute(),
  );
  await inside((scope) => text(scope, '+16025550142', '(602) 555-0101'));
  await inside((scope) => text(scope, '+16025550143', '602-555-0101'));
  await inside((scope) => text(scope, '+13125550177', '+16025550101'));
  await inside((scope) => text(scope, '+13125550178', '+16025550100'));
  const told = await inside(({ db }) =>
    db.selectFrom('notifications').select(['userId', 'leadId', 'title']).orderBy('id').execute(),
  );
  expect(told).toEqual([
    { userId: 'dana', leadId: hers, title: 'Answered by sms' },
    { userId: 'marcus', leadId: nobodys, title: 'Answered by sms' },
    { userId: 'marcus', leadId: null, title: 'Somebody unknown wrote by sms' },
  ]);
  const tasks = await inside(({ db }) =>
    db.selectFrom('tasks').select(['leadId', 'assigneeId']).orderBy('id').execute(),
  );
  expect(tasks).toEqual([
    { leadId: hers, assigneeId: 'dana' },
    { leadId: nobodys, assigneeId: 'marcus' },
  ]);
});
