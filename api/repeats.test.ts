import { sql } from 'kysely';
import { expect } from 'vitest';
import { test as base } from '#tests/proxy.ts';

const ann = { email: 'ann@acme.example', company: 'Acme' };
const key = { 'idempotency-key': 'one' };

const test = base
  .extend('leads', ({ inside }) => {
    return () => inside(({ db }) => db.selectFrom('leads').select('id').execute());
  })
  /** How many in this database wait for somebody else to end. */
  .extend('waiting', ({ db }) => {
    return async function waiting(): Promise<number> {
      const { rows } = await sql<{ many: number }>`
        select count(*) as many from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
      return rows[0]!.many;
    };
  });

test('two calls at once with one Idempotency-Key make one lead and get one answer', async ({
  serve,
  inside,
  leads,
  waiting,
}) => {
  const both = await inside(async ({ db, workspaceId }) => {
    await sql`select from workspaces where id = ${workspaceId} for update`.execute(db);
    const calls = [1, 2].map(() => serve.post('/api/v1/leads', ann, key));
    await expect.poll(waiting, { interval: 5 }).toBe(2);
    return { calls };
  });
  const [one, other] = await Promise.all(both.calls);
  expect(one!.status).toBe(201);
  expect({ status: other!.status, body: other!.body }).toEqual({ status: 201, body: one!.body });
  expect(await leads()).toHaveLength(1);
});

test('a call whose first answer takes too long is told so, and carried out once that has failed', async ({
  serve,
  inside,
  leads,
  who,
}) => {
  const { id } = await inside(({ db }) =>
    db.selectFrom('apiTokens').select('id').executeTakeFirstOrThrow(),
  );
  const name = `${who.workspaceId} token:${id} /api/v1/leads one`;
  await inside(async ({ db }) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(db);
    expect((await serve.post('/api/v1/leads', ann, key)).status).toBe(409);
  });
  expect(await leads()).toEqual([]);
  expect((await serve.post('/api/v1/leads', ann, key)).status).toBe(201);
});

test(
  'an API that is killed between its commit and its answer gives that answer to the repeat',
  { timeout: 120_000 },
  async ({ start, proxy, system, leads }) => {
    const first = start();
    await first.ready();
    expect((await system.get('/api/v1/leads')).status).toBe(200);
    proxy.swallowFrom('COMMIT');
    const unheard = system.post('/api/v1/leads', ann, key).catch(() => 'no answer');
    await expect.poll(leads).toHaveLength(1);
    first.child.kill('SIGKILL');
    expect(await unheard).toBe('no answer');
    await first.gone;
    proxy.goOn();
    await start().ready();
    const repeat = await system.post('/api/v1/leads', ann, key);
    const [{ id }] = (await leads()) as [{ id: string }];
    expect(repeat).toMatchObject({ status: 201, body: { lead: { id }, matched: false } });
    const again = await system.post('/api/v1/leads', ann, key);
    expect({ status: again.status, body: again.body }).toEqual({
      ...{ status: repeat.status, body: repeat.body },
    });
    const other = { email: 'bob@ray.example' };
    expect(await system.post('/api/v1/leads', other, key)).toMatchObject({
      ...{ status: 422, body: { title: 'This Idempotency-Key was used with another body.' } },
    });
    expect(await leads()).toHaveLength(1);
  },
);
