import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { aLead, aSequence } from '#tests/leads.ts';
import { enrol } from './entering.ts';
import { enterOnArrival } from './lead-entry.ts';
import { getLead } from './lead-detail.ts';
import { receiveLeads } from './leads.ts';
import { applyTags, removeTag } from './tags.ts';
import {
  addTerm,
  changeTag,
  changeTerm,
  listTags,
  listTerms,
  seedWorkspace,
} from './taxonomies.ts';

test('a tag applied twice is applied once and one that was taken off comes back', async ({
  inside,
}) => {
  await inside(seedWorkspace);
  const leadId = await inside((scope) => aLead(scope));
  const wish = [{ leadId, slug: 'no-answer' }];
  expect(await inside((scope) => applyTags(scope, wish))).toMatchObject([{ times: 1 }]);
  expect(await inside((scope) => applyTags(scope, wish))).toEqual([]);
  await inside((scope) => removeTag(scope, leadId, 'no-answer'));
  await inside((scope) => removeTag(scope, leadId, 'no-answer'));
  expect(await inside((scope) => getLead(scope, leadId))).toMatchObject({ tags: [] });
  expect(await inside((scope) => applyTags(scope, wish))).toMatchObject([{ times: 2 }]);
  expect(await inside((scope) => getLead(scope, leadId))).toMatchObject({ tags: ['no-answer'] });
});

test('an unknown tag and one out of use are refused', async ({ inside }) => {
  await inside(seedWorkspace);
  const leadId = await inside((scope) => aLead(scope));
  await inside((scope) => changeTag(scope, 'callback', { active: false }));
  for (const slug of ['unheard-of', 'callback']) {
    await expect(inside((scope) => applyTags(scope, [{ leadId, slug }]))).rejects.toMatchObject({
      ...{ reason: 'invalid', faults: [{ field: 'slug' }] },
    });
  }
});

test('a disposition starts the sequence bound to it, once each time it is given', async ({
  inside,
}) => {
  await inside(seedWorkspace);
  const leadId = await inside((scope) => aLead(scope));
  await inside((scope) => aSequence(scope, { on: { tag: 'no-answer' } }));
  await inside((scope) => applyTags(scope, [{ leadId, slug: 'no-answer' }]));
  await inside((scope) => applyTags(scope, [{ leadId, slug: 'no-answer' }]));
  const { enrolments } = await inside((scope) => getLead(scope, leadId));
  expect(enrolments).toMatchObject([{ status: 'active', step: 1, steps: 1 }]);
});

test('a disposition cancels what was running before the call', async ({ inside }) => {
  await inside(seedWorkspace);
  const leadId = await inside((scope) => aLead(scope));
  const [before, other] = await inside(async (scope) => [
    await aSequence(scope, { class: 'precall', name: 'Before' }),
    await aSequence(scope, { class: 'nurture', name: 'Other' }),
  ]);
  for (const sequenceId of [before!, other!]) {
    await inside((scope) => enrol(scope, { sequenceId, leadIds: [leadId], enteredBy: 'rep' }));
  }
  await inside((scope) => applyTags(scope, [{ leadId, slug: 'interested' }]));
  const { enrolments } = await inside((scope) => getLead(scope, leadId));
  expect(Object.fromEntries(enrolments.map(({ sequence, status }) => [sequence, status]))).toEqual({
    ...{ Before: 'stopped', Other: 'active' },
  });
});

test('who must not be contacted is suppressed and every sequence of theirs ends', async ({
  inside,
}) => {
  await inside(seedWorkspace);
  const leadId = await inside((scope) =>
    aLead(scope, { email: 'ann@acme.example', phone: '602-555-0142' }),
  );
  const sequenceId = await inside((scope) => aSequence(scope));
  await inside((scope) => enrol(scope, { sequenceId, leadIds: [leadId], enteredBy: 'rep' }));
  await inside((scope) => applyTags(scope, [{ leadId, slug: 'do-not-contact' }]));
  const lead = await inside((scope) => getLead(scope, leadId));
  expect(lead).toMatchObject({
    contact: { doNotContact: true },
    enrolments: [{ status: 'stopped', reason: 'unsubscribed' }],
  });
  const rows = await inside(({ db }) =>
    db.selectFrom('suppressions').select(['channel', 'address']).orderBy('address').execute(),
  );
  expect(rows).toEqual([
    { channel: 'all', address: '+16025550142' },
    { channel: 'all', address: 'ann@acme.example' },
  ]);
});

