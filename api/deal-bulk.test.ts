import { read, utils } from '@e965/xlsx';
import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';
import type { Deal } from '#domain/deal.ts';
import { seedWorkspace } from '#db/taxonomies.ts';
import { aDeal, stagesOf } from '#tests/deals.ts';
import { test as base } from '#tests/db.ts';
import { aMember } from '#tests/leads.ts';

const test = base.extend('stages', ({ inside }) => inside(stagesOf));

test('many deals are assigned, moved, tagged, changed and deleted in one call', async ({
  serve,
  inside,
  stages,
}) => {
  await inside(seedWorkspace);
  await inside((scope) => aMember(scope, { userId: 'dana' }));
  const ids = [];
  for (let n = 0; n < 3; n += 1) ids.push((await aDeal(serve, { name: `Deal ${n}` })).id);
  const nobody = crypto.randomUUID();
  const assigned = await bulk({ ids: [...ids, nobody], action: 'assign', ownerId: 'dana' });
  expect(assigned).toMatchObject({
    status: 200,
    body: { count: 3, refused: [{ id: nobody, because: 'There is no such deal.' }] },
  });
  expect(await list('owner=dana')).toHaveLength(3);
  const told = await inside(({ db }) => db.selectFrom('notifications').select('id').execute());
  expect(told).toHaveLength(3);

  await serve.patch(`/api/stages/${stages['proposal']!.id}`, { required: ['expectedCloseOn'] });
  const when = { ids: ids.slice(1), action: 'update', values: { expectedCloseOn: '2031-01-01' } };
  expect((await bulk(when)).body).toMatchObject({ count: 2 });
  const moved = await bulk({ ids, action: 'stage', stageId: stages['proposal']!.id });
  expect(moved.body).toMatchObject({
    count: 2,
    refused: [{ id: ids[0], because: 'Proposal needs an expected close date.' }],
  });
  expect(await list('stage=proposal')).toHaveLength(2);

  expect((await bulk({ ids, action: 'tag', slug: 'callback' })).body).toMatchObject({ count: 3 });
  expect((await bulk({ ids, action: 'tag', slug: 'moon' })).status).toBe(422);
  await bulk({ ids: [ids[0]], action: 'untag', slug: 'callback' });
  expect((await list('tag=callback')).map(({ tags }) => tags)).toEqual([
    ['callback'],
    ['callback'],
  ]);
  expect((await bulk({ ids: ids.slice(1), action: 'delete' })).body).toMatchObject({ count: 2 });
  expect(await list('')).toMatchObject([{ id: ids[0] }]);
  expect((await bulk({ ids, action: 'explode' })).status).toBe(422);
  const many = Array.from({ length: 501 }, () => crypto.randomUUID());
  expect((await bulk({ ids: many, action: 'delete' })).status).toBe(422);

  function bulk(body: object) {
    return serve.post('/api/deals/bulk', body);
  }
  async function list(query: string): Promise<Deal[]> {
    return ((await serve.get(`/api/deals?${query}`)).body as { items: Deal[] }).items;
  }
});

test('what was done to many deals is taken back, and that is one more event of each', async ({
  serve,
  inside,
  stages,
}) => {
  const [first, second] = [await aDeal(serve, { name: 'First' }), await aDeal(serve)];
  const ids = [first.id, second.id];
  const stageId = stages['closed_lost']!.id;
  const lost = { ids, action: 'stage', stageId, lostReason: 'Price' };
  const done = (await serve.post('/api/deals/bulk', lost)).body as { undoId: string };
  const back = stages['negotiation']!.id;
  await serve.post(`/api/deals/${second.id}/stage`, { stageId: back });
  const undone = await serve.post(`/api/undo/${done.undoId}`);
  expect(undone).toMatchObject({ status: 200, body: { restored: 1, left: 1 } });
  expect((await serve.get(`/api/deals/${first.id}`)).body).toMatchObject({
    deal: { status: 'open', stageId: first.stageId, probability: 50, lostReason: null },
  });
  expect((await serve.get(`/api/deals/${second.id}`)).body).toMatchObject({
    deal: { status: 'open', stageId: back },
  });
  const kinds = await inside(({ db }) =>
    db
      .selectFrom('dealEvents')
      .select('kind')
      .where('dealId', '=', first.id)
      .where('kind', 'not in', ['at_risk'])
      .orderBy('id')
      .execute(),
  );
  expect(kinds.map(({ kind }) => kind)).toEqual([
    ...['created', 'stage_changed', 'lost', 'stage_changed', 'reopened'],
  ]);
  const gone = await serve.post('/api/deals/bulk', { ids: [first.id], action: 'delete' });
  await serve.post(`/api/undo/${(gone.body as { undoId: string }).undoId}`);
  expect((await serve.get(`/api/deals/${first.id}`)).status).toBe(200);
});

test('deals are exported as CSV, JSON and XLSX with the filters of the list, and no cell runs', async ({
  serve,
}) => {
  const evil = '=HYPERLINK("http://evil.example")';
  await aDeal(serve, { name: evil, amountCents: 9_199_264, source: 'hubspot' });
  await aDeal(serve, { name: 'Keystone "Drayage"; Ltd', source: 'hubspot', nextAction: 'Call' });
  await aDeal(serve, { name: 'Elsewhere' });

  const csv = await serve.post('/api/deals/export', { format: 'csv', source: 'hubspot' });
  expect(csv.headers.get('content-disposition')).toBe('attachment; filename=deals.csv');
  const rows: Record<string, string>[] = parse(csv.body as string, { columns: true });
  expect(rows.map(({ name, amount, stage }) => [name, amount, stage])).toEqual([
    ['Keystone "Drayage"; Ltd', '0', 'Discovery'],
    [`'${evil}`, '91992.64', 'Discovery'],
  ]);
  const json = await serve.post('/api/deals/export', { format: 'json', source: 'hubspot' });
  expect(json.body).toMatchObject([{ next_action: 'Call' }, { name: evil, amount: 91_992.64 }]);
  const none = await serve.post('/api/deals/export', { format: 'json', source: 'moon' });
  expect(none.body).toEqual([]);

  const response = await fetch(`${serve.url}/api/deals/export`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await serve.token(['deals:read'])}`,
    },
    body: JSON.stringify({ format: 'xlsx', source: 'hubspot' }),
  });
  const book = read(Buffer.from(await response.arrayBuffer()));
  const sheet = book.Sheets['Deals']!;
  expect(sheet['B3']).toMatchObject({ t: 's', v: evil });
  expect(sheet['B3']).not.toHaveProperty('f');
  expect(utils.sheet_to_json(sheet)).toMatchObject([{}, { name: evil, amount: 91_992.64 }]);
  expect((await serve.post('/api/deals/export', { format: 'pdf' })).status).toBe(422);
  const stranger = serve.as({ authorization: `Bearer ${await serve.token(['leads:read'])}` });
  expect((await stranger.post('/api/deals/export', {})).status).toBe(403);
});
