import { expect } from 'vitest';
import { connect } from '#db/client.ts';
import { test } from '#tests/db.ts';
import { serving } from '#tests/serve.ts';

const ann = { email: 'ann@acme.example', company: 'Acme' };

test('a call repeated with its Idempotency-Key has one effect and one answer', async ({
  serve,
  db,
}) => {
  const key = { 'idempotency-key': 'one' };
  const first = await serve.post('/api/v1/leads', ann, key);
  const second = await serve.post('/api/v1/leads', ann, key);
  expect(first.status).toBe(201);
  expect({ status: second.status, body: second.body }).toEqual({
    ...{ status: first.status, body: first.body },
  });
  expect((await serve.post('/api/v1/leads', { email: 'bob@ray.example' }, key)).status).toBe(422);
  expect((await serve.post('/api/v1/leads', ann)).status).toBe(200);
  expect(await db.selectFrom('leads').select('id').execute()).toHaveLength(1);
});

test('of calls at once with one Idempotency-Key one is carried out and the others are told to wait or get its answer', async ({
  serve,
  db,
  who,
}) => {
  const key = { 'idempotency-key': 'crowd' };
  const body = { name: 'Website', scopes: ['leads:read'] };
  const all = await Promise.all(
    Array.from({ length: 20 }, () => serve.post('/api/tokens', body, key)),
  );
  const made = all.filter(({ status }) => status === 201);
  expect(all.every(({ status }) => status === 201 || status === 409)).toBe(true);
  expect(new Set(made.map(({ body }) => (body as { token: string }).token)).size).toBe(1);
  const rows = await db
    .selectFrom('apiTokens')
    .select('id')
    .where('workspaceId', '=', who.workspaceId)
    .where('name', '=', 'Website')
    .execute();
  expect(rows).toHaveLength(1);
});

test('an answer that is kept for a repeat is sealed', async ({ serve, db, who }) => {
  const key = { 'idempotency-key': 'sealed' };
  const { body } = await serve.post('/api/tokens', { name: 'S', scopes: ['leads:read'] }, key);
  const kept = await db
    .selectFrom('idempotencyKeys')
    .select('reply')
    .where('workspaceId', '=', who.workspaceId)
    .executeTakeFirstOrThrow();
  expect(kept.reply).not.toContain((body as { token: string }).token);
});

test('whatever a body is, the answer is a problem in words and never a failure of ours', async ({
  serve,
}) => {
  const path = '/api/v1/leads';
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const cases: [string, number, Record<string, string>?][] = [
    ['{"email":', 400],
    ['', 422],
    ['null', 422],
    ['"text"', 422],
    ['[]', 422],
    [deep, 422],
    [`{"email":"ann@acme.example","fields":{"a":${deep}}}`, 422],
    ['{"email":"a\\u0000b@acme.example"}', 422],
    ['{"email":"ann@acme.example","firstName":"\\ud800"}', 422],
    ['{"email":"ann@acme.example","__proto__":{"admin":true},"fields":{"constructor":"x"}}', 201],
    ['email=ann', 415, { 'content-type': 'application/x-www-form-urlencoded' }],
    [`{"notes":"${'x'.repeat(1024 * 1024)}"}`, 413],
  ];
  for (const [body, status, headers] of cases) {
    const answer = await serve.post(path, body, headers);
    expect(answer.status, body.slice(0, 60)).toBe(status);
    if (status >= 400) {
      expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    }
  }
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
});

test('whatever an address is, it is found or not, and never a failure of ours', async ({
  serve,
}) => {
  for (const path of ['/api/leads/x', '/api/nothing', '/api/leads/%00', '/api/v1/leads/1;drop']) {
    expect((await serve.get(path)).status, path).toBe(404);
  }
  expect((await serve.get('/api/leads/%E0%A4%A')).status).toBe(400);
  expect((await serve.get('/api/leads?q=%00')).status).toBe(422);
  expect((await serve.get('/api/leads?limit=many')).status).toBe(422);
});

test('every answer is guarded by its headers, and says nothing of what we run on', async ({
  serve,
}) => {
  const { headers } = await serve.get('/api/leads');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-frame-options')).toBe('DENY');
  expect(headers.get('strict-transport-security')).toMatch('max-age=');
  expect(headers.get('referrer-policy')).toBe('same-origin');
  expect(headers.get('content-security-policy')).toMatch("default-src 'none'");
  expect(headers.get('x-powered-by')).toBeNull();
});

test('who shows nothing is unauthenticated, and a made-up token or cookie opens nothing', async ({
  serve,
}) => {
  for (const shown of [{}, { authorization: 'Bearer tl_made-up' }, { cookie: 'throughline=x.y' }]) {
    const nobody = serve.as(shown as Record<string, string>);
    for (const path of ['/api/leads', '/api/auth/me', '/api/events', '/api/workspace']) {
      expect((await nobody.get(path)).status, path).toBe(401);
    }
  }
});

test('while the database is away every call is told to come back, within two seconds', async ({
  db,
  who,
}) => {
  const gone = connect('postgres://nobody:x@127.0.0.1:1/none');
  const api = await serving(db, who);
  const broken = await serving(db, who, { db: gone });
  const bearer = { authorization: `Bearer ${await api.token()}` };
  const answer = await broken.as(bearer).get('/api/v1/leads');
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await broken.get('/api/health')).status).toBe(503);
  expect((await broken.get('/api/health/ready')).status).toBe(503);
  await Promise.all([api.stop(), broken.stop(), gone.destroy()]);
});

test('health says for each part whether it works and when it last did', async ({ serve }) => {
  const { body } = await serve.get('/api/health');
  const { parts } = body as { parts: { name: string; state: string; lastWorkedAt: string }[] };
  const stateOf = Object.fromEntries(parts.map(({ name, state }) => [name, state]));
  expect(stateOf).toMatchObject({ database: 'ok', temporal: 'ok', relay: 'ok' });
  expect(parts.find(({ name }) => name === 'database')!.lastWorkedAt).toMatch(/^20/);
  expect((await serve.get('/api/health/ready')).status).toBe(200);
});

test('metrics count calls by the pattern of their route and name nobody', async ({ serve }) => {
  const id = crypto.randomUUID();
  await serve.get(`/api/leads/${id}`);
  const text = String((await serve.get('/metrics')).body);
  expect(text).toMatch(/http_request_duration_seconds_count\{.*route="\/api\/leads\/:id".*\} 1/);
  expect(text).not.toContain(id);
});
