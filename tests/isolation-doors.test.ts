import { createHmac } from 'node:crypto';
import { expect } from 'vitest';
import { inWorkspace } from '#db/scope.ts';
import { signToken } from '#db/secrets.ts';
import { test as base } from '#tests/db.ts';
import { contentsOf, idsOf, seed, strangersAt, toldApart } from './isolation.ts';
import { aLead, aSequence } from './leads.ts';
import { caller, key, type Reply } from './serve.ts';
import { entered, published } from './sequences.ts';

/** What is no JSON route of the list: files, raw mails, webhooks and links; with somebody of another workspace there. */
const test = base
  .extend('theirs', async ({ db, who, serve }) => {
    await seed(db, who.workspaceId, serve);
    return idsOf(db, who.workspaceId);
  })
  .extend('stranger', async ({ db }, { onCleanup }) => {
    const stranger = await strangersAt(db);
    onCleanup(stranger.stop);
    const headers = { authorization: `Bearer ${await stranger.token()}` };
    return {
      ...stranger,
      /** A call with a body that is not JSON. */
      async send(path: string, body?: RequestInit['body'], type?: string): Promise<Reply> {
        const response = await fetch(`${stranger.url}${path}`, {
          ...(body !== undefined && { method: 'POST', body }),
          headers: { ...headers, ...(type && { 'content-type': type }) },
        });
        const text = await response.text();
        return { status: response.status, headers: response.headers, body: text };
      },
    };
  })
  /** Answers what a stranger did to the rows of the workspace: nothing, it is to be hoped. */
  .extend('unchanged', async ({ db, who, theirs }) => {
    expect(Object.keys(theirs).length).toBeGreaterThan(20);
    const before = await contentsOf(db, who.workspaceId);
    return async () => expect(await contentsOf(db, who.workspaceId)).toEqual(before);
  });

test('the rows of another’s import are not there to be downloaded', async ({
  theirs,
  stranger,
  unchanged,
}) => {
  const { known, difference } = await toldApart(theirs['imports']!, (id) =>
    stranger.send(`/api/imports/${id}/rows.csv`),
  );
  expect(difference).toBeUndefined();
  expect(known.status).toBe(404);
  await unchanged();
});

test('an upload that would enrol into another’s sequence is refused, and nothing of it stays', async ({
  db,
  theirs,
  stranger,
  unchanged,
}) => {
  const { known, difference } = await toldApart(theirs['sequences']!, (id) => {
    const form = new FormData();
    form.set('file', new Blob(['Email\nann@acme.example\n']), 'leads.csv');
    for (const [name, value] of Object.entries({ start: 'true', enrol: 'true', sequenceId: id }))
      form.set(name, value);
    return stranger.send('/api/imports', form);
  });
  expect(difference).toBeUndefined();
  expect(known.status).toBe(422);
  const kept = await db
    .selectFrom('imports')
    .select('id')
    .where('workspaceId', '=', stranger.workspaceId)
    .execute();
  expect(kept).toEqual([]);
  await unchanged();
});

test('a raw mail that answers another’s message, from their lead to their mailbox, finds nobody', async ({
  db,
  who,
  stranger,
  inside,
  theirs,
}) => {
  const { sequenceId } = await inside((scope) => published(scope, steps));
  const [person] = await inside((scope) => entered(scope, sequenceId));
  await db
    .updateTable('touches')
    .set({ headers: JSON.stringify({ 'Message-ID': '<theirs@throughline.example>' }) })
    .where('id', '=', theirs['touches']!)
    .execute();
  const before = await contentsOf(db, who.workspaceId);
  const answers = [];
  for (const [id, from] of [
    ['theirs@throughline.example', person!.email],
    ['nobodys@throughline.example', 'nobody@acme.example'],
  ] as const) {
    const sent = await stranger.send('/api/sandbox/inbound', answerTo(id, from), 'message/rfc822');
    expect(sent.status).toBe(200);
    const { messageId, ...said } = JSON.parse(String(sent.body)) as Record<string, unknown>;
    expect(messageId).toEqual(expect.any(String));
    answers.push(said);
  }
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]).toMatchObject({ matched: false, match: null, enrolmentIds: [] });
  expect(await contentsOf(db, who.workspaceId)).toEqual(before);
});
const steps = [{ id: 'a', kind: 'email', subject: 'Hi', body: 'Hi' }];