test('a lead that comes in with a tag enters by arrival and by tag when it has been taken in', async ({
  inside,
}) => {
  await inside(seedWorkspace);
  await inside((scope) => aSequence(scope, { name: 'Arrival', on: { event: 'lead.received' } }));
  await inside((scope) => aSequence(scope, { name: 'Tag', on: { tag: 'needs-call' } }));
  const leadId = await inside((scope) => aLead(scope, { tags: ['needs-call'] }));
  expect(await inside((scope) => getLead(scope, leadId))).toMatchObject({ enrolments: [] });
  await inside((scope) => enterOnArrival(scope, [leadId]));
  await inside((scope) => enterOnArrival(scope, [leadId]));
  const { enrolments } = await inside((scope) => getLead(scope, leadId));
  expect(enrolments.map(({ sequence }) => sequence).toSorted()).toEqual(['Arrival', 'Tag']);
});

test('a new workspace begins with its tags, ten stages and six company statuses', async ({
  inside,
}) => {
  await inside(seedWorkspace);
  await inside(seedWorkspace);
  const tags = await inside(listTags);
  expect(tags.filter(({ kind }) => kind === 'disposition').map(({ slug }) => slug)).toEqual([
    ...['interested', 'callback', 'no-answer', 'left-voicemail', 'not-now', 'not-interested'],
    ...['wrong-number', 'do-not-contact', 'demo-booked', 'sent-quote'],
  ]);
  expect(tags.filter(({ kind }) => kind === 'precall').map(({ slug }) => slug)).toEqual([
    ...['new-reply', 'needs-call', 'call-scheduled', 'researched'],
  ]);
  const stages = await inside((scope) => listTerms(scope, 'lead-stage'));
  expect(stages.map(({ slug }) => slug)).toEqual([
    ...['NEW', 'ENRICHED', 'ATTEMPTING', 'CONTACTED', 'QUALIFIED', 'DEMO_BOOKED'],
    ...['PROPOSAL_SENT', 'NEGOTIATION', 'WON', 'LOST'],
  ]);
  expect(stages.every(({ label, colour }) => label && colour)).toBe(true);
  const statuses = await inside((scope) => listTerms(scope, 'company-status'));
  expect(statuses.map(({ slug }) => slug)).toEqual([
    ...['LEAD', 'PROSPECT', 'CUSTOMER', 'CHURNED', 'PARTNER', 'DO_NOT_CONTACT'],
  ]);
});

test('eight lead sources are built in', async ({ inside }) => {
  const sources = await inside((scope) => listTerms(scope, 'lead-source'));
  expect(sources.map(({ slug }) => slug)).toEqual([
    ...['website', 'referral', 'cold-call', 'social', 'email', 'event', 'partner', 'other'],
  ]);
});

test('a workspace adds its own lead sources and archives those it no longer uses', async ({
  inside,
}) => {
  const own = { taxonomy: 'lead-source', slug: 'trade-show' } as const;
  await inside((scope) => addTerm(scope, { ...own, label: 'Trade show' }));
  const lead = { email: 'ann@acme.example', source: 'Trade Show' };
  const [kept] = await inside((scope) => receiveLeads(scope, [lead]));
  expect(kept).toMatchObject({ flags: [] });
  await inside((scope) => changeTerm(scope, own, { archived: true }));
  const [odd] = await inside((scope) => receiveLeads(scope, [lead]));
  expect(odd).toMatchObject({ flags: [{ field: 'source' }] });
  await expect(
    inside((scope) => addTerm(scope, { ...own, slug: 'website', label: 'Web' })),
  ).rejects.toThrow('There is “website” already.');
});

test('a disposition lets the campaign before us know, once', async ({ inside }) => {
  await inside(seedWorkspace);
  const leadId = await inside((scope) => aLead(scope));
  await inside(({ db, workspaceId }) =>
    db
      .insertInto('connections')
      .values({ workspaceId, source: 'plusvibe', name: 'Campaigns', secrets: '', createdBy: 'rep' })
      .execute(),
  );
  await inside((scope) => applyTags(scope, [{ leadId, slug: 'not-interested' }]));
  await inside((scope) => applyTags(scope, [{ leadId, slug: 'not-interested' }]));
  const told = await inside(({ db }) =>
    db.selectFrom('outbox').select('workflowId').where('workflow', '=', 'tellPlusvibe').execute(),
  );
  expect(told).toEqual([{ workflowId: `plusvibe:tag:${leadId}:not-interested:1` }]);
});
