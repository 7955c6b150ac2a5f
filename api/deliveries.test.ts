import { expect } from 'vitest';
import { test as base } from '#tests/db.ts';

const test = base.extend('delivered', async ({ serve, inside }) => {
  const { id: connectionId } = (await serve.post('/api/connections', { source: 'generic' }))
    .body as {
    id: string;
  };
  return async function delivered(body: string | Buffer, state = 'pending') {
    const row = { source: 'generic', eventId: crypto.randomUUID(), headers: '{"user-agent":"x"}' };
    const { id } = await inside(({ db, workspaceId }) =>
      db
        .insertInto('deliveries')
        .values({ workspaceId, connectionId, state, ...row, body: Buffer.from(body as string) })
        .returning('id')
        .executeTakeFirstOrThrow(),
    );
    return id;
  };
});

test('deliveries are listed newest first, page by page, and by state', async ({
  serve,
  delivered,
}) => {
  const ids = [await delivered('1'), await delivered('2', 'dead'), await delivered('3')];
  const first = (await serve.get('/api/deliveries?limit=2')).body as Page;
  expect(first.items.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
  const second = (await serve.get(`/api/deliveries?limit=2&cursor=${first.next}`)).body as Page;
  expect(second).toMatchObject({ items: [{ id: ids[0] }], next: null });
  expect(await serve.get('/api/deliveries?state=dead')).toMatchObject({
    body: { items: [{ id: ids[1] }] },
  });
  expect(await serve.get('/api/deliveries?state=lost')).toMatchObject({ status: 422 });
});

interface Page {
  items: { id: string }[];
  next: string | null;
}

test('a delivery is shown as it came, whatever it is', async ({ serve, delivered }) => {
  const text = await delivered('{"name":"Zoë <script>"}');
  expect(await serve.get(`/api/deliveries/${text}`)).toMatchObject({
    body: { body: '{"name":"Zoë <script>"}', headers: { 'user-agent': 'x' }, bytes: 24 },
  });
  const bytes = await delivered(Buffer.from([0, 255]));
  expect(await serve.get(`/api/deliveries/${bytes}`)).toMatchObject({ body: { body: 'AP8=' } });
});

test('a rehearsal says what a replay would do and does nothing', async ({
  serve,
  delivered,
  db,
}) => {
  const id = await delivered('{"email":"ann@acme.example"}', 'dead');
  const dry = await serve.post(`/api/deliveries/${id}/replay?dry=true`);
  expect(dry).toMatchObject({
    status: 200,
    body: {
      delivery: { state: 'dead' },
      would: [{ is: 'lead-arrived', what: 'Would take in ann@acme.example.' }],
    },
  });
  expect(await db.selectFrom('outbox').select('id').execute()).toEqual([]);
  const wet = await serve.post(`/api/deliveries/${id}/replay`);
  expect(wet).toMatchObject({
    status: 202,
    body: { delivery: { state: 'pending', replays: 1 }, would: null },
  });
  const [promise] = await db.selectFrom('outbox').select(['workflow', 'input']).execute();
  expect(promise).toEqual({ workflow: 'deliveries', input: JSON.stringify(id) });
});
