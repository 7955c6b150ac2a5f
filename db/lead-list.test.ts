import { expect } from 'vitest';
import type { LeadInput } from '#domain/lead.ts';
import { test } from '#tests/db.ts';
import { getLead } from './lead-detail.ts';
import { countLeads, listLeads } from './lead-list.ts';
import { leadSorts } from './lead-page.ts';
import { receiveLeads } from './leads.ts';
import type { Scope } from './scope.ts';
import { applyTags } from './tags.ts';
import { seedWorkspace } from './taxonomies.ts';

const limit = 50;

test.for(leadSorts)(
  'every lead stands on one page exactly when sorted by %s',
  async (sort, { inside }) => {
    await inside(async (scope) => {
      await receiveLeads(scope, crowd(23));
      await scope.db
        .updateTable('leads')
        .set({ score: 5, nextActionAt: '2026-01-01T00:00:00Z' })
        .where('externalId', 'in', ['1', '3', '5', '7', '9', '11'])
        .execute();
    });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await inside((scope) => listLeads(scope, { sort, limit: 4, cursor }));
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next ?? undefined;
    } while (cursor);
    expect(seen).toHaveLength(23);
    expect(new Set(seen).size).toBe(23);
  },
);

test('rows without a score come after those with one', async ({ inside }) => {
  await inside(async (scope) => {
    await receiveLeads(scope, crowd(3));
    await scope.db.updateTable('leads').set({ score: 5 }).where('externalId', '=', '1').execute();
  });
  const { items } = await inside((scope) => listLeads(scope, { sort: 'score', limit }));
  expect(items.map(({ externalId }) => externalId)).toEqual(['1', '2', '0']);
});

test('a search finds by name by address by number and by company, in any case', async ({
  inside,
}) => {
  await inside(async (scope) => {
    await receiveLeads(scope, crowd(5));
    await receiveLeads(scope, [
      { email: 'ann@acme.example', firstName: 'Ann', lastName: 'Lée', company: '100% Towing' },
      { phone: '602-555-0142', firstName: 'Bob' },
    ]);
  });
  async function found(q: string) {
    const { items } = await inside((scope) => listLeads(scope, { q, limit }));
    return items.map(({ contact }) => contact.firstName);
  }
  expect(await found('ANN@acme')).toEqual(['Ann']);
  expect(await found('lée')).toEqual(['Ann']);
  expect(await found('100% t')).toEqual(['Ann']);
  expect(await found('5550142')).toEqual(['Bob']);
  expect(await found('_')).toEqual([]);
});

test('a search and the other filters narrow together, page by page', async ({ inside }) => {
  await inside(async (scope) => {
    await receiveLeads(scope, crowd(30));
    await scope.db
      .updateTable('leads')
      .set({ nextActionAt: '2026-01-01T00:00:00Z' })
      .where('externalId', 'in', ['0', '1', '2'])
      .execute();
  });
  const pages: (string | null)[][] = [];
  let cursor: string | undefined;
  do {
    const page = await inside((scope) =>
      listLeads(scope, { q: 'firm', stale: true, limit: 2, cursor }),
    );
    pages.push(page.items.map(({ externalId }) => externalId));
    cursor = page.next ?? undefined;
  } while (cursor);
  expect(pages).toEqual([['2', '1'], ['0']]);
});

