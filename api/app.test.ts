import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { caller, cookieIn, someAddress } from '#tests/serve.ts';

test('someone signs up, makes a workspace and is in it, and is out after signing out', async ({
  serve,
}) => {
  const ada = await serve.signedUp();
  const me = await ada.get('/api/auth/me');
  expect(me.body).toMatchObject({
    user: { email: ada.email, name: 'Ada Lovelace' },
    workspace: { id: ada.workspaceId, timezone: 'America/Chicago', currency: 'USD' },
    role: 'owner',
  });
  expect((await ada.post('/api/auth/sign-out')).status).toBe(200);
  expect((await ada.get('/api/auth/me')).status).toBe(401);
});

test('a session cookie is for http only, and every sign-in makes a new one', async ({ serve }) => {
  const { email, password, cookie, url } = await serve.signedUp();
  const again = await caller(url, { 'x-test-address': someAddress() }).post(
    '/api/auth/sign-in/email',
    { email, password },
  );
  expect(again.status).toBe(200);
  expect(again.headers.getSetCookie()[0]).toMatch(/HttpOnly/);
  expect(again.headers.getSetCookie()[0]).toMatch(/SameSite=Lax/);
  expect(again.headers.getSetCookie()[0]).toMatch(`Max-Age=${7 * 24 * 3600}`);
  expect(cookieIn(again.headers)).not.toBe(cookie);
});

test('three wrong passwords in ten seconds are enough, and a made-up forwarding address does not help', async ({
  serve,
}) => {
  const { email, url } = await serve.signedUp();
  const burglar = caller(url, { 'x-test-address': someAddress() });
  const statuses: number[] = [];
  for (const attempt of [1, 2, 3, 4]) {
    const guess = { email, password: `Guess number ${attempt}` };
    const forwarded = { 'x-forwarded-for': `203.0.113.${attempt}`, 'x-throughline-address': '::1' };
    const { status } = await burglar.post('/api/auth/sign-in/email', guess, forwarded);
    statuses.push(status);
  }
  expect(statuses).toEqual([401, 401, 401, 429]);
});

test('what an invitation opens is open to the invited address only, and once', async ({
  serve,
}) => {
  const [ada, bob, eve] = await Promise.all(
    ['Ada', 'Bob', 'Eve'].map((name) => serve.signedUp(name)),
  );
  const invited = await ada!.post('/api/invitations', { email: bob!.email, role: 'rep' });
  expect(invited.status).toBe(201);
  const token = (invited.body as { link: string }).link.split('/').at(-1)!;
  const shown = await serve.as({}).get(`/api/invitations/${token}`);
  expect(shown.body).toMatchObject({ workspace: 'Northgate', role: 'rep', invitedBy: 'Ada' });
  expect((await eve!.post(`/api/invitations/${token}/accept`)).status).toBe(403);
  expect((await bob!.post(`/api/invitations/${token}/accept`)).status).toBe(200);
  expect((await bob!.post(`/api/invitations/${token}/accept`)).status).toBe(404);
  const me = await bob!.get('/api/auth/me');
  expect(me.body).toMatchObject({ workspace: { id: ada!.workspaceId }, role: 'rep' });
  expect((me.body as { workspaces: unknown[] }).workspaces).toHaveLength(2);
  await bob!.post(`/api/workspaces/${bob!.workspaceId}/activate`);
  expect((await bob!.get('/api/auth/me')).body).toMatchObject({ role: 'owner' });
  expect((await eve!.post(`/api/workspaces/${bob!.workspaceId}/activate`)).status).toBe(404);
});