test('a connection takes nothing at the address of another source, and nothing signed with another’s secret', async ({
  serve,
  stranger,
  theirs,
  unchanged,
}) => {
  const own = await stranger.post('/api/connections', { source: 'generic', settings: {} });
  const { secret } = own.body as { secret: string };
  const body = JSON.stringify({ email: 'eve@others.example' });
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const nobody = caller(serve.url, { 'x-webhook-signature': signature });
  for (const source of ['sms-gateway', 'plusvibe', 'resend', 'nothing', '%00']) {
    const { known, difference } = await toldApart(theirs['connections']!, (id) =>
      nobody.post(`/api/webhooks/${source}/${id}`, body),
    );
    expect(difference, source).toBeUndefined();
    expect(known.status, source).toBe(404);
  }
  const there = await nobody.post(`/api/webhooks/generic/${theirs['connections']!}`, body);
  expect(there.status).toBe(401);
  const { id } = own.body as { id: string };
  expect((await nobody.post(`/api/webhooks/generic/${id}`, body)).status).toBe(200);
  await unchanged();
});

test('an unsubscribe link that was tampered with is no link, whatever was put into it', async ({
  db,
  serve,
  who,
  stranger,
  theirs,
  unchanged,
}) => {
  const at = { workspaceId: stranger.workspaceId, actor: 'eve' };
  const leadId = await inWorkspace(db, at, (scope) => aLead(scope));
  const { contactId } = await db
    .selectFrom('leads')
    .select('contactId')
    .where('id', '=', leadId)
    .executeTakeFirstOrThrow();
  const own = signToken(`${stranger.workspaceId} ${contactId}`, key);
  const [, signature] = own.split('.') as [string, string];
  const victim = `${who.workspaceId} ${theirs['contacts']}`;
  const tampered = [
    `${inBase64(victim)}.${signature}`,
    `${inBase64(`${stranger.workspaceId} ${theirs['contacts']}`)}.${signature}`,
    signToken(victim, Buffer.alloc(32, 8)),
    ...[`${inBase64(victim)}.`, inBase64(victim), `${own}x`, own.slice(0, -1)],
    `${inBase64(victim)}.${signature.replace(/./g, 'é')}`,
  ];
  const unknown = await serve.post('/unsubscribe/unknown');
  expect(unknown.status).toBe(404);
  for (const token of tampered) {
    for (const reply of [
      await serve.get(`/unsubscribe/${encodeURIComponent(token)}`),
      await serve.post(`/unsubscribe/${encodeURIComponent(token)}`, 'List-Unsubscribe=One-Click'),
    ]) {
      expect({ token, status: reply.status, body: reply.body }).toEqual({
        ...{ token, status: 404, body: unknown.body },
      });
    }
  }
  await unchanged();
  expect((await caller(serve.url, {}).post(`/unsubscribe/${own}`)).status).toBe(200);
  await unchanged();
});

test('nobody enters a workspace, or looks at an invitation, by its id', async ({
  db,
  who,
  serve,
  theirs,
  unchanged,
}) => {
  const eve = await serve.signedUp('Eve');
  const calls = [
    { table: 'workspaces', ask: (id: string) => eve.post(`/api/workspaces/${id}/activate`) },
    { table: 'invitations', ask: (id: string) => eve.get(`/api/invitations/${id}`) },
    { table: 'invitations', ask: (id: string) => eve.post(`/api/invitations/${id}/accept`) },
  ];
  for (const { table, ask } of calls) {
    const { known, difference } = await toldApart(theirs[table]!, ask);
    expect(difference, table).toBeUndefined();
    expect(known.status, table).toBe(404);
  }
  const me = (await eve.get('/api/auth/me')).body as { workspace: { id: string } };
  expect(me.workspace.id).toBe(eve.workspaceId);
  await unchanged();
  const sequence = await inWorkspace(db, { ...who, actor: 'rep' }, (scope) => aSequence(scope));
  expect((await eve.get(`/api/sequences/${sequence}`)).status).toBe(404);
});

function answerTo(id: string, from: string): string {
  return [
    ...[`From: ${from}`, 'To: sam@ours.example', 'Subject: Re: Hi', `In-Reply-To: <${id}>`],
    ...[`References: <${id}>`, '', 'Please stop.', ''],
  ].join('\r\n');
}

function inBase64(text: string): string {
  return Buffer.from(text).toString('base64url');
}
