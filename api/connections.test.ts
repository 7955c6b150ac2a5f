import { createHmac } from 'node:crypto';
import { expect } from 'vitest';
import { openConnections } from '#db/connections.ts';
import { test } from '#tests/db.ts';

interface Opened {
  id: string;
  url: string;
  secret: string;
}

test('a connection shows its secret once, and the system that has it can deliver', async ({
  serve,
}) => {
  const made = await serve.post('/api/connections', {
    source: 'generic',
    settings: { source: 'Form' },
  });
  expect(made.status).toBe(201);
  const { id, url, secret } = made.body as Opened;
  expect(new URL(url).pathname).toBe(`/api/webhooks/generic/${id}`);
  const listed = await serve.get('/api/connections');
  expect(listed.body).toMatchObject({ items: [{ id, url, source: 'generic', active: true }] });
  expect(JSON.stringify(listed.body)).not.toContain(secret);
  const body = JSON.stringify({ email: 'ann@acme.example' });
  function sign(key: string) {
    return { 'x-webhook-signature': createHmac('sha256', key).update(body).digest('hex') };
  }
  const path = new URL(url).pathname;
  expect(await serve.post(path, body, sign(secret))).toMatchObject({ body: { duplicate: false } });
  const deliveries = await serve.get('/api/deliveries?state=pending');
  expect(deliveries.body).toMatchObject({ items: [{ connectionId: id, state: 'pending' }] });
});

test('a rotated secret is another, and the old one is not kept', async ({ serve, inside }) => {
  const made = await serve.post('/api/connections', { source: 'generic' });
  const { id, secret } = made.body as Opened;
  const rotated = await serve.post(`/api/connections/${id}/rotate`);
  expect((rotated.body as Opened).secret).not.toBe(secret);
  const rows = await inside(({ db }) => db.selectFrom('connections').select('secrets').execute());
  expect(JSON.stringify(rows)).not.toContain((rotated.body as Opened).secret);
});

test('settings are judged: unknown systems, missing fields and addresses inside the house are refused', async ({
  serve,
}) => {
  expect(await serve.post('/api/connections', { source: 'nobody' })).toMatchObject({ status: 422 });
  expect(await serve.post('/api/connections', { source: 'smtp' })).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'host' }] },
  });
  const inside = { url: 'http://169.254.169.254/latest/meta-data' };
  expect(
    await serve.post('/api/connections', { source: 'resend', settings: inside }),
  ).toMatchObject({
    status: 422,
  });
});

test('a change keeps the secrets that it leaves out', async ({ serve, inside }) => {
  const given = { source: 'sms-gateway', settings: { username: 'me', password: 'sesame' } };
  const { id } = (await serve.post('/api/connections', given)).body as Opened;
  const changed = await serve.patch(`/api/connections/${id}`, {
    name: 'Phone',
    settings: { simNumber: 2 },
  });
  expect(changed.body).toMatchObject({ name: 'Phone', settings: { username: 'me', simNumber: 2 } });
  const [open] = await inside((scope) =>
    openConnections(scope, { key: serve.deps.encryptionKey, id }),
  );
  expect(open!.secrets).toMatchObject({ password: 'sesame' });
});

test('a removed connection is gone, and what it delivered stays', async ({ serve, inside }) => {
  const { id } = (await serve.post('/api/connections', { source: 'generic' })).body as Opened;
  const row = { source: 'generic', eventId: '1', headers: '{}', body: Buffer.from('{}') };
  await inside(({ db, workspaceId }) =>
    db
      .insertInto('deliveries')
      .values({ workspaceId, connectionId: id, ...row })
      .execute(),
  );
  expect(await serve.del(`/api/connections/${id}`)).toMatchObject({ body: { removed: true } });
  expect(await serve.get(`/api/connections/${id}`)).toMatchObject({ status: 404 });
  expect(await serve.get('/api/deliveries/balance')).toMatchObject({
    body: { received: 1, pending: 1 },
  });
});

test('every system that can be connected comes with the form of its settings', async ({
  serve,
}) => {
  const { body } = await serve.get('/api/integrations');
  expect(body).toMatchObject({
    items: expect.arrayContaining([
      expect.objectContaining({ name: 'sms-gateway', sends: 'sms', receives: true }),
      expect.objectContaining({ name: 'smtp', sends: 'email', receives: false }),
    ]),
  });
});