test('a rep cannot change the team, and a removed member is out with the next call', async ({
  serve,
}) => {
  const [ada, bob] = await Promise.all([serve.signedUp('Ada'), serve.signedUp('Bob')]);
  const { body } = await ada.post('/api/invitations', { email: bob.email, role: 'rep' });
  await bob.post(`/api/invitations/${(body as { link: string }).link.split('/').at(-1)}/accept`);
  expect((await bob.patch(`/api/members/${bob.userId}`, { role: 'owner' })).status).toBe(403);
  expect((await ada.patch(`/api/members/${bob.userId}`, { capacity: 5 })).body).toMatchObject({
    capacity: 5,
  });
  expect((await ada.del(`/api/members/${bob.userId}`)).status).toBe(204);
  const me = await bob.get('/api/auth/me');
  expect(me.body).toMatchObject({ workspace: { id: bob.workspaceId } });
});

test('a workspace never loses its last owner', async ({ serve }) => {
  const ada = await serve.signedUp();
  expect((await ada.del(`/api/members/${ada.userId}`)).status).toBe(409);
  expect((await ada.patch(`/api/members/${ada.userId}`, { role: 'rep' })).status).toBe(409);
});

test('a token does what its scopes say and nothing else, until it is revoked', async ({
  serve,
}) => {
  const ada = await serve.signedUp();
  const made = await ada.post('/api/tokens', { name: 'Website', scopes: ['leads:read'] });
  const { id, token } = made.body as { id: string; token: string };
  expect(made.status).toBe(201);
  const system = serve.as({ authorization: `Bearer ${token}` });
  expect((await system.get('/api/v1/leads')).status).toBe(200);
  expect((await system.post('/api/v1/leads', { email: 'ann@acme.example' })).status).toBe(403);
  expect((await system.get('/api/tokens')).status).toBe(403);
  const [listed] = ((await ada.get('/api/tokens')).body as { items: object[] }).items;
  expect(JSON.stringify(listed)).not.toContain(token);
  expect(listed).toMatchObject({ hint: token.slice(-4), lastUsedAt: expect.any(String) as string });
  expect((await ada.del(`/api/tokens/${id}`)).status).toBe(204);
  expect((await system.get('/api/v1/leads')).status).toBe(401);
});

test('a token that has ended opens nothing', async ({ serve }) => {
  const ada = await serve.signedUp();
  const made = await ada.post('/api/tokens', {
    name: 'Old',
    scopes: ['leads:read'],
    expiresAt: '2020-01-01T00:00:00Z',
  });
  const { token } = made.body as { token: string };
  const answer = await serve.as({ authorization: `Bearer ${token}` }).get('/api/v1/leads');
  expect(answer.status).toBe(401);
});

test('a change that another site makes a browser send is refused', async ({ serve }) => {
  const ada = await serve.signedUp();
  const workspace = { name: 'Mine' };
  const foreigners: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
  ];
  for (const foreign of foreigners) {
    expect((await ada.patch('/api/workspace', workspace, foreign)).status).toBe(403);
    expect((await ada.post('/api/auth/sign-out', {}, foreign)).status).toBe(403);
  }
  expect((await ada.patch('/api/workspace', workspace, { origin: ada.url })).status).toBe(200);
});

test('a redirect leads nowhere but to our own pages', async ({ serve }) => {
  const { email, password, url } = await serve.signedUp();
  for (const callbackURL of ['https://evil.example', '//evil.example', '/\\evil.example']) {
    const body = { email, password, callbackURL };
    const somewhere = caller(url, { 'x-test-address': someAddress() });
    const answer = await somewhere.post('/api/auth/sign-in/email', body);
    expect(answer.status).toBe(403);
    expect(answer.headers.get('location')).toBeNull();
  }
});

test('a time zone or currency that does not exist is refused by its field', async ({ serve }) => {
  const ada = await serve.signedUp();
  const wrong = { name: 'X', timezone: 'Mars/Base', currency: 'XYZ' };
  const answer = await ada.post('/api/workspaces', wrong);
  expect(answer.status).toBe(422);
  expect(answer.headers.get('content-type')).toMatch('application/problem+json');
  const { errors } = answer.body as { errors: { field: string }[] };
  expect(errors.map(({ field }) => field)).toEqual(['timezone', 'currency']);
});
