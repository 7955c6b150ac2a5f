import { expect } from 'vitest';
import type { Inbound } from '#domain/message.ts';
import { test } from '#tests/db.ts';
import { aLead } from '#tests/leads.ts';
import { contactOf, merge, twice } from '#tests/merges.ts';
import { addContact } from './contact-records.ts';
import { matchMessage } from './matching.ts';
import { withMerged } from './merged.ts';

test('who comes in under the address of somebody merged is the one they were merged into', async ({
  inside,
}) => {
  const { keptId, mergedId, kept } = await inside((scope) => twice(scope));
  const third = await inside((scope) => contactOf(scope, { email: 'third@whitfield.example' }));
  await inside((scope) => merge(scope, keptId, mergedId));
  const again = await inside((scope) => aLead(scope, { email: 'd.w@post.example' }));
  expect(again).toBe(kept.leadId);
  await inside((scope) => merge(scope, third.contactId, keptId));
  expect(await inside((scope) => aLead(scope, { email: 'D.W@post.example' }))).toBe(third.leadId);
  const all = await inside((scope) => withMerged(scope, 'contact', third.contactId));
  expect(all.toSorted()).toEqual([third.contactId, keptId, mergedId].toSorted());
});

test('somebody who has the address by now is found before who was merged', async ({ inside }) => {
  const { keptId, mergedId } = await inside((scope) => twice(scope));
  await inside((scope) => merge(scope, keptId, mergedId));
  const own = await inside((scope) => addContact(scope, { email: 'd.w@post.example' }));
  const lead = await inside((scope) => contactOf(scope, { email: 'd.w@post.example' }));
  expect(lead.contactId).toBe(own);
});

test('an answer from the old address of somebody merged is theirs', async ({ inside }) => {
  const { keptId, mergedId } = await inside((scope) => twice(scope));
  await inside((scope) => merge(scope, keptId, mergedId));
  const answer = {
    ...({ channel: 'email', kind: 'reply', from: 'd.w@post.example' } as const),
    ...{ to: 'sam@ours.example', text: 'Yes', provider: 'sandbox', providerId: 'm1' },
    at: new Date().toISOString(),
  } as Inbound;
  const found = await inside((scope) => matchMessage(scope, answer));
  expect(found).toMatchObject({ contactId: keptId, by: 'sender', confidence: 1 });
});
