import { once } from 'node:events';
import { createServer } from 'node:net';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { test } from '#tests/proxy.ts';

const patient = { timeout: 60_000 };

test(
  'told to stop it answers the calls it has, ends its streams, and says nothing but lines of JSON',
  patient,
  async ({ start, system, inside, db }) => {
    const { child, said, gone, ready } = start();
    await ready();
    const stream = await system.open('/api/events');
    const told = await inside(async ({ db: own, workspaceId }) => {
      // Whoever makes a lead waits for this row.
      await sql`select from workspaces where id = ${workspaceId} for update`.execute(own);
      const answer = system.post('/api/v1/leads', { email: 'ann@acme.example' });
      await expect.poll(waiting).toBe(1);
      child.kill('SIGTERM');
      expect(await stream.text()).toContain('welcome');
      expect(child.exitCode).toBeNull();
      await expect(system.get('/api/health/ready')).rejects.toThrow();
      return { answer };
    });
    expect((await told.answer).status).toBe(201);
    expect(await gone).toEqual([0, null]);
    const lines = said.text.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toContain(
      'The API has stopped.',
    );

    async function waiting(): Promise<number> {
      const { rows } = await sql<{ many: number }>`
        select count(*) as many from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
      return rows[0]!.many;
    }
  },
);

test(
  'told to stop while Postgres is silent it answers what it can and ends all the same',
  patient,
  async ({ start, system, proxy }) => {
    const { child, gone, ready } = start();
    await ready();
    const stream = await system.open('/api/events');
    expect((await system.get('/api/v1/leads')).status).toBe(200);
    proxy.swallow();
    const answer = system.get('/api/v1/leads');
    await expect.poll(proxy.lost).toBeGreaterThan(0);
    child.kill('SIGTERM');
    await stream.text();
    expect((await answer).status).toBe(503);
    expect(await gone).toEqual([0, null]);
  },
);

test('a taken port is named, and ends it', patient, async ({ start, port }) => {
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  const { said, gone } = start();
  expect((await gone)[0]).toBe(1);
  expect(said.text).toContain(`Port ${port} is taken.`);
  other.close();
});
