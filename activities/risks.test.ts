import { expect } from 'vitest';
import { assessChanged } from '#db/risks.ts';
import { test } from '#tests/db.ts';
import { dealIn } from '#tests/risks.ts';
import { depsFor } from '#tests/sequences.ts';
import { riskActivities } from './risks.ts';

test('of many deals some are judged by changed settings at once, and a workflow is promised the rest', async ({
  db,
  inside,
  who,
}) => {
  const now = new Date().toISOString();
  const ids = await inside((scope) =>
    Promise.all(['a', 'b', 'c'].map((name) => dealIn(scope, 'proposal', { name }))),
  );
  expect((await inside((scope) => assessChanged(scope, now))).assessed).toBe(3);
  expect(await promised()).toEqual([]);
  await inside((scope) => assessChanged(scope, now, 0));
  const { workspaceId } = who;
  const input = JSON.stringify([{ workspaceId }]);
  expect(await promised()).toEqual([{ workflow: 'assessPipeline', input }]);
  const { assessPipeline } = riskActivities(depsFor(db));
  expect(await assessPipeline({ workspaceId })).toBe(ids.length);

  function promised() {
    return inside((scope) =>
      scope.db
        .selectFrom('outbox')
        .select(['workflow', 'input'])
        .where('workflow', '=', 'assessPipeline')
        .execute(),
    );
  }
});
