import { expect } from 'vitest';
import { retryStep } from '#db/commands.ts';
import { addTag, changeTag } from '#db/taxonomies.ts';
import { test } from '#tests/db.ts';
import { depsFor, entered, published } from '#tests/sequences.ts';
import { touchActivities } from './touches.ts';

const since = '2026-07-01T19:00:00.000Z';

test('a step that changes the lead does all of it or nothing, blocks in words, and does it when it is tried again', async ({
  db,
  who,
  inside,
}) => {
  const { touch } = touchActivities(depsFor(db));
  await inside((scope) => addTag(scope, { slug: 'warm', label: 'Warm' }));
  await inside((scope) => changeTag(scope, 'warm', { active: false }));
  const steps = [
    { id: 'mark', kind: 'update', set: { trucks: 12 }, addTags: ['warm'], stage: 'CONTACTED' },
  ];
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, steps)).sequenceId),
  );
  const { enrolmentId } = person!;
  const step = { ...who, enrolmentId, stepId: 'mark', visit: 0, since };
  function lead() {
    return inside(({ db }) =>
      db.selectFrom('leads').select(['stage', 'fields']).executeTakeFirstOrThrow(),
    );
  }
  expect(await touch(step)).toEqual({
    ...{ is: 'blocked', because: 'There is no active tag “warm”.' },
  });
  expect(await lead()).toEqual({ stage: 'NEW', fields: {} });
  await inside((scope) => changeTag(scope, 'warm', { active: true }));
  await inside((scope) => retryStep(scope, enrolmentId, crypto.randomUUID()));
  expect(await touch(step)).toMatchObject({ is: 'done' });
  expect(await touch(step)).toMatchObject({ is: 'done' });
  expect(await lead()).toEqual({ stage: 'CONTACTED', fields: { trucks: 12 } });
  const tags = await inside(({ db }) =>
    db.selectFrom('leadTags').select(['slug', 'times']).execute(),
  );
  expect(tags).toEqual([{ slug: 'warm', times: 1 }]);
  const { status, touches } = await inside(async ({ db }) => ({
    ...(await db.selectFrom('enrolments').select('status').executeTakeFirstOrThrow()),
    touches: await db.selectFrom('touches').select('state').execute(),
  }));
  expect({ status, touches }).toEqual({ status: 'active', touches: [] });
});
