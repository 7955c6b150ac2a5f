import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import { sql } from 'kysely';
import { expect, inject } from 'vitest';
import { deliveryActivities } from '#activities/deliveries.ts';
import type { Hear } from '#activities/happenings.ts';
import { createConnection, removeConnection } from '#db/connections.ts';
import { balanceOfDeliveries, listDeliveries, replayDelivery } from '#db/deliveries.ts';
import { openDoor } from '#db/door.ts';
import { reasons, type Refusal } from '#domain/refusal.ts';
import { test as base } from '#tests/db.ts';
import { webhookRouter } from './webhooks.ts';

const key = Buffer.alloc(32, 7);
const secret = 'a secret of the sender';

const test = base
  .extend('doorTo', async ({ db }, { onCleanup }) => {
    return async function doorTo(databaseUrl: string) {
      const door = openDoor(databaseUrl, key, 5);
      const inWords: ErrorRequestHandler = (
        error: Refusal & { status?: number },
        _,
        response,
        _next,
      ) => {
        response.status(error.reason ? reasons[error.reason] : (error.status ?? 500)).end();
      };
      const app = express().use(webhookRouter({ door, db })).use(inWords);
      const server = app.listen(0, '127.0.0.1');
      await once(server, 'listening');
      onCleanup(async () => {
        server.close();
        await door.close();
      });
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/webhooks`;
    };
  })
  .extend('door', async ({ db, doorTo }) => {
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db);
    return doorTo(inject('databaseUrl').replace(/postgres$/, rows[0]!.name));
  })
  .extend('connection', ({ inside }) =>
    inside((scope) =>
      createConnection(
        scope,
        { source: 'generic', name: 'Form', settings: {}, secrets: { secret } },
        key,
      ),
    ),
  )
  .extend('send', ({ door, connection }) => {
    return async function send(
      body: string,
      { id, signature = sign(body), to = connection.id, source = 'generic' }: Sent = {},
    ) {
      const headers = { 'x-webhook-signature': signature, ...(id && { 'webhook-id': id }) };
      const response = await fetch(`${door}/${source}/${to}`, { method: 'POST', headers, body });
      const text = await response.text();
      return {
        status: response.status,
        retryAfter: response.headers.get('retry-after'),
        body: text ? (JSON.parse(text) as { id: string; duplicate: boolean }) : undefined,
      };
    };
  })
  .extend('handle', ({ db, who }) => {
    return async function handle(hear: Hear = () => Promise.resolve([]), attempt = 1) {
      const rows = await db
        .deleteFrom('outbox')
        .where('workflow', '=', 'deliveries')
        .where('workspaceId', '=', who.workspaceId)
        .returning('input')
        .execute();
      const ids = rows.map(({ input }) => JSON.parse(input) as string);
      const activities = deliveryActivities({ db, hear, attempt: () => attempt });
      await activities.handleDeliveries({ workspaceId: who.workspaceId, ids });
    };
  });

interface Sent {
  id?: string;
  signature?: string;
  to?: string;
  source?: string;
}

function sign(body: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

const ann = JSON.stringify({ email: 'ann@acme.example', company: 'Acme' });

test('a signed webhook is kept once with its promise, however often and at once it is sent', async ({
  send,
  inside,
  db,
}) => {
  const all = await Promise.all(Array.from({ length: 100 }, () => send(ann, { id: 'evt_1' })));
  expect(all.every(({ status }) => status === 200)).toBe(true);
  expect(all.filter(({ body }) => !body!.duplicate)).toHaveLength(1);
  expect(new Set(all.map(({ body }) => body!.id)).size).toBe(1);
  expect(await inside(balanceOfDeliveries)).toMatchObject({ received: 1, pending: 1 });
  expect(await db.selectFrom('outbox').select('workflow').execute()).toHaveLength(1);
});

test('what is not signed by the sender, or cannot be read, is refused and leaves nothing', async ({
  send,
  inside,
}) => {
  expect(await send(ann, { signature: 'f'.repeat(64) })).toMatchObject({ status: 401 });
  expect(await send(ann, { signature: '' })).toMatchObject({ status: 401 });
  expect(await send('{"email":')).toMatchObject({ status: 400 });
  expect(await send('')).toMatchObject({ status: 400 });
  expect(await inside(balanceOfDeliveries)).toMatchObject({ received: 0 });
});

test('no stranger can tell a connection that is not there from one of another system or one removed', async ({
  send,
  inside,
  connection,
}) => {
  const stranger = '0197a000-0000-7000-8000-000000000000';
  expect(await send(ann, { to: stranger })).toMatchObject({ status: 404 });
  expect(await send(ann, { to: 'x' })).toMatchObject({ status: 404 });
  expect(await send(ann, { source: 'plusvibe' })).toMatchObject({ status: 404 });
  expect(await send(ann, { source: 'nobody' })).toMatchObject({ status: 404 });
  await inside((scope) => removeConnection(scope, connection.id));
  const { id } = await inside((scope) =>
    createConnection(
      scope,
      { source: 'generic', name: 'B', settings: {}, secrets: { secret } },
      key,
    ),
  );
  await inside((scope) => removeConnection(scope, id));
  expect(await send(ann, { to: id })).toMatchObject({ status: 404 });
});

test('a body over ten megabytes is refused', async ({ send }) => {
  const body = 'x'.repeat(10 * 1024 * 1024 + 1);
  expect(await send(body)).toMatchObject({ status: 413 });
});

test('while the database is away nothing is acknowledged, and the sender is told when to try again', async ({
  doorTo,
  connection,
}) => {
  const door = await doorTo('postgres://nobody:x@127.0.0.1:1/none');
  const headers = { 'x-webhook-signature': sign(ann) };
  const response = await fetch(`${door}/generic/${connection.id}`, {
    method: 'POST',
    headers,
    body: ann,
  });
  expect(response.status).toBe(503);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('a database that hangs is given up before the sender gives us up', async ({
  send,
  db,
  inside,
}) => {
  await send(ann, { id: 'first' });
  await db.transaction().execute(async (db) => {
    await sql`lock table deliveries in access exclusive mode`.execute(db);
    expect(await send(ann, { id: 'second' })).toMatchObject({ status: 503, retryAfter: '5' });
  });
  expect(await inside(balanceOfDeliveries)).toMatchObject({ received: 1 });
});

test('what was delivered is accounted for: done, ignored or dead, each with its reason', async ({
  send,
  handle,
  inside,
}) => {
  await send(ann, { id: '1' });
  await send(JSON.stringify({ email: 'not an address' }), { id: '2' });
  await send('[]', { id: '3' });
  await send('["x"]', { id: '4' });
  await send(JSON.stringify({ email: 'bob@ray.example' }), { id: '5' });
  await handle();
  const { items } = await inside((scope) => listDeliveries(scope, { limit: 10 }));
  expect(items.toReversed().map(({ eventId, state, reason }) => [eventId, state, reason])).toEqual([
    ['1', 'done', null],
    ['2', 'dead', 'email: This is not an address that mail can be delivered to.'],
    ['3', 'ignored', 'It says nothing.'],
    ['4', 'dead', 'Send a JSON object for each lead.'],
    ['5', 'done', null],
  ]);
  expect(await inside(balanceOfDeliveries)).toEqual({
    received: 5,
    pending: 0,
    done: 2,
    ignored: 1,
    dead: 2,
  });
  const leads = await inside(({ db }) => db.selectFrom('leads').select(['id', 'source']).execute());
  expect(leads).toHaveLength(2);
});

test('one bad delivery stops nobody: the others are done, and it is dead when it has had its tries', async ({
  inside,
  who,
  db,
}) => {
  const given = { source: 'sms-gateway', name: 'Phone', settings: {}, secrets: { secret } };
  const { id: connectionId } = await inside((scope) => createConnection(scope, given, key));
  const messages = ['good', 'bad', 'fine'].map((messageId) => {
    const payload = {
      messageId,
      message: 'Yes',
      phoneNumber: '+16025550142',
      receivedAt: '2026-03-01T10:00:00Z',
    };
    return { event: 'sms:received', id: messageId, deviceId: 'd', webhookId: 'w', payload };
  });
  const rows = messages.map((message) => ({
    ...{ workspaceId: who.workspaceId, connectionId, source: 'sms-gateway', eventId: message.id },
    ...{ headers: '{}', body: Buffer.from(JSON.stringify(message)) },
  }));
  const kept = await db.insertInto('deliveries').values(rows).returning('id').execute();
  const hear: Hear = (_, happening, { eventId }) => {
    if (eventId === 'bad') throw new TypeError('a bug of ours');
    return Promise.resolve([{ is: happening.is, what: 'Heard.' }]);
  };
  const crowd = { workspaceId: who.workspaceId, ids: kept.map(({ id }) => id) };
  const first = deliveryActivities({ db, hear, attempt: () => 1 });
  await expect(first.handleDeliveries(crowd)).rejects.toThrow('a bug of ours');
  expect(await inside(balanceOfDeliveries)).toMatchObject({ done: 2, pending: 1 });
  await deliveryActivities({ db, hear, attempt: () => 5 }).handleDeliveries(crowd);
  expect(await inside(balanceOfDeliveries)).toMatchObject({ done: 2, dead: 1, pending: 0 });
});

test('a delivery that is replayed does what it did, and nothing twice', async ({
  send,
  handle,
  inside,
}) => {
  const { body } = await send(ann);
  await handle();
  await inside((scope) => replayDelivery(scope, body!.id));
  expect(await inside(balanceOfDeliveries)).toMatchObject({ received: 1, pending: 1 });
  await handle();
  const { items } = await inside((scope) => listDeliveries(scope, { limit: 10 }));
  expect(items[0]).toMatchObject({ state: 'done', replays: 1, outcome: [{ is: 'lead-arrived' }] });
  const counted = await inside(({ db }) =>
    db
      .selectFrom('leads')
      .select(({ fn }) => fn.countAll<number>().as('leads'))
      .select(
        sql<number>`(select count(*) from activities where kind like 'lead_received%')`.as('lines'),
      )
      .executeTakeFirstOrThrow(),
  );
  expect(counted).toEqual({ leads: 1, lines: 1 });
});

test('what was delivered to a workspace goes with it', async ({ send, db, who }) => {
  await send(ann);
  await db.deleteFrom('workspaces').where('id', '=', who.workspaceId).execute();
  for (const table of ['deliveries', 'outbox'] as const) {
    const left = await db
      .selectFrom(table)
      .select('id')
      .where('workspaceId', '=', who.workspaceId)
      .execute();
    expect(left).toEqual([]);
  }
});
