import { expect } from 'vitest';
import { isOpen } from '#api/route.ts';
import { routes } from '#api/routes.ts';
import { test } from '#tests/db.ts';
import { dealBodies } from './isolation-deals.ts';
import { recordBodies } from './isolation-records.ts';
import { ruleBodies } from './isolation-rules.ts';
import { resultBodies } from './isolation-results.ts';
import { reviewBodies } from './isolation-reviews.ts';
import {
  call,
  contentsOf,
  folderOf,
  idsOf,
  seed,
  strangersAt,
  tableOf,
  toldApart,
  words,
} from './isolation.ts';

/** What stands behind it in a path, so that it is the first id that is judged. */
const nobody = '01a00000-0000-7000-8000-000000000001';
const withIds = routes.filter(
  (route) => !isOpen(route) && route.path.includes('/:') && !words.has(folderOf(route.path)),
);

/** What each route takes, so that it is the id that is judged; who needs nothing is sent nothing. */
const bodies: Record<string, object> = {
  ...dealBodies,
  ...recordBodies,
  ...ruleBodies,
  ...resultBodies,
  ...reviewBodies,
  'patch /members/:userId': { capacity: 5 },
  'patch /forecast/deals/:id': { leftOutBecause: 'Mine now' },
  'patch /leads/:id': { campaign: 'mine' },
  'post /leads/:id/tags': { slug: 'hot' },
  'post /leads/:id/notes': { text: 'Mine now' },
  'post /leads/:id/messages': { channel: 'email', subject: 'Hello', text: 'Mine now' },
  'post /tasks/:id/snooze': { until: '2031-01-15T12:00:00Z' },
  'post /imports/:id/rows/:line': { values: { Email: 'ann@acme.example' } },
  'patch /connections/:id': { name: 'Mine now', active: false },
  'put /sequences/:id/draft': { definition: { name: 'Mine now' } },
  'post /sequences/:id/preview': { stepId: 'a' },
  'post /sequences/:id/enrolments': { leadIds: ['01a00000-0000-7000-8000-000000000001'] },
  'post /touches/:id/resolve': { was: 'not-sent' },
  'patch /senders/:id': { name: 'Mine now', active: false },
  'post /sandbox/messages/:id/reply': { text: 'Mine now' },
};

test('every route with an id is tried, with a body that it takes', () => {
  const missing = withIds.filter(({ path }) => !tableOf[folderOf(path)]);
  expect(missing.map(({ path }) => path)).toEqual([]);
  for (const { method, path, body } of withIds) {
    const taken = body?.safeParse(bodies[`${method} ${path}`] ?? {});
    expect(taken?.error?.issues ?? [], `${method} ${path}`).toEqual([]);
  }
});

test('no route shows, changes or tells apart what belongs to another workspace', async ({
  db,
  who,
  serve,
}) => {
  await seed(db, who.workspaceId, serve);
  const ids = await idsOf(db, who.workspaceId);
  const before = await contentsOf(db, who.workspaceId);
  const stranger = await strangersAt(db);
  const leaks: string[] = [];
  for (const { method, path } of withIds) {
    const theirs = ids[tableOf[folderOf(path)]!];
    if (!theirs) throw new Error(`Nothing is there to try ${path} with.`);
    const { known, difference } = await toldApart(theirs, (id) => {
      const at = `/api${path.replace(/:\w+/, id).replace(':line', '1').replaceAll(/:\w+/g, nobody)}`;
      return call(stranger, method, at, bodies[`${method} ${path}`]);
    });
    if (difference) leaks.push(`${method} ${path}: ${difference}`);
    else if (known.status !== 404) leaks.push(`${method} ${path}: ${known.status}`);
  }
  await stranger.stop();
  expect(leaks).toEqual([]);
  expect(await contentsOf(db, who.workspaceId)).toEqual(before);
  expect((await serve.get(`/api/leads/${ids['leads']}`)).status).toBe(200);
});
