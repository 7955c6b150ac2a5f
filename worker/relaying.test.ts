import { sql } from 'kysely';
import { expect, inject } from 'vitest';
import { listenTo } from '#db/listen.ts';
import { startLater } from '#db/outbox.ts';
import { test } from '#tests/db.ts';
import { client } from '#tests/temporal.ts';
import { startRelaying } from './relaying.ts';

test('a promise is kept after its commit, and one that is made while another is kept too', async ({
  db,
  inside,
}) => {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db);
  const url = inject('databaseUrl').replace(/postgres$/, rows[0]!.name);
  const relaying = startRelaying({ db, temporal: client, taskQueue: 'nobody' }, url, () => {});
  const ids = Array.from({ length: 20 }, () => `enrolment:${crypto.randomUUID()}`);
  for (const workflowId of ids)
    await inside((scope) => startLater(scope, { workflow: 'enrolment', workflowId, input: [{}] }));
  for (const id of ids)
    await expect
      .poll(
        () =>
          client.workflow
            .getHandle(id)
            .describe()
            .then(Boolean, () => false),
        {
          timeout: 15_000,
        },
      )
      .toBe(true);
  await relaying.stop();
});

test('a listener that lost its connection takes another and says that something was missed', async ({
  db,
}) => {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db);
  const url = inject('databaseUrl').replace(/postgres$/, rows[0]!.name);
  const heard: (string | undefined)[] = [];

  function missed(): number {
    return heard.filter((payload) => payload === undefined).length;
  }

  const listening = listenTo(url, 'outbox', (payload) => heard.push(payload));
  await expect.poll(missed, { timeout: 10_000 }).toBe(1);
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
            where query like 'listen%' and datname = current_database()`.execute(db);
  await expect.poll(missed, { timeout: 10_000 }).toBe(2);
  await sql`select pg_notify('outbox', 'hello')`.execute(db);
  await expect.poll(() => heard, { timeout: 10_000 }).toContain('hello');
  await listening.stop();
});