test('filters narrow by status source owner and tag, and views count what they show', async ({
  inside,
}) => {
  await inside(seedWorkspace);
  await inside(async (scope) => {
    await receiveLeads(scope, crowd(6));
    const { db } = scope;
    await db
      .updateTable('leads')
      .set({ status: 'contacted', ownerId: 'rep' })
      .where('externalId', '=', '0')
      .execute();
    await db.updateTable('leads').set({ status: 'spam' }).where('externalId', '=', '1').execute();
    await db.updateTable('leads').set({ source: 'event' }).where('externalId', '=', '2').execute();
    const { id } = await db
      .selectFrom('leads')
      .select('id')
      .where('externalId', '=', '3')
      .executeTakeFirstOrThrow();
    await applyTags(scope, [{ leadId: id, slug: 'no-answer' }]);
  });
  async function shown(filter: object) {
    const { items } = await inside((scope) => listLeads(scope, { ...filter, limit }));
    return items.map(({ externalId }) => externalId).toSorted();
  }
  expect(await shown({})).toEqual(['0', '2', '3', '4', '5']);
  expect(await shown({ status: 'spam' })).toEqual(['1']);
  expect(await shown({ status: 'contacted' })).toEqual(['0']);
  expect(await shown({ source: 'event' })).toEqual(['2']);
  expect(await shown({ owner: 'rep' })).toEqual(['0']);
  expect(await shown({ owner: 'none', view: 'new' })).toEqual(['2', '3', '4', '5']);
  expect(await shown({ tag: 'no-answer' })).toEqual(['3']);
  expect(await shown({ view: 'mine' })).toEqual(['0']);
  expect(await shown({ q: 'firm', tag: 'no-answer' })).toEqual(['3']);
  expect(await shown({ q: 'firm', view: 'mine' })).toEqual(['0']);
  expect(await shown({ q: 'firm', view: 'new', owner: 'none' })).toEqual(['2', '3', '4', '5']);
  expect(await shown({ q: 'firm', source: 'event' })).toEqual(['2']);
  expect(await inside((scope) => countLeads(scope))).toEqual({
    ...{ all: 5, mine: 1, new: 4, stale: 0, needsAction: 5 },
  });
});

test('a lead with an overdue next action or a week without a change is stale', async ({
  inside,
}) => {
  const ids = await inside(async (scope) => idsOf(await receiveLeads(scope, crowd(3))));
  await inside(async ({ db }) => {
    await db
      .updateTable('leads')
      .set({ nextActionAt: '2026-01-01T00:00:00Z' })
      .where('id', '=', ids[0]!)
      .execute();
    await db
      .updateTable('leads')
      .set({ updatedAt: '2026-01-01T00:00:00Z' })
      .where('id', '=', ids[1]!)
      .execute();
  });
  const { items } = await inside((scope) => listLeads(scope, { stale: true, limit }));
  expect(items.map(({ id, stale }) => [id, stale])).toEqual([
    [ids[1], true],
    [ids[0], true],
  ]);
});

test('a lead shows its contact its company and what they said', async ({ inside }) => {
  const [received] = await inside((scope) =>
    receiveLeads(scope, [
      {
        email: 'ann@acme.example',
        firstName: 'Ann',
        company: 'Acme',
        campaign: 'Trucks 4',
        fields: { trucks: 4 },
      },
    ]),
  );
  const lead = await inside((scope: Scope) => getLead(scope, idsOf([received!])[0]!));
  expect(lead).toMatchObject({
    ...{ status: 'new', stage: 'NEW', score: null, ownerId: null, campaign: 'Trucks 4' },
    ...{ isSpam: false, isConverted: false, fields: { trucks: 4 }, enrolments: [], tags: [] },
    contact: { name: 'Ann', email: 'ann@acme.example' },
    company: { name: 'Acme', domain: 'acme.example' },
  });
});

test('a cursor that is not ours is refused', async ({ inside }) => {
  const cursor = Buffer.from('["1; drop table leads","x"]').toString('base64url');
  await expect(inside((scope) => listLeads(scope, { limit, cursor }))).rejects.toThrow(
    'This is no cursor of ours.',
  );
});

function crowd(size: number): LeadInput[] {
  return Array.from({ length: size }, (_, n) => ({
    ...{ email: `p${n}@firm${n}.example`, externalId: String(n), source: 'website' },
  }));
}

function idsOf(received: Awaited<ReturnType<typeof receiveLeads>>): string[] {
  return received.flatMap((one) => (one.outcome === 'rejected' ? [] : one.leadId));
}
