import { sql } from 'kysely';
import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { aSequence } from '#tests/leads.ts';
import { merge, rowOf, twice } from '#tests/merges.ts';
import { dealRow } from '#tests/records.ts';
import { enrol } from './entering.ts';
import { undoMerge } from './merge-undo.ts';
import { previewMerge } from './merge-preview.ts';
import { mergeRecords } from './merges.ts';
import type { Scope } from './scope.ts';

test('a preview says what each field will be and why, and what would move', async ({ inside }) => {
  const { keptId, mergedId } = await inside((scope) =>
    twice(scope, {}, { title: 'Owner', phone: '+12125550123' }),
  );
  const two = { record: 'contact', keptId, mergedId } as const;
  const { fields, moves, notices } = await inside((scope) => previewMerge(scope, two));
  const by = Object.fromEntries(fields.map((one) => [one.field, one]));
  expect(by['title']).toMatchObject({
    chosen: 'merged',
    value: 'Owner',
    why: 'the other is empty',
  });
  expect(by['email']).toMatchObject({ chosen: 'kept', value: 'dana@whitfield.example' });
  expect(by['email']).toMatchObject({ merged: 'd.w@post.example', why: 'of the one that stays' });
  expect(moves).toMatchObject({ leads: 1 });
  expect(notices).toHaveLength(1);
});

test('a merge moves everything and leaves one open lead', async ({ inside }) => {
  const { keptId, mergedId, kept, merged } = await inside((scope) => twice(scope));
  await inside(async (scope) => {
    await dealRow(scope, { contactId: mergedId });
    const { db, workspaceId } = scope;
    const task = { workspaceId, kind: 'call', title: 'Call', leadId: merged.leadId };
    await db
      .insertInto('tasks')
      .values({ ...task, contactId: mergedId })
      .execute();
  });
  const done = await inside((scope) => merge(scope, keptId, mergedId));
  expect(done.moves).toEqual({ leads: 1, deals: 1, tasks: 1 });
  await inside(async ({ db }) => {
    const leads = await db.selectFrom('leads').select(['id', 'contactId', 'status']).execute();
    expect(new Set(leads.map(({ contactId }) => contactId))).toEqual(new Set([keptId]));
    expect(leads.find(({ id }) => id === merged.leadId)!.status).toBe('unqualified');
    expect(leads.find(({ id }) => id === kept.leadId)!.status).toBe('new');
    const [deal] = await db.selectFrom('deals').select('contactId').execute();
    expect(deal!.contactId).toBe(keptId);
    const [task] = await db.selectFrom('tasks').select(['leadId', 'contactId']).execute();
    expect(task).toEqual({ leadId: kept.leadId, contactId: keptId });
  });
  expect(await inside((scope) => rowOf(scope, mergedId))).toMatchObject({ mergedInto: keptId });
});

test('a field is taken from whom the person chose', async ({ inside }) => {
  const { keptId, mergedId } = await inside((scope) => twice(scope));
  const wish = { record: 'contact', keptId, mergedId } as const;
  await inside((scope) => mergeRecords(scope, { ...wish, fields: { email: 'merged' } }));
  expect(await inside((scope) => rowOf(scope, keptId))).toMatchObject({
    ...{ email: 'd.w@post.example', emailNormalized: 'd.w@post.example' },
    identity: 'e:d.w@post.example',
  });
});

test('two people who merge the same pair at once come to one merge and a conflict', async ({
  inside,
}) => {
  const { keptId, mergedId } = await inside((scope) => twice(scope));
  const both = await Promise.allSettled([
    inside((scope) => merge(scope, keptId, mergedId)),
    inside((scope) => merge(scope, mergedId, keptId)),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const failed = both.find((one) => one.status === 'rejected');
  expect(failed).toMatchObject({ reason: { reason: 'conflict' } });
  const { rows } = await inside(({ db }) => sql`select from merges`.execute(db));
  expect(rows).toHaveLength(1);
});

test('who walks one sequence twice walks it once after a merge', async ({ inside }) => {
  const { keptId, mergedId, kept, merged } = await inside((scope) => twice(scope));
  const sequenceId = await inside((scope) => aSequence(scope));
  await inside((scope) =>
    enrol(scope, { sequenceId, leadIds: [kept.leadId, merged.leadId], enteredBy: 'rep' }),
  );
  const { stopped } = await inside((scope) => merge(scope, keptId, mergedId));
  expect(stopped).toBe(1);
  const walks = await inside(({ db }) =>
    db.selectFrom('enrolments').select(['leadId', 'contactId', 'status', 'reason']).execute(),
  );
  const live = walks.filter(({ status }) => status === 'active');
  expect(live).toMatchObject([{ leadId: kept.leadId, contactId: keptId }]);
  expect(walks.find(({ leadId }) => leadId === merged.leadId)).toMatchObject({
    ...{ contactId: keptId, status: 'stopped', reason: 'merged' },
  });
});

test('a walk of a lead that is closed already ends too when the other walks the same', async ({
  inside,
}) => {
  const { keptId, mergedId, kept, merged } = await inside((scope) => twice(scope));
  const sequenceId = await inside((scope) => aSequence(scope));
  await inside(async (scope) => {
    const leadIds = [kept.leadId, merged.leadId];
    await enrol(scope, { sequenceId, leadIds, enteredBy: 'rep' });
    await sql`update leads set status = 'converted' where id = ${merged.leadId}`.execute(scope.db);
  });
  await inside((scope) => merge(scope, keptId, mergedId));
  const live = await inside(({ db }) =>
    db.selectFrom('enrolments').select('contactId').where('status', '=', 'active').execute(),
  );
  expect(live).toEqual([{ contactId: keptId }]);
});

test('who must not be written to under one address is not written to under the other', async ({
  inside,
}) => {
  const { keptId, mergedId } = await inside((scope) => twice(scope));
  await inside(async ({ db, workspaceId }) => {
    const row = { workspaceId, channel: 'email', address: 'd.w@post.example' };
    await db
      .insertInto('suppressions')
      .values({ ...row, reason: 'unsubscribed', source: 'link' })
      .execute();
    await sql`update contacts set do_not_contact = true where id = ${mergedId}`.execute(db);
  });
  const wish = { record: 'contact', keptId, mergedId } as const;
  const picks = { fields: { doNotContact: 'kept' as const } };
  const { id } = await inside((scope) => mergeRecords(scope, { ...wish, ...picks }));
  expect(await inside((scope) => rowOf(scope, keptId))).toMatchObject({ doNotContact: true });
  const addresses = await inside(suppressed);
  expect(addresses).toEqual(['d.w@post.example', 'dana@whitfield.example']);
  await inside((scope) => undoMerge(scope, id));
  expect(await inside(suppressed)).toEqual(['d.w@post.example']);
});

async function suppressed({ db }: Scope): Promise<string[]> {
  const rows = await db
    .selectFrom('suppressions')
    .select('address')
    .where('liftedAt', 'is', null)
    .orderBy('address')
    .execute();
  return rows.map(({ address }) => address);
}

test('a record is not merged with itself, nor with one that is gone', async ({ inside }) => {
  const { keptId, mergedId } = await inside((scope) => twice(scope));
  await expect(inside((scope) => merge(scope, keptId, keptId))).rejects.toThrow('with itself');
  await inside(({ db }) =>
    sql`update contacts set deleted_at = now() where id = ${mergedId}`.execute(db),
  );
  await expect(inside((scope) => merge(scope, keptId, mergedId))).rejects.toThrow('no such');
});
