import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { event, factsOf, member, moved, now, put } from '#tests/deal-facts.ts';
import { daysBefore, dealIn } from '#tests/risks.ts';
import { dealFacts } from './deal-facts.ts';

test('a discount of a rep waits for a manager, by a change of theirs or by a task that they did', async ({
  inside,
}) => {
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

function days(ago: number): string {
  return daysBefore(now, ago);
}
