import { sql } from 'kysely';
import { expect } from 'vitest';
import { getAnalysis } from '#db/analyses.ts';
import { manyDeals, test } from '#tests/analyses.ts';
import type { Deps } from './deps.ts';
import { jobs } from './jobs.ts';

test('files are erased 30 days after they came, and what was found in them stays', async ({
  files,
  run,
  inside,
  db,
}) => {
  const [old, young] = [await files.arrive(manyDeals(2)), await files.arrive(manyDeals(3))];
  for (const id of [old, young]) await run(id);
  const { blob } = await db
    .selectFrom('analyses')
    .select('blob')
    .where('id', '=', old)
    .executeTakeFirstOrThrow();
  const at = new Date(Date.now() + 10 * 86_400_000).toISOString();
  await inside(({ db }) =>
    sql`update analyses set created_at = now() - interval '25 days' where id = ${old}`.execute(db),
  );
  const deps = { db, blobs: files.blobs, now: () => at, beat: () => {} } as unknown as Deps;
  await jobs['archive']!({ ...deps, beat: () => {} });
  await expect(files.blobs.read(blob!)).rejects.toThrow('ENOENT');
  expect(await inside((scope) => getAnalysis(scope, old))).toMatchObject({
    status: 'done',
    rows: 2,
  });
  expect((await inside((scope) => getAnalysis(scope, old))).erasedAt).not.toBeNull();
  expect((await inside((scope) => getAnalysis(scope, young))).erasedAt).toBeNull();
});
