import { expect } from 'vitest';
import { touchActivities } from '#activities/touches.ts';
import { test } from '#tests/db.ts';
import { depsFor, entered, mail, published } from '#tests/sequences.ts';
import { changeLead } from './lead-changes.ts';
import type { Scope } from './scope.ts';
import { applyTags } from './tags.ts';
import { seedWorkspace } from './taxonomies.ts';

const isContacted = { field: 'lead.status', operator: 'equals', value: 'contacted' };

async function standing({ db }: Scope, id: string) {
  const { status, reason, because } = await db
    .selectFrom('enrolments')
    .select(['status', 'reason', 'because'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const decisions = await db
    .selectFrom('decisions')
    .select('outcome')
    .where('enrolmentId', '=', id)
    .execute();
  return { status, reason, because, decided: decisions.map(({ outcome }) => outcome) };
}

test('a lead that reaches the goal of its sequence leaves it, with the reason written once', async ({
  inside,
}) => {
  const [person] = await inside(async (scope) => {
    await seedWorkspace(scope);
    return entered(scope, (await published(scope, [mail], { goal: isContacted })).sequenceId);
  });
  const { leadId, enrolmentId } = person!;
  await inside((scope) => changeLead(scope, leadId, { nextAction: 'Ring' }));
  expect(await inside((scope) => standing(scope, enrolmentId))).toMatchObject({ status: 'active' });
  await inside((scope) => changeLead(scope, leadId, { status: 'contacted' }));
  await inside((scope) => changeLead(scope, leadId, { nextAction: 'Write' }));
  expect(await inside((scope) => standing(scope, enrolmentId))).toEqual({
    ...{ status: 'stopped', reason: 'goal', decided: ['stopped'] },
    because: 'the goal is reached: lead.status is "contacted"',
  });
});

test('a tag can be the goal', async ({ inside }) => {
  const goal = { field: 'lead.tags', operator: 'contains', value: 'no-answer' };
  const [person] = await inside(async (scope) => {
    await seedWorkspace(scope);
    return entered(scope, (await published(scope, [mail], { goal })).sequenceId);
  });
  const { leadId, enrolmentId } = person!;
  await inside((scope) => applyTags(scope, [{ leadId, slug: 'no-answer' }]));
  expect(await inside((scope) => standing(scope, enrolmentId))).toMatchObject({ reason: 'goal' });
});

test('a goal that is reached too late does not count', async ({ inside }) => {
  const goal = { ...isContacted, within: { days: 30 } };
  const [person] = await inside(async (scope) => {
    await seedWorkspace(scope);
    return entered(scope, (await published(scope, [mail], { goal })).sequenceId);
  });
  const { leadId, enrolmentId } = person!;
  await inside(async (scope) => {
    const enrolledAt = '2026-01-05T09:00:00.000Z';
    await scope.db
      .updateTable('enrolments')
      .set({ enrolledAt })
      .where('id', '=', enrolmentId)
      .execute();
    await changeLead(scope, leadId, { status: 'contacted' });
  });
  expect(await inside((scope) => standing(scope, enrolmentId))).toMatchObject({ status: 'active' });
});

test('whoever has reached the goal by other ways is not written to', async ({
  db,
  who,
  inside,
}) => {
  const { touch } = touchActivities(depsFor(db));
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, [mail], { goal: isContacted })).sequenceId),
  );
  const { enrolmentId, leadId } = person!;
  await inside(({ db }) =>
    db.updateTable('leads').set({ status: 'contacted' }).where('id', '=', leadId).execute(),
  );
  const at = { ...who, enrolmentId, stepId: 'first', visit: 0, since: new Date().toISOString() };
  expect(await touch(at)).toEqual({ is: 'left', ending: { status: 'stopped', reason: 'goal' } });
  const sent = await inside(({ db }) => db.selectFrom('sandboxMessages').selectAll().execute());
  expect(sent).toEqual([]);
});
