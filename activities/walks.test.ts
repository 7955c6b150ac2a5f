import { expect } from 'vitest';
import type { Scope } from '#db/scope.ts';
import { test } from '#tests/db.ts';
import { always, depsFor, entered, mail, published } from '#tests/sequences.ts';
import { touchActivities } from './touches.ts';
import { walkActivities } from './walks.ts';

const christmas = '2026-12-24T10:00:00.000Z';
const twoDays = { id: 'rest', kind: 'wait', for: { businessDays: 1 } };

async function takesOff({ db, workspaceId }: Scope, holidays: string[]): Promise<void> {
  const settings = JSON.stringify({ holidays });
  await db.updateTable('workspaces').set({ settings }).where('id', '=', workspaceId).execute();
}

test.for([
  { holidays: 'recipient', until: '2026-12-29T10:00:00.000Z' },
  { holidays: 'workspace', until: '2026-12-29T10:00:00.000Z' },
  { holidays: 'none', until: '2026-12-25T10:00:00.000Z' },
] as const)(
  'a wait of business days keeps the days off of the workspace where the schedule keeps those of $holidays',
  async ({ holidays, until }, { db, who, inside }) => {
    const { rest } = walkActivities(depsFor(db));
    const [person] = await inside(async (scope) => {
      await takesOff(scope, ['2026-12-25', '2026-12-28']);
      const schedule = { ...always, holidays };
      return entered(scope, (await published(scope, [twoDays, mail], { schedule })).sequenceId);
    });
    const at = { ...who, enrolmentId: person!.enrolmentId, stepId: 'rest', visit: 0 };
    const wait = { ...at, since: christmas, until: christmas, because: '1 business day' };
    expect(await rest(wait)).toEqual({ until });
  },
);

test('nothing leaves on a day that the workspace takes off', async ({ db, who, inside }) => {
  const { touch } = touchActivities(depsFor(db, { now: () => christmas }));
  const [person] = await inside(async (scope) => {
    await takesOff(scope, ['2026-12-24']);
    const schedule = { ...always, holidays: 'recipient' };
    return entered(scope, (await published(scope, [mail], { schedule })).sequenceId);
  });
  const { enrolmentId } = person!;
  const at = { ...who, enrolmentId, stepId: 'first', visit: 0, since: christmas };
  expect(await touch(at)).toMatchObject({ is: 'held' });
});

test('a walk whose lead was deleted goes on to its end and asks nothing that fails', async ({
  db,
  who,
  inside,
}) => {
  const { rest, choose, heard } = walkActivities(depsFor(db));
  const { touch } = touchActivities(depsFor(db));
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, [twoDays, mail])).sequenceId),
  );
  const { enrolmentId, leadId } = person!;
  await inside(({ db }) => db.deleteFrom('leads').where('id', '=', leadId).execute());
  const at = { ...who, enrolmentId, stepId: 'rest', visit: 0, since: christmas };
  expect(await rest({ ...at, until: christmas, because: '' })).toEqual({ until: christmas });
  expect(await choose(at)).toMatchObject({ arm: 'else' });
  await heard({ ...at, event: 'replied', outcome: 'timed-out' });
  expect(await touch({ ...at, stepId: 'first' })).toMatchObject({
    is: 'left',
    ending: { reason: 'deleted' },
  });
});
