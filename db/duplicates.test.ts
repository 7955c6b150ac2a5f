import { sql } from 'kysely';
import { expect } from 'vitest';
import { loadDuplicates } from '#rules/duplicates.ts';
import { test } from '#tests/db.ts';
import { compareNew, lastScan, scanBatch, startScan } from './duplicate-scans.ts';
import { dismissDuplicate, doublesOf, listDuplicates } from './duplicates.ts';
import { addCompany } from './company-changes.ts';
import { addContact, deleteContact } from './contact-records.ts';
import type { Scope } from './scope.ts';

const settings = loadDuplicates();
const record = 'contact';

/** Dana twice, as people enter them, and somebody else. */
async function danas(scope: Scope): Promise<string[]> {
  const companyId = await addCompany(scope, { name: 'Whitfield Freight' });
  const name = { firstName: 'Dana', lastName: 'Whitfield', companyId };
  return [
    await addContact(scope, { ...name, email: 'dana@whitfield.example' }),
    await addContact(scope, { ...name, firstName: 'Dhana', phone: '+15005550123' }),
    await addContact(scope, { email: 'ruth@whitfield.example', lastName: 'Okafor', companyId }),
  ];
}

async function scanAll(scope: Scope, most?: number): Promise<void> {
  const { id } = await startScan(scope, record);
  while (await scanBatch(scope, id, { settings, ...(most && { most }) }));
}

test('a person who was entered twice is found with the reasons', async ({ inside }) => {
  const [first, second] = await inside(danas);
  const doubles = await inside((scope) => doublesOf(scope, record, second!, settings));
  expect(doubles.map(({ second }) => second.id)).toEqual([first]);
  expect(doubles[0]!.score).toBeGreaterThan(settings.threshold);
  expect(doubles[0]!.reasons.map(({ field }) => field)).toEqual([
    'lastName',
    'company',
    'firstName',
  ]);
});

test('who came a minute ago is compared once with all who were there, without anybody asking', async ({
  inside,
}) => {
  function compare() {
    return inside((scope) => compareNew(scope, record, { settings, most: 2 }));
  }
  const [first, second] = await inside(danas);
  expect(await compare()).toBe(0);
  await inside(({ db }) =>
    db
      .updateTable('contacts')
      .set({ createdAt: sql<string>`created_at - interval '2 minutes'` })
      .execute(),
  );
  expect([await compare(), await compare(), await compare()]).toEqual([2, 1, 0]);
  const { items } = await inside((scope) => listDuplicates(scope, { record, limit: 10 }));
  expect(items.map((pair) => [pair.first.id, pair.second.id])).toEqual([[first, second]]);
});

test('a search among all finds each pair once and says how far it is', async ({ inside }) => {
  const [first, second] = await inside(danas);
  await inside((scope) => scanAll(scope, 2));
  await inside((scope) => scanAll(scope));
  const { items, next } = await inside((scope) => listDuplicates(scope, { record, limit: 10 }));
  expect(items.map((pair) => [pair.first.id, pair.second.id])).toEqual([[first, second]]);
  expect(items[0]!.first).toMatchObject({ name: 'Dana Whitfield', company: 'Whitfield Freight' });
  expect(next).toBeNull();
  expect(await inside((scope) => lastScan(scope, record))).toMatchObject({
    ...{ total: 3, done: 3, found: 1, status: 'done' },
  });
});

test('a search that was broken off goes on where it was', async ({ inside }) => {
  await inside(danas);
  const { id } = await inside((scope) => startScan(scope, record));
  expect(await inside((scope) => scanBatch(scope, id, { settings, most: 2 }))).toBe(true);
  const failing = inside(async (scope) => {
    await scanBatch(scope, id, { settings, most: 2 });
    throw new Error('killed');
  });
  await expect(failing).rejects.toThrow('killed');
  expect(await inside((scope) => lastScan(scope, record))).toMatchObject({ done: 2 });
  expect(await inside((scope) => scanBatch(scope, id, { settings, most: 2 }))).toBe(false);
  expect(await inside((scope) => scanBatch(scope, id, { settings, most: 2 }))).toBe(false);
  expect(await inside((scope) => lastScan(scope, record))).toMatchObject({ done: 3, found: 1 });
});

test('two who are two are not asked about again', async ({ inside }) => {
  const [first, second] = await inside(danas);
  await inside((scope) => scanAll(scope));
  const pair = { record, first: second!, second: first! } as const;
  await inside((scope) => dismissDuplicate(scope, pair));
  await inside((scope) => scanAll(scope));
  const { items } = await inside((scope) => listDuplicates(scope, { record, limit: 10 }));
  expect(items).toEqual([]);
  await expect(inside((scope) => dismissDuplicate(scope, pair))).rejects.toThrow('no such pair');
});

test('one search runs at a time', async ({ inside }) => {
  await inside(danas);
  const [one, other] = await Promise.all([
    inside((scope) => startScan(scope, record)),
    inside((scope) => startScan(scope, record)),
  ]);
  expect(one.id).toBe(other.id);
});

test('a pair of which one was deleted waits for nobody', async ({ inside }) => {
  const [first] = await inside(danas);
  await inside((scope) => scanAll(scope));
  await inside((scope) => deleteContact(scope, first!));
  const { items } = await inside((scope) => listDuplicates(scope, { record, limit: 10 }));
  expect(items).toEqual([]);
});

test('the queue comes in pages, the likeliest first', async ({ inside }) => {
  await inside(async (scope) => {
    const companyId = await addCompany(scope, { name: 'Whitfield Freight' });
    for (const [at, lastName] of ['Whitfield', 'Whitfield', 'Whitfeild', 'Whitfield'].entries()) {
      const email = `d${at}@whitfield.example`;
      await addContact(scope, { firstName: 'Dana', lastName, email, companyId });
    }
    await scanAll(scope);
  });
  const all = await inside((scope) => listDuplicates(scope, { record, limit: 50 }));
  expect(all.items.length).toBe(6);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const given = { record, limit: 2, ...(cursor && { cursor }) } as const;
    const page = await inside((scope) => listDuplicates(scope, given));
    seen.push(...page.items.map(({ first, second }) => `${first.id} ${second.id}`));
    cursor = page.next ?? undefined;
  } while (cursor);
  expect(seen).toEqual(all.items.map(({ first, second }) => `${first.id} ${second.id}`));
  const scores = all.items.map(({ score }) => score);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
});

test('firms of one number whose names are spelled in two ways are found', async ({ inside }) => {
  const phone = '+12125550124';
  const [first, second] = await inside(async (scope) => [
    await addCompany(scope, { name: 'Blue Ridge Freight', domain: 'blueridge.example', phone }),
    await addCompany(scope, { name: 'Blue Ridge Freigt LLC', phone }),
    await addCompany(scope, { name: 'Blue Ridge Dental', domain: 'dental.example' }),
  ]);
  const doubles = await inside((scope) => doublesOf(scope, 'company', second!, settings));
  expect(doubles.map(({ second }) => second.id)).toEqual([first]);
});
