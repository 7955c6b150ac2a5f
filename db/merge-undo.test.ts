import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import {
  belongings,
  contactOf,
  everything,
  give,
  merge,
  person,
  rowOf,
  twice,
} from '#tests/merges.ts';
import { dealRow } from '#tests/records.ts';
import { changeLead } from './lead-changes.ts';
import { undoMerge } from './merge-undo.ts';

test('a merge of contacts that is undone leaves every row as it was', async ({ inside }) => {
  await fc.assert(
    fc.asyncProperty(person, person, belongings, belongings, async (one, other, has, hasToo) => {
      const suffix = crypto.randomUUID().slice(0, 8);
      const two = await inside((scope) =>
        twice(
          scope,
          { ...one, email: `a${suffix}@one.example` },
          { ...other, email: `b${suffix}@two.example`, lastName: `Other${suffix}` },
        ),
      );
      await inside((scope) => give(scope, two.kept, has));
      await inside((scope) => give(scope, two.merged, hasToo));
      const before = await inside(everything);
      const { id } = await inside((scope) => merge(scope, two.keptId, two.mergedId));
      expect(await inside(everything)).not.toEqual(before);
      await inside((scope) => undoMerge(scope, id));
      expect(await inside(everything)).toEqual(before);
    }),
    { numRuns: 12 },
  );
});

test('a merge of companies that is undone leaves every row as it was', async ({ inside }) => {
  await fc.assert(
    fc.asyncProperty(person, belongings, belongings, async (one, has, hasToo) => {
      const suffix = crypto.randomUUID().slice(0, 8);
      const [kept, merged] = await inside(async (scope) => [
        await contactOf(scope, {
          ...one,
          email: `a${suffix}@one${suffix}.example`,
          company: `One ${suffix}`,
        }),
        await contactOf(scope, {
          email: `b${suffix}@two${suffix}.example`,
          company: `Two ${suffix}`,
        }),
      ]);
      await inside(async (scope) => {
        await give(scope, kept!, has);
        await give(scope, merged!, hasToo);
        const { workspaceId } = scope;
        for (const companyId of [kept!.companyId, merged!.companyId]) {
          await sql`insert into contacts (workspace_id, company_id, identity, first_name, name_normalized)
            values (${workspaceId}, ${companyId}, ${`c:${companyId}|kim`}, 'Kim', 'kim')`.execute(
            scope.db,
          );
        }
      });
      const before = await inside(everything);
      const [keptId, mergedId] = [kept!.companyId!, merged!.companyId!];
      const { id } = await inside((scope) => merge(scope, keptId, mergedId, 'company'));
      expect(await inside(everything)).not.toEqual(before);
      const left = await inside(({ db }) =>
        db.selectFrom('contacts').select('id').where('companyId', '=', mergedId).execute(),
      );
      expect(left).toEqual([]);
      await inside((scope) => undoMerge(scope, id));
      expect(await inside(everything)).toEqual(before);
    }),
    { numRuns: 8 },
  );
});

test('what was changed or added after a merge stays with the one that was kept', async ({
  inside,
}) => {
  const { keptId, mergedId, kept, merged } = await inside((scope) =>
    twice(scope, {}, { title: 'Owner' }),
  );
  const { id } = await inside((scope) => merge(scope, keptId, mergedId));
  await inside((scope) => dealRow(scope, { contactId: keptId }));
  await inside((scope) => changeLead(scope, kept.leadId, { contact: { title: 'President' } }));
  await inside((scope) => undoMerge(scope, id));
  expect(await inside((scope) => rowOf(scope, keptId))).toMatchObject({ title: 'President' });
  expect(await inside((scope) => rowOf(scope, mergedId))).toMatchObject({
    ...{ title: 'Owner', mergedInto: null },
  });
  await inside(async ({ db }) => {
    expect(await db.selectFrom('deals').select('contactId').execute()).toEqual([
      { contactId: keptId },
    ]);
    const lead = db.selectFrom('leads').select(['contactId', 'status']);
    expect(await lead.where('id', '=', merged.leadId).execute()).toEqual([
      { contactId: mergedId, status: 'new' },
    ]);
  });
});

test('a merge is undone once, and not while the kept one is merged into a third', async ({
  inside,
}) => {
  const { keptId, mergedId } = await inside((scope) => twice(scope));
  const third = await inside((scope) => contactOf(scope, { email: 'third@whitfield.example' }));
  const first = await inside((scope) => merge(scope, keptId, mergedId));
  const second = await inside((scope) => merge(scope, third.contactId, keptId));
  await expect(inside((scope) => undoMerge(scope, first.id))).rejects.toThrow('Undo that first');
  await inside((scope) => undoMerge(scope, second.id));
  await inside((scope) => undoMerge(scope, first.id));
  await expect(inside((scope) => undoMerge(scope, first.id))).rejects.toThrow('undone already');
});

test('a merge is not undone when somebody else has the address by now', async ({ inside }) => {
  const { keptId, mergedId } = await inside((scope) => twice(scope));
  const { id } = await inside((scope) => merge(scope, keptId, mergedId));
  await inside(({ db, workspaceId }) =>
    db
      .insertInto('contacts')
      .values({
        ...{ workspaceId, email: 'd.w@post.example', emailNormalized: 'd.w@post.example' },
        identity: 'e:d.w@post.example',
      })
      .execute(),
  );
  await expect(inside((scope) => undoMerge(scope, id))).rejects.toThrow('known by the same');
  expect(await inside((scope) => rowOf(scope, mergedId))).toMatchObject({ mergedInto: keptId });
});
